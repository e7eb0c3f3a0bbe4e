import CloseCircleFilled from "@ant-design/icons-svg/es/asn/CloseCircleFilled";

import { Problem } from "@/api/problem";

import { Button } from "@/controls/Button";
import { Icon } from "@/controls/Icon";

/** An error of the API where its answer would be, with what the server said. */
export function ProblemView({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof Problem ? error : null;
  // Of one thing that is wrong, the message is what it says.
  const findings = problem?.findings.filter(({ detail }) => detail !== problem.message);
  return (
    <div className="problem" role="alert">
      <Icon of={CloseCircleFilled} className="problem-icon" />
      <div className="problem-body">
        <strong>{problem?.title ?? "Something went wrong"}</strong>
        {error instanceof Error && error.message !== problem?.title && <div>{error.message}</div>}
        {findings?.map((finding) => (
          <div key={finding.pointer + finding.detail}>
            <span className="mono">{finding.pointer}</span> {finding.detail}
          </div>
        ))}
        {problem?.requestId && <div className="muted mono">request {problem.requestId}</div>}
      </div>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}
