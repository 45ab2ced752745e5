/** How calls ask other systems over HTTP: bounded in time and in size, never following anybody elsewhere. */
import type { Result } from '../base/result';

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
}

/** The reply's JSON; fails with `timeout`, `not_found`, `unavailable` or `bad_input`. Never rejects. */
export type AskHttp = (question: HttpQuestion) => Promise<Result<unknown>>;
