import { Skeleton } from "@/controls/Skeleton";

/** What stands in the place of a page that is being read. */
export function Loading() {
  return (
    <div className="page" role="status" aria-label="Loading">
      <Skeleton lines={6} />
    </div>
  );
}
