import { Button, Result } from "antd";
import { useRouteError } from "react-router";

/** A page whose script failed: said plainly, with a way out. */
export function PageFailed() {
  const error = useRouteError();
  return (
    <Result
      status="warning"
      title="This page failed"
      subTitle={error instanceof Error ? error.message : String(error)}
      extra={<Button onClick={() => window.location.reload()}>Reload</Button>}
    />
  );
}
