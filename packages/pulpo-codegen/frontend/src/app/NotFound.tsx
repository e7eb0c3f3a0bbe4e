import { Button } from "antd";
import { Link } from "react-router";

import { paths } from "./paths";

export function NotFound({ what = "page" }: { what?: string }) {
  return (
    <div className="not-found">
      <p className="not-found-code" aria-hidden>404</p>
      <h1>{`There is no such ${what}`}</h1>
      <p className="muted">It may have been deleted, or you may not be permitted to see it.</p>
      <Link to={paths.home}>
        <Button type="primary" tabIndex={-1}>Home</Button>
      </Link>
    </div>
  );
}
