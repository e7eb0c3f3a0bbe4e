/** JSON Schema (2020-12) as pydantic writes it; only what is looked at has a name. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  format?: string;
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  readOnly?: boolean;
  [keyword: string]: unknown;
}
