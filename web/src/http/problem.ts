// A refusal or fault of the server, as RFC 9457 states it, or of the way to it.

import type { FieldError, Problem as Sent } from "../api/types.gen";

export type FieldProblem = FieldError;

/** What the server sends; of what the console finds itself only the code and the status are known. */
export type ProblemBody = Partial<Sent> & Pick<Sent, "code" | "status">;

/** What every call to the server throws. `message` is a sentence in the language of the reader. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly clause: string | null;
  readonly errors: FieldProblem[];
  readonly fields: Record<string, unknown>;
  readonly requestId: string | null;

  constructor(body: ProblemBody) {
    super(body.detail ?? body.title ?? body.code);
    this.name = "Problem";
    this.code = body.code;
    this.status = body.status;
    this.clause = body.clause ?? null;
    this.errors = body.errors ?? [];
    this.fields = body.fields ?? {};
    this.requestId = body.request_id ?? null;
  }
}

/** The codes that the console itself gives, beside those of the server. */
export const UNREACHABLE = "unreachable";
export const UNREADABLE = "unreadable";

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/** Whether the server could not be reached or was busy, so that another try makes sense. */
export function isAway(error: unknown): boolean {
  return isProblem(error) && (error.status === 0 || error.status === 429 || error.status >= 500);
}
