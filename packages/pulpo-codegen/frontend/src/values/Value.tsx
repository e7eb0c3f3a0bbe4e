import CheckOutlined from "@ant-design/icons-svg/es/asn/CheckOutlined";
import MinusOutlined from "@ant-design/icons-svg/es/asn/MinusOutlined";
import { lazy, Suspense } from "react";

import { Icon } from "@/controls/Icon";
import { kindOf, type Kind } from "@/schema/kinds";
import { valueLabel } from "@/schema/labels";
import { resolved, withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

import { isoDurationText } from "./isoDuration";
import { Nested } from "./Nested";
import { textOf } from "./text";
import { dateTimeText, momentInFull } from "./time";

const Copyable = lazy(async () => ({ default: (await import("./Copyable")).Copyable }));

export interface ValueProps {
  value: unknown;
  schema: JsonSchema;
  /** Where the schema's definitions are. */
  root: JsonSchema;
  name?: string;
  /** A cell of a list has one line, a page as many as it takes. */
  place: "list" | "show";
}

/** A value as people read it; what kind it is says its schema. */
export function Value({ value, schema, root, name = "", place }: ValueProps) {
  if (value === null || value === undefined || value === "") return <Nothing />;
  const kind = kindOf(schema, root, name);
  if (kind === "array" || kind === "object" || kind === "json") {
    return place === "list" ? (
      <Summary value={value} kind={kind} />
    ) : (
      <Nested value={value} schema={schema} root={root} name={name} />
    );
  }
  return <Single value={value} kind={kind} place={place} options={optionsOf(schema, root)} />;
}

function optionsOf(schema: JsonSchema, root: JsonSchema): unknown[] {
  return withoutNull(resolved(schema, root), root).schema.enum ?? [];
}

export function Nothing() {
  return (
    <span className="muted" aria-label="empty">
      –
    </span>
  );
}

interface SingleProps {
  value: unknown;
  kind: Kind;
  place: "list" | "show";
  options: unknown[];
}

function Single({ value, kind, place, options }: SingleProps) {
  const text = String(value);
  switch (kind) {
    case "enum":
      return <span className={`chip chip-${colourOf(text, options)}`}>{valueLabel(value)}</span>;
    case "boolean":
      return value ? (
        <span className="nowrap"><Icon of={CheckOutlined} /> Yes</span>
      ) : (
        <span className="muted nowrap"><Icon of={MinusOutlined} /> No</span>
      );
    case "datetime":
      return (
        <time
          dateTime={text}
          className="number nowrap"
          onPointerEnter={({ currentTarget }) => (currentTarget.title = momentInFull(text))}
        >
          {dateTimeText(text)}
        </time>
      );
    case "date":
    case "integer":
    case "number":
    case "decimal":
      return <span className="number nowrap">{text}</span>;
    case "id":
      return <Id id={text} place={place} />;
    case "url":
      return /^https?:/i.test(text) ? (
        <a href={text} target="_blank" rel="noreferrer noopener" className={short(place)}>{text}</a>
      ) : (
        <>{text}</>
      );
    case "email":
      return place === "show" ? <a href={`mailto:${text}`}>{text}</a> : <Text text={text} place={place} />;
    case "duration":
      return <span className="number nowrap" title={text}>{isoDurationText(text)}</span>;
    default:
      return <Text text={text} place={place} />;
  }
}

const short = (place: "list" | "show") => (place === "list" ? "truncate" : undefined);

function Text({ text, place }: { text: string; place: "list" | "show" }) {
  return place === "list" ? (
    <span className="truncate" title={text.length > 40 ? text : undefined}>{text}</span>
  ) : (
    <span className="prewrap">{text}</span>
  );
}

const ID_SHOWN = 8;

/** The end of an id tells documents apart; the whole one can be copied. */
export function Id({ id, place }: { id: string; place: "list" | "show" }) {
  if (place === "show") {
    return (
      <Suspense fallback={<span className="mono">{id}</span>}>
        <Copyable text={id} />
      </Suspense>
    );
  }
  const text = id.length > ID_SHOWN + 2 ? `…${id.slice(-ID_SHOWN)}` : id;
  return <span className="mono" title={id}>{text}</span>;
}

function Summary({ value, kind }: { value: unknown; kind: Kind }) {
  if (Array.isArray(value)) {
    if (value.length === 0) return <Nothing />;
    const plain = value.every((item) => typeof item !== "object");
    const text = plain ? textOf(value) : `${value.length} ${value.length === 1 ? "item" : "items"}`;
    return <span className="truncate" title={plain ? text : undefined}>{text}</span>;
  }
  const text = kind === "object" ? textOf(value) : JSON.stringify(value);
  return <span className="truncate" title={text}>{text}</span>;
}

const GOOD = /^(active|approved|available|complete(d)?|confirmed|done|enabled|open|ok|paid|published|ready|shipped|success|succeeded|delivered|gold)$/i;
const BAD = /^(blocked|cancel(l)?ed|declined|disabled|error|expired|failed|lost|rejected|refused|overdue)$/i;
const BUSY = /^(draft|in_progress|in_transit|new|pending|placed|processing|queued|running|waiting|hold|on_hold)$/i;
const PALETTE = ["blue", "purple", "teal", "plain"];

/** Words that mean success or failure everywhere have their colours; others one each. */
function colourOf(text: string, options: unknown[]): string {
  if (GOOD.test(text)) return "green";
  if (BAD.test(text)) return "red";
  if (BUSY.test(text)) return "amber";
  return PALETTE[Math.max(0, options.indexOf(text)) % PALETTE.length] ?? "plain";
}
