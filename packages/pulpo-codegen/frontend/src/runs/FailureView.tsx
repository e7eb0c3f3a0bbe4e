import { Alert } from "antd";

import type { Failure } from "@/api/runs";

/** Why a run or a step failed, as the server said it. */
export function FailureView({ failure, prefix }: { failure: Failure; prefix?: string }) {
  const title = failure.title ?? "It failed";
  return (
    <Alert
      type="error"
      showIcon
      title={prefix ? `${prefix}: ${title}` : title}
      description={
        <>
          {failure.detail && failure.detail !== failure.title && <div>{failure.detail}</div>}
          {failure.errors?.map((one) => (
            <div key={one.pointer + one.detail}>
              <span className="mono">{one.pointer}</span> {one.detail}
            </div>
          ))}
          {failure.code && <div className="muted mono">{failure.code}</div>}
          {failure.request_id && <div className="muted mono">request {failure.request_id}</div>}
        </>
      }
    />
  );
}
