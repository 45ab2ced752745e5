/** How messages are matched to transactions (RFC 3261, 17.1.3 and 17.2.3). */
import type { SipRequest, SipResponse } from '../message';

/** A response belongs to the request with the same branch on top and the same CSeq method. */
export const clientKey = (message: SipRequest | SipResponse): string =>
  `${message.topVia.branch ?? ''}|${message.cseq.method}`;

/**
 * A request belongs to the transaction with the same branch, sent-by and method, where an ACK counts as its INVITE.
 *
 * Without the magic cookie the rules for RFC 2543 agents hold: same Request-URI, From tag, Call-ID, CSeq number and top
 * Via. To be called before the Via is stamped. @param method the method to look for, when not the request's own.
 */
export const serverKey = (request: SipRequest, method: string = request.method): string => {
  const counted = method === 'ACK' ? 'INVITE' : method;
  const via = request.topVia;
  if (via.hasMagicBranch) return `${via.branch}|${via.sentBy}|${counted}`;
  const parts = [request.uri, request.from.tag ?? '', request.callId, request.cseq.number, via.toString(), counted];
  return `2543|${parts.join('|')}`;
};

/**
 * What copies of one request have in common that reached us on different ways (RFC 3261, 8.2.2.2); undefined for a
 * request inside a dialog, which cannot be merged.
 */
export const mergeKey = (request: SipRequest): string | undefined =>
  request.to.tag === undefined
    ? `${request.from.tag ?? ''}|${request.callId}|${request.cseq.number}|${request.method}`
    : undefined;
