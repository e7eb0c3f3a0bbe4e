import { Skeleton } from "antd";

/** What stands in the place of a page that is being read. */
export function Loading() {
  return (
    <div className="page" role="status" aria-label="Loading">
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  );
}
