import { useState } from "react";

import type { Model } from "@/api/capabilities";
import type { QueryValue } from "@/api/http";
import { useCount } from "@/api/useDocuments";
import { Button } from "@/controls/Button";

interface TotalProps {
  model: Model;
  conditions: Record<string, QueryValue>;
  /** How many fit, where the answer showed it anyway. */
  known: number | null;
  from: number;
  to: number;
}

/** Which documents are on the page, and of how many: counted when somebody asks. */
export function Total({ model, conditions, known, from, to }: TotalProps) {
  const asking = JSON.stringify(conditions);
  const [asked, setAsked] = useState<string | null>(null);
  const count = useCount(model, conditions, known === null && asked === asking);
  const total = known ?? count.data ?? null;
  if (to < from || to === 0) return <span className="muted">Nothing</span>;
  return (
    <span className="muted number" aria-live="polite">
      {from.toLocaleString()}–{to.toLocaleString()}
      {total !== null ? (
        ` of ${total.toLocaleString()}`
      ) : (
        <Button kind="link" small busy={count.isFetching} onClick={() => setAsked(asking)}>
          Count all
        </Button>
      )}
    </span>
  );
}
