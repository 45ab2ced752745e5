/** An app's CANCEL of an INVITE that it sent (RFC 3261, 9.1). */
import { SipRequest } from '../../sip/message';
import type { CancelCommand } from '../control/command';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import { metaOf } from '../delivery';

/** Headers of a CANCEL that an app may set; the rest is the INVITE's. */
const ALLOWED = new Set(['reason', 'x-reason']);

/** The INVITE still ends with a final response: 487, or a 2xx that was faster. */
export const cancel = (core: EdgeCore, session: ControlSession, command: CancelCommand): void => {
  const sent = core.outgoing.find(command.transactionId);
  if (!sent || sent.session !== session || sent.transaction.kind !== 'invite') {
    return session.refuse(command.id, `unable to cancel unknown transaction id: ${command.transactionId}`);
  }
  const { request, connection } = sent.transaction;
  const headers = command.message.headers
    .filter(({ key }) => ALLOWED.has(key))
    .map(({ name, value }): readonly [string, string] => [name, value]);
  sent.cancelled = true;
  sent.transaction.cancel(headers);
  const text = asCancel(request, headers).toText();
  session.confirmSent(command.id, {
    meta: metaOf('application', { text, connection, clock: core.clock }),
    transactionId: sent.id,
    text,
  });
};

/** The CANCEL as the app is shown it. */
const asCancel = (invite: SipRequest, headers: readonly (readonly [name: string, value: string])[]): SipRequest => {
  const shown = new SipRequest({ method: 'CANCEL', uri: invite.uri });
  for (const name of ['Via', 'From', 'To', 'Call-ID']) shown.append(name, invite.get(name) ?? '');
  shown.append('CSeq', `${invite.cseq.number} CANCEL`);
  for (const [name, value] of headers) shown.append(name, value);
  return shown;
};
