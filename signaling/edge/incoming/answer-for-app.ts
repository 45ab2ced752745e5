/** Answers a request whose app took too long or has gone. */
import { randomInt } from 'node:crypto';
import { SipResponse } from '../../sip/message';
import type { EdgeCore } from '../core';
import type { PendingRequest } from './pending-requests';

export const answerForApp = (core: EdgeCore, pending: PendingRequest): void => {
  const { transaction, dialog } = pending;
  const { request, connection } = transaction;
  pending.owner.withdraw(pending.id);
  core.refusals.note('the app did not answer', connection, { method: request.method, uri: request.uri });
  const status = statusFor(pending);
  const headers = status === 500 ? [['Retry-After', String(randomInt(1, 10))] as const] : [];
  transaction.respond(SipResponse.from(request, status, { headers, toTag: dialog?.localTag ?? transaction.toTag }));
  if (request.method === 'PRACK') dialog?.reliable?.proceed();
  if (!dialog || request.method !== 'INVITE') return;
  if (pending.initial) core.dialogs.remove(dialog);
  else dialog.pendingInvite = 'none';
};

/**
 * An app that is away has not seen this BYE: it is answered, and the app is told when it is back. Written down before the
 * answer, after which nobody repeats the BYE.
 */
export const endForApp = (core: EdgeCore, pending: PendingRequest): void => {
  const { owner, dialog, transaction, id } = pending;
  core.incoming.remove(id);
  if (dialog) {
    const ended = { id: dialog.id, by: 'remote', reason: transaction.request.get('Reason') } as const;
    core.journal.endedUnheard(owner, ended);
    owner.noteEnded(ended);
  }
  transaction.respond(SipResponse.from(transaction.request, 200, { toTag: dialog?.localTag }));
};

/**
 * A BYE is always right. RFC 4320, section 4.2 forbids 408 to anything but INVITE; within a dialog it would end the call
 * (RFC 3261, 12.2.1.2), where 500 with Retry-After has the change tried again (14.1).
 */
const statusFor = ({ transaction, owner, initial }: PendingRequest): number => {
  if (transaction.request.method === 'BYE') return 200;
  if (!owner.ready) return 503;
  return transaction.request.method === 'INVITE' && initial ? 408 : 500;
};
