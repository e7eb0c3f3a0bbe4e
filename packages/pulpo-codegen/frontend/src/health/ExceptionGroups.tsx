import type { ExceptionGroup } from "@/api/selfaware";
import { Section } from "@/app/Section";
import { moment, momentInFull } from "@/values/time";

/** Exceptions by type and place, the most frequent first; each opens to how one came there. */
export function ExceptionGroups({ groups }: { groups: ExceptionGroup[] }) {
  return (
    <Section
      title="Exceptions"
      about="Grouped by type and place."
      empty={groups.length === 0 && "No exception since the start."}
    >
      {groups.map((group) => (
        <details key={`${group.type} ${group.place}`} className="exception">
          <summary>
            <span className="chip chip-red number">{group.count.toLocaleString()} ×</span>
            <strong>{group.type}</strong>
            <span className="mono muted">{group.place}</span>
            <span className="spacer" />
            <time className="muted nowrap" dateTime={group.last_seen} title={momentInFull(group.last_seen)}>
              {moment(group.last_seen).fromNow()}
            </time>
          </summary>
          {group.example.message && <p>{group.example.message}</p>}
          {group.example.cause && <p>Because of {group.example.cause}</p>}
          <pre className="json" tabIndex={0} aria-label={`Traceback of ${group.type}`}>
            {(group.example.traceback ?? []).join("\n") || group.place}
          </pre>
        </details>
      ))}
    </Section>
  );
}
