/** What every message must satisfy before a transaction may see it (RFC 3261, 8.1.1, 8.2 and 20). */
import type { KnownHeader } from './headers/table';
import { headerName } from './headers/names';
import type { SipMessage, SipRequest } from './message';

/** RFC 3261, 8.1.1. Max-Forwards is mandatory too, but RFC 2543 agents do not send it (16.3, step 3). */
const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'] as const;

/** Headers that must not occur twice (RFC 3261, 7.3.1; RFC 4475, 3.3.8 and 3.3.9): each has its bit in a set of them. */
const SINGLE: ReadonlyMap<string, number> = new Map(
  (['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type', 'expires'] as KnownHeader[]).map(
    (key, index) => [key, 1 << index],
  ),
);

/** Headers beyond the mandatory whose values are read at once, so that their accessors never fail. */
const CHECKED: ReadonlySet<string> = new Set<string>([
  'contact',
  'route',
  'record-route',
  'max-forwards',
  'expires',
  'content-length',
] satisfies KnownHeader[]);

/** One sentence about the first thing that is wrong, or undefined. */
export const checkMessage = (message: SipMessage): string | undefined => {
  for (const key of MANDATORY) {
    const values = message.read(key);
    if (!values.ok) return values.fault.message;
    if (values.value.length === 0) return `the ${headerName(key).name} header is missing`;
  }
  let seen = 0;
  for (const { key } of message.headers) {
    const bit = SINGLE.get(key) ?? 0;
    if ((seen & bit) !== 0) return `the ${headerName(key).name} header is given twice`;
    seen |= bit;
    if (!CHECKED.has(key)) continue;
    const values = message.read(key as KnownHeader);
    if (!values.ok) return values.fault.message;
  }
  return message.kind === 'request' ? checkRequest(message) : undefined;
};

const checkRequest = (request: SipRequest): string | undefined => {
  // RFC 3261, 8.1.1.5: "The method MUST match that of the request."
  if (request.cseq.method !== request.method) {
    return `the CSeq header's method '${request.cseq.method}' is not the request's`;
  }
  const uri = request.readUri();
  if (!uri.ok) return `malformed Request-URI: ${uri.fault.message}`;
  // RFC 3261, table 1: headers are not allowed in a Request-URI.
  return uri.value.headers.size > 0 ? 'the Request-URI carries headers' : undefined;
};
