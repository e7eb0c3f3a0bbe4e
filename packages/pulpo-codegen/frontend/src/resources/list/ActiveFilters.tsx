import CloseOutlined from "@ant-design/icons-svg/es/asn/CloseOutlined";

import type { Filterable, ModelDetails } from "@/api/capabilities";
import { Button } from "@/controls/Button";
import { Icon } from "@/controls/Icon";
import { fieldLabel } from "@/schema/labels";
import { textOf } from "@/values/text";

import { useTitles } from "../references";
import { EMPTY, isGroup, type Condition, type Group } from "./filters";
import { filterKind, operatorLabel } from "./operators";
import type { ListState } from "./address";

interface ActiveFiltersProps {
  details: ModelDetails;
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** The conditions of a list in words, each of which can be taken out. */
export function ActiveFilters({ details, state, change }: ActiveFiltersProps) {
  const { filter } = state;
  if (filter.members.length === 0) return null;
  const without = (index: number) =>
    change({ filter: { ...filter, members: filter.members.filter((_, at) => at !== index) } });
  return (
    <div className="toolbar" role="region" aria-label="Filters in use">
      {filter.match === "or" && filter.members.length > 1 && <span className="muted">Any of</span>}
      {filter.members.map((member, index) => (
        <span key={index} className="tag">
          <InWords details={details} member={member} />
          <button type="button" aria-label="Remove this filter" onClick={() => without(index)}>
            <Icon of={CloseOutlined} />
          </button>
        </span>
      ))}
      <Button kind="link" small onClick={() => change({ filter: EMPTY })}>Remove all</Button>
    </div>
  );
}

function InWords({ details, member }: { details: ModelDetails; member: Condition | Group }) {
  if (isGroup(member)) {
    const word = member.match === "and" ? " and " : " or ";
    return (
      <>
        (
        {member.members.map((inner, index) => (
          <span key={index}>
            {index > 0 && <em>{word}</em>}
            <InWords details={details} member={inner} />
          </span>
        ))}
        )
      </>
    );
  }
  const field = details.filters.find((one) => one.name === member.field);
  return field ? <ConditionInWords field={field} condition={member} /> : <>{member.field}</>;
}

function ConditionInWords({ field, condition }: { field: Filterable; condition: Condition }) {
  const kind = filterKind(field);
  const values = Array.isArray(condition.value) ? (condition.value as unknown[]) : [condition.value];
  const titles = useTitles(field.target, field.target ? values.map(String) : []).data ?? {};
  const name = fieldLabel(field.name, field.schema.title);
  const operator = condition.operator;
  if (operator === "null") return <>{name} {condition.value ? "is empty" : "is not empty"}</>;
  const texts = values.map((value) => titles[String(value)] ?? textOf(value, kind));
  return (
    <>
      {name} <span className="muted">{operatorLabel(operator, kind)}</span>{" "}
      {texts.join(operator === "between" ? " and " : ", ")}
    </>
  );
}
