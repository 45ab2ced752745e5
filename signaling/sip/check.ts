/** What every message must satisfy before a transaction may see it (RFC 3261, 8.1.1, 8.2 and 20). */
import type { KnownHeader } from './headers/table';
import { headerName } from './headers/names';
import type { SipMessage, SipRequest } from './message';

/** RFC 3261, 8.1.1. Max-Forwards is mandatory too, but RFC 2543 agents do not send it (16.3, step 3). */
const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'] as const;

interface Rule {
  /** The header's bit in a set of those that must not occur twice (RFC 3261, 7.3.1; RFC 4475, 3.3.8 and 3.3.9), or 0. */
  readonly single: number;
  /** The header beyond the mandatory whose values are read at once, so that their accessors never fail. */
  readonly checked: KnownHeader | undefined;
}

const SINGLE: readonly KnownHeader[] = [
  ...(['from', 'to', 'call-id', 'cseq'] as const),
  ...(['max-forwards', 'content-length', 'content-type', 'expires'] as const),
];
const CHECKED: readonly KnownHeader[] = [
  ...(['contact', 'route', 'record-route'] as const),
  ...(['max-forwards', 'expires', 'content-length'] as const),
];

const RULES: ReadonlyMap<string, Rule> = new Map(
  [...new Set([...SINGLE, ...CHECKED])].map((key): [string, Rule] => [
    key,
    {
      single: SINGLE.includes(key) ? 1 << SINGLE.indexOf(key) : 0,
      checked: CHECKED.includes(key) ? key : undefined,
    },
  ]),
);

/** One sentence about the first thing that is wrong, or undefined. */
export const checkMessage = (message: SipMessage): string | undefined => {
  for (const key of MANDATORY) {
    const values = message.read(key);
    if (!values.ok) return values.fault.message;
    if (values.value.length === 0) return `the ${headerName(key).name} header is missing`;
  }
  let seen = 0;
  for (const { key } of message.headers) {
    const rule = RULES.get(key);
    if (!rule) continue;
    if ((seen & rule.single) !== 0) return `the ${headerName(key).name} header is given twice`;
    seen |= rule.single;
    if (!rule.checked) continue;
    const values = message.read(rule.checked);
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
