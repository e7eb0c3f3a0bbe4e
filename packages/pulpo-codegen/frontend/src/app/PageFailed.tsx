import { useRouteError } from "react-router";

import { Button } from "@/controls/Button";

/** A page whose script failed: said plainly, with a way out. */
export function PageFailed() {
  const error = useRouteError();
  return (
    <div className="not-found" role="alert">
      <h1>This page failed</h1>
      <p className="muted">{error instanceof Error ? error.message : String(error)}</p>
      <Button onClick={() => window.location.reload()}>Reload</Button>
    </div>
  );
}
