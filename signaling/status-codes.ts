/** SIP statuses and our error codes, both ways (RFC 3261, 21). A code that is missing here does not compile. */
import type { ErrorCode } from '../base/errors';

const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  bad_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 491,
  busy: 486,
  no_answer: 480,
  declined: 603,
  no_route: 404,
  not_acceptable_media: 488,
  timeout: 408,
  overloaded: 503,
  unavailable: 480,
  closed: 487,
  unsupported: 501,
  internal: 500,
};

/** The status with which a fault of this code refuses a request. */
export const statusOfCode = (code: ErrorCode): number => STATUS_OF[code];

const CODE_OF: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  407: 'unauthenticated',
  408: 'timeout',
  410: 'not_found',
  415: 'not_acceptable_media',
  416: 'no_route',
  420: 'unsupported',
  423: 'bad_input',
  430: 'unavailable',
  480: 'unavailable',
  481: 'closed',
  482: 'no_route',
  483: 'no_route',
  484: 'not_found',
  485: 'not_found',
  486: 'busy',
  487: 'closed',
  488: 'not_acceptable_media',
  491: 'conflict',
  500: 'internal',
  501: 'unsupported',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
  505: 'unsupported',
  600: 'busy',
  603: 'declined',
  604: 'not_found',
  606: 'not_acceptable_media',
  607: 'declined',
  608: 'declined',
};

/** The code of a final status other than 2xx; an unknown one counts as the first of its class (RFC 3261, 8.1.3.2). */
export const codeOfStatus = (status: number): ErrorCode => {
  const known = CODE_OF[status];
  if (known) return known;
  if (status < 400) return 'no_route'; // a redirection that is not followed
  return CODE_OF[Math.floor(status / 100) * 100] ?? 'internal';
};
