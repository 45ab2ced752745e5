/** The HTTP side of the table of error codes: a code that is forgotten here does not compile. */
import type { ErrorCode } from '../../base/errors';

export const HTTP_STATUS: Record<ErrorCode, number> = {
  bad_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  busy: 409,
  no_answer: 409,
  declined: 409,
  no_route: 422,
  not_acceptable_media: 422,
  timeout: 504,
  overloaded: 429,
  unavailable: 503,
  closed: 410,
  unsupported: 501,
  internal: 500,
};
