import { Alert, Button } from "antd";

import { Problem } from "@/api/problem";

/** An error of the API where its answer would be, with what the server said. */
export function ProblemView({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof Problem ? error : null;
  // Of one thing that is wrong, the message is what it says.
  const findings = problem?.findings.filter(({ detail }) => detail !== problem.message);
  return (
    <Alert
      type="error"
      showIcon
      title={problem?.title ?? "Something went wrong"}
      description={
        <>
          {error instanceof Error && error.message !== problem?.title && <div>{error.message}</div>}
          {findings?.map((finding) => (
            <div key={finding.pointer + finding.detail}>
              <span className="mono">{finding.pointer}</span> {finding.detail}
            </div>
          ))}
          {problem?.requestId && <div className="muted mono">request {problem.requestId}</div>}
        </>
      }
      action={retry && <Button onClick={retry}>Try again</Button>}
    />
  );
}
