import { ButtonLink } from "@/controls/Button";

import { paths } from "./paths";

export function NotFound({ what = "page" }: { what?: string }) {
  return (
    <div className="not-found">
      <p className="not-found-code" aria-hidden>404</p>
      <h1>{`There is no such ${what}`}</h1>
      <p className="muted">It may have been deleted, or you may not be permitted to see it.</p>
      <ButtonLink to={paths.home} kind="primary">Home</ButtonLink>
    </div>
  );
}
