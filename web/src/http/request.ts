// The one way to the server. Decides which headers a request carries, what a refusal becomes, when a
// request is repeated. Knows nothing of React.
import { Problem, type ProblemBody, UNREACHABLE, UNREADABLE } from "./problem";

export const PREFIX = "/api/v1";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type QueryValue = string | number | boolean | null | undefined;
export type Query = Record<string, QueryValue>;

export interface Options {
  query?: Query | undefined;
  /** Sent as JSON, unless it is text, a Blob or FormData. */
  body?: unknown;
  /** Of a text or Blob body. */
  contentType?: string | undefined;
  /** One key for one intent of a person: the same key on every repetition. */
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string> | undefined;
  /** `text` and `blob` for downloads. */
  answer?: "json" | "text" | "blob" | undefined;
}

interface Surroundings {
  lang: string;
  csrf: string | null;
  /** Called on 401 outside the sign-in itself. */
  signedOut: () => void;
  /** Asks the person to prove who they are; false when they turn away. */
  confirm: () => Promise<boolean>;
  /** Milliseconds by which the server's clock is ahead of this machine's. */
  clockAhead: number;
}

export const surroundings: Surroundings = {
  lang: "zh",
  csrf: null,
  signedOut: () => undefined,
  confirm: () => Promise.resolve(false),
  clockAhead: 0,
};

/** Encodes what stands in the path: at`/agreements/${id}/position`. */
export function at(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce(
    (path, part, i) => path + encodeURIComponent(String(values[i - 1] ?? "")) + part,
  );
}

/** The address of a download, for an `href`. */
export function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return PREFIX + path + (text === "" ? "" : `?${text}`);
}

/** A new key for one intent. */
export function intent(): string {
  return crypto.randomUUID();
}

const REPEATS = 2;

/** Asks the server; throws a `Problem` for everything but success. */
export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const key = method === "GET" ? undefined : (options.key ?? intent());
  for (let attempt = 0; ; attempt += 1) {
    const response = await send(method, path, options, key, attempt);
    if (response.ok) return read<T>(response, options.answer ?? "json");
    const problem = await problemOf(response);
    if (problem.code === "confirm_needed" && (await surroundings.confirm())) continue;
    if (problem.status === 401 && !/^\/(session|setup|oidc)(\/|$)/.test(path)) {
      surroundings.signedOut();
    }
    throw problem;
  }
}

async function send(
  method: Method,
  path: string,
  options: Options,
  key: string | undefined,
  attempt: number,
): Promise<Response> {
  const headers = new Headers({
    Accept: "application/json, application/problem+json",
    "Accept-Language": surroundings.lang,
  });
  if (method !== "GET" && surroundings.csrf !== null)
    headers.set("X-CSRF-Token", surroundings.csrf);
  if (key !== undefined) headers.set("Idempotency-Key", key);
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  let body: BodyInit | undefined;
  if (options.body instanceof Blob || options.body instanceof FormData) {
    body = options.body;
    if (options.contentType) headers.set("Content-Type", options.contentType);
  } else if (typeof options.body === "string") {
    body = options.body;
    headers.set("Content-Type", options.contentType ?? "text/plain; charset=utf-8");
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers.set("Content-Type", "application/json");
  }
  try {
    const response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
      redirect: "error",
    } as RequestInit);
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) surroundings.clockAhead = date + 500 - Date.now();
    return response;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    // The key makes it safe to repeat a write of which no answer came.
    if (attempt < REPEATS && (method === "GET" || key !== undefined)) {
      await new Promise((resolve) => setTimeout(resolve, 300 * 4 ** attempt));
      return send(method, path, options, key, attempt + 1);
    }
    throw new Problem({ code: UNREACHABLE, status: 0 });
  }
}

async function read<T>(response: Response, answer: "json" | "text" | "blob"): Promise<T> {
  if (answer === "text") return (await response.text()) as T;
  if (answer === "blob") return (await response.blob()) as T;
  const text = await response.text();
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Problem({
      code: UNREADABLE,
      status: response.status,
      request_id: response.headers.get("X-Request-Id") ?? undefined,
    });
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const request_id = response.headers.get("X-Request-Id") ?? undefined;
  try {
    const body = (await response.json()) as Partial<ProblemBody>;
    return new Problem({
      ...body,
      code: body.code ?? UNREADABLE,
      status: response.status,
      request_id: body.request_id ?? request_id,
    });
  } catch {
    return new Problem({ code: UNREADABLE, status: response.status, request_id });
  }
}
