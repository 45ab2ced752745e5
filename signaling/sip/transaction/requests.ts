/** The two requests that a transaction makes by itself from its INVITE. */
import { SipRequest, type SipResponse } from '../message';

/**
 * The ACK to a 300–699 response (RFC 3261, 17.1.1.3): the INVITE's URI, Call-ID, From, top Via and Routes, the
 * response's To, the same sequence number.
 */
export const ackFor = (invite: SipRequest, response: SipResponse): SipRequest => {
  const ack = fromInvite(invite, 'ACK');
  ack.set('To', response.get('To') ?? '');
  return ack;
};

/** The CANCEL of an INVITE (RFC 3261, 9.1): like the ACK, but with the INVITE's To. */
export const cancelFor = (
  invite: SipRequest,
  headers: readonly (readonly [name: string, value: string])[],
): SipRequest => {
  const cancel = fromInvite(invite, 'CANCEL');
  for (const [name, value] of headers) cancel.append(name, value);
  return cancel;
};

const fromInvite = (invite: SipRequest, method: 'ACK' | 'CANCEL'): SipRequest => {
  const request = new SipRequest({ method, uri: invite.uri, charset: invite.charset });
  request.append('Via', invite.get('Via') ?? '');
  for (const route of invite.getAll('Route')) request.append('Route', route);
  request.append('Max-Forwards', '70');
  for (const name of ['From', 'To', 'Call-ID']) request.append(name, invite.get(name) ?? '');
  request.append('CSeq', `${invite.cseq.number} ${method}`);
  return request;
};
