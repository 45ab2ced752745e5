/** Expected failures are values: a {@link Result} is either `ok` with a value or not, with a {@link Fault}. */
import type { ErrorCode } from './errors';

/** What went wrong, in a form that a person and a program can read. */
export interface Fault {
  readonly code: ErrorCode;
  /** One sentence that names the thing and, where there is one, the cure. */
  readonly message: string;
  readonly cause?: unknown;
  /** The same in parts, for whoever must say it in another language. */
  readonly about?: FaultDetail;
}

/** A sentence by its key, with what stands in it. */
export interface FaultDetail {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault };

export const ok = <Value>(value: Value): Result<Value> => ({ ok: true, value });

/** A failure that says itself in parts as well, for forms in other languages. */
export const failAbout = (code: ErrorCode, message: string, about: FaultDetail): { ok: false; fault: Fault } => ({
  ok: false,
  fault: { code, message, about },
});

export const fail = (code: ErrorCode, message: string, cause?: unknown): { ok: false; fault: Fault } => ({
  ok: false,
  fault: cause === undefined ? { code, message } : { code, message, cause },
});
