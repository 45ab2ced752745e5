/**
 * The closed table of error codes. Edges map them with an exhaustive `Record`, so a code that one of them forgot does
 * not compile (SIP status in signaling, HTTP status in api).
 */
export const ERROR_CODES = [
  'bad_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'busy',
  'no_answer',
  'declined',
  'no_route',
  'not_acceptable_media',
  'timeout',
  'overloaded',
  'unavailable',
  'closed',
  'unsupported',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error that carries a code of the table; foreign errors become one of these at one door, with `cause`. */
export class SwitchroomError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'SwitchroomError';
  }
}

/** Thrown when something happened that the program holds impossible: a bug, never bad input. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantError';
  }
}

/** Throws an {@link InvariantError} unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** For the default branch of a switch that must be exhaustive: does not compile when a case is missing. */
export const unreachable = (value: never): never => {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
};

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The message of what `fetch` has rejected with: why it failed stands in the cause, such as a refused connection. */
export const causeOf = (error: unknown): string => {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return messageOf(cause ?? error);
};
