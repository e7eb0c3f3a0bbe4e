import { Button, Result } from "antd";
import { Link } from "react-router";

import { paths } from "./paths";

export function NotFound({ what = "page" }: { what?: string }) {
  return (
    <Result
      status="404"
      title={<h1 className="plain">{`There is no such ${what}`}</h1>}
      subTitle="It may have been deleted, or you may not be permitted to see it."
      extra={
        <Link to={paths.home}>
          <Button type="primary">Home</Button>
        </Link>
      }
    />
  );
}
