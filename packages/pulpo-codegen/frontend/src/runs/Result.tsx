import type { ReactNode } from "react";

import { Reference } from "@/resources/Reference";
import { fieldLabel } from "@/schema/labels";
import { resolved, withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";
import { Value } from "@/values/Value";

import { linksOf } from "./links";

interface ResultProps {
  value: unknown;
  schema: JsonSchema;
  /** Where the schema's definitions are. */
  root: JsonSchema;
  /** The models that ids in it may refer to. */
  models: readonly string[];
}

/** What an operation returned: the fields of an object, or any other value by its kind. */
export function Result({ value, schema: given, root, models }: ResultProps) {
  if (value === null || value === undefined) return <p className="muted">It returned nothing.</p>;
  const schema = withoutNull(resolved(given, root), root).schema;
  if (typeof value !== "object" || Array.isArray(value) || !schema.properties) {
    return <Value value={value} schema={schema} root={root} place="show" />;
  }
  const values = value as Record<string, unknown>;
  const links = linksOf({ ...schema, $defs: root.$defs }, models);
  return (
    <dl className="fields">
      {Object.entries(schema.properties).map(([name, field]) => (
        <Pair key={name} label={fieldLabel(name, field.title)}>
          {links[name] ? (
            <Reference value={values[name]} target={links[name]} place="show" />
          ) : (
            <Value value={values[name]} schema={field} root={root} name={name} place="show" />
          )}
        </Pair>
      ))}
    </dl>
  );
}

export function Pair({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
