import dayjs from "dayjs";
import relativeTime from "dayjs/plugin/relativeTime";
import utc from "dayjs/plugin/utc";

dayjs.extend(relativeTime);
dayjs.extend(utc);

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A moment without a zone is UTC: that is what MongoDB stores. */
export function moment(text: string): dayjs.Dayjs {
  return /(Z|[+-]\d\d:?\d\d)$/.test(text) ? dayjs(text) : dayjs.utc(text).local();
}

export function dateTimeText(text: string): string {
  const at = moment(text);
  return at.isValid() ? at.format("YYYY-MM-DD HH:mm") : text;
}

/** All there is to know of a moment: to the second, with its zone, and how long ago it was. */
export function momentInFull(text: string): string {
  const at = moment(text);
  return at.isValid() ? `${at.format("YYYY-MM-DD HH:mm:ss Z")} (${ZONE}), ${at.fromNow()}` : text;
}
