/** One thing that is wrong with what was sent. `pointer` is a JSON pointer: "#/address/city". */
export interface Finding {
  pointer: string;
  in?: "body" | "query" | "path" | "header";
  detail: string;
  code: string;
}

/** An error of the API as problem details (RFC 9457), or one of the way there. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly requestId: string | undefined;
  /** The current revision, where somebody else changed the document meanwhile (412). */
  readonly etag: string | null;

  constructor(facts: {
    status: number;
    code: string;
    title: string;
    detail?: string;
    findings?: readonly Finding[];
    requestId?: string;
    etag?: string | null;
  }) {
    super(facts.detail || facts.title);
    this.name = "Problem";
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.findings = facts.findings ?? [];
    this.requestId = facts.requestId;
    this.etag = facts.etag ?? null;
  }

  /** Read the problem that an answer holds. */
  static async of(response: Response): Promise<Problem> {
    const body: Record<string, unknown> = await response.json().catch(() => ({}));
    const text = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
    return new Problem({
      status: response.status,
      code: text("code") || String(response.status),
      title: text("title") || response.statusText || `Status ${response.status}`,
      detail: text("detail"),
      findings: Array.isArray(body.errors) ? (body.errors as Finding[]) : [],
      requestId: text("request_id") || undefined,
      etag: response.headers.get("ETag"),
    });
  }

  /** The server was not reached at all. */
  static unreachable(): Problem {
    return new Problem({
      status: 0,
      code: "unreachable",
      title: "The server does not answer",
      detail: "Check the connection, and whether the application is running.",
    });
  }
}

/** The parts of a JSON pointer: "#/lines/0/sku" is ["lines", "0", "sku"]. */
export function pathOf(pointer: string): string[] {
  return pointer
    .replace(/^#?\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decodeURIComponent(part).replace(/~1/g, "/").replace(/~0/g, "~"));
}
