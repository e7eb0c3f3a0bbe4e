/** Words that are written in capitals. */
const CAPITALS = new Set(
  "api css csv db html http iban id ids ip isbn iso json pdf sku ui uri url utc uuid vat xml".split(" "),
);

/** "postal_code", "PostalCode" and "postalCode" as people write it: "Postal code". */
export function inWords(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[\s_.:-]+/)
    .filter((word) => word !== "")
    .map((word) => {
      const small = word.toLowerCase();
      return CAPITALS.has(small) ? small.toUpperCase().replace(/IDS$/, "IDs") : small;
    });
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The title of a field, unless it is the one that pydantic makes of the name. */
export function fieldLabel(name: string, title?: unknown): string {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const words = inWords(last);
  if (typeof title !== "string" || title.toLowerCase() === last.replace(/_/g, " ").toLowerCase()) {
    return name.includes(".") ? `${inWords(name.slice(0, name.lastIndexOf(".")))} › ${words}` : words;
  }
  // The title of a class that stands in the field's place says less than the field's name.
  return /^[A-Z][A-Za-z0-9]*$/.test(title) && !title.includes(" ") ? words : title;
}

export function valueLabel(value: unknown): string {
  // Two letters are a unit or a code: "ml", "de".
  return typeof value === "string" && value.length > 2 && /^[A-Za-z][A-Za-z0-9_-]*$/.test(value) && value !== value.toUpperCase()
    ? inWords(value)
    : String(value);
}

interface Labelled {
  name: string;
  collection: string;
  ui: { label?: string; plural?: string };
}

/** What one document is called: "Stock movement". */
export const modelLabel = (model: Labelled) => model.ui.label ?? inWords(model.name);

/** What several are called: "Stock movements". */
export const modelPlural = (model: Labelled) => model.ui.plural ?? inWords(model.collection);

/** "1 customer", "3 customers". */
export const counted = (model: Labelled, count: number) =>
  `${count.toLocaleString()} ${(count === 1 ? modelLabel(model) : modelPlural(model)).toLowerCase()}`;

/** The first paragraph of a docstring, on one line. */
export const firstParagraph = (text: string) =>
  text.trim().split(/\n\s*\n/)[0]?.replace(/\s+/g, " ") ?? "";
