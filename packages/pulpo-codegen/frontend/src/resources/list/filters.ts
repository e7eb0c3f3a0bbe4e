/**
 * The conditions of a list. A group is what `filter=` of the API takes, read into a form that is
 * easy to change: `{"and": [{"age": {"gte": 18}}, {"or": […]}]}`.
 */
export interface Condition {
  field: string;
  operator: string;
  value: unknown;
}

export interface Group {
  match: "and" | "or";
  members: (Condition | Group)[];
}

export const EMPTY: Group = { match: "and", members: [] };
/** The API takes six groups in each other; more than three nobody reads. */
export const DEEPEST = 3;

export const isGroup = (member: Condition | Group): member is Group => "match" in member;

type Json = Record<string, unknown>;

/** The group as the API takes it, `undefined` where there is no condition. */
export function toFilter(group: Group): Json | undefined {
  const members = group.members
    .map((member) => (isGroup(member) ? toFilter(member) : toComparison(member)))
    .filter((member) => member !== undefined);
  return members.length === 0 ? undefined : { [group.match]: members };
}

function toComparison({ field, operator, value }: Condition): Json | undefined {
  if (field === "" || !isComplete(operator, value)) return undefined;
  return { [field]: { [operator]: value } };
}

/** Whether a condition says what to compare with: others are being written still. */
export function isComplete(operator: string, value: unknown): boolean {
  if (Array.isArray(value)) {
    return operator === "between" ? value.length === 2 && value.every(isGiven) : value.length > 0;
  }
  return isGiven(value);
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

/** Read a group of the URL; what is none of ours is left out, and nothing fails. */
export function fromText(text: string | null): Group {
  if (!text) return EMPTY;
  try {
    return fromFilter(JSON.parse(text) as Json) ?? EMPTY;
  } catch {
    return EMPTY;
  }
}

function fromFilter(json: unknown): Group | undefined {
  if (!json || typeof json !== "object") return undefined;
  for (const match of ["and", "or"] as const) {
    const members = (json as Json)[match];
    if (Array.isArray(members)) {
      return { match, members: members.flatMap((member) => fromMember(member)) };
    }
  }
  return { match: "and", members: fromMember(json) };
}

function fromMember(json: unknown): (Condition | Group)[] {
  if (!json || typeof json !== "object") return [];
  return Object.entries(json).flatMap(([field, compared]): (Condition | Group)[] => {
    if (field === "and" || field === "or") {
      const group = fromFilter({ [field]: compared });
      return group ? [group] : [];
    }
    if (!compared || typeof compared !== "object") return [{ field, operator: "eq", value: compared }];
    return Object.entries(compared).map(([operator, value]) => ({ field, operator, value }));
  });
}

/** How many conditions there are. */
export function countOf(group: Group): number {
  return group.members.reduce((sum, member) => sum + (isGroup(member) ? countOf(member) : 1), 0);
}
