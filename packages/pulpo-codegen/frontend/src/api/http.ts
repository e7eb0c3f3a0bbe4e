import { urlOf } from "./base";
import { credentialHeaders } from "./credentials";
import { Problem } from "./problem";

export type QueryValue = string | number | boolean | undefined | null;

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Record<string, QueryValue>;
  body?: unknown;
  /** The revision that a change is meant for; the answer is 412 where it is not current. */
  ifMatch?: string | null;
  /** Does a creation or an operation once, however often it is sent. */
  idempotencyKey?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  status: number;
  etag: string | null;
  location: string | null;
}

/** Send a request of the API and read its JSON answer. Throws `Problem` for every other answer. */
export async function send<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  const response = await fetched(path, call);
  const text = await response.text();
  return {
    data: (text === "" ? undefined : JSON.parse(text)) as T,
    status: response.status,
    etag: response.headers.get("ETag"),
    location: response.headers.get("Location"),
  };
}

/** Send a request and return the answer unread, for downloads and streams. */
export async function fetched(path: string, call: Call = {}): Promise<Response> {
  const url = urlOf(path);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== null && value !== "") {
      url.searchParams.append(name, String(value));
    }
  }
  const headers: Record<string, string> = { Accept: "application/json", ...credentialHeaders() };
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  if (call.ifMatch) headers["If-Match"] = call.ifMatch;
  if (call.idempotencyKey) headers["Idempotency-Key"] = call.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(url, {
      method: call.method ?? "GET",
      headers: { ...headers, ...call.headers },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: call.signal,
      credentials: "omit",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Problem.unreachable();
  }
  if (!response.ok) throw await Problem.of(response);
  return response;
}
