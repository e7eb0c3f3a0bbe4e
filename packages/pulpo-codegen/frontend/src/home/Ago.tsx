import { moment, momentInFull } from "@/values/time";

/** How long ago something was. */
export function Ago({ at }: { at: string }) {
  return (
    <time className="home-ago muted nowrap" dateTime={at} title={momentInFull(at)}>
      {moment(at).fromNow()}
    </time>
  );
}
