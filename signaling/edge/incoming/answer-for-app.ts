/** Answers a request whose app took too long or has gone. */
import { SipResponse } from '../../sip/message';
import type { EdgeCore } from '../core';
import type { PendingRequest } from './pending-requests';

export const answerForApp = (core: EdgeCore, pending: PendingRequest): void => {
  const { transaction, dialog } = pending;
  const { request, connection } = transaction;
  core.refusals.note('the app did not answer', connection, { method: request.method, uri: request.uri });
  transaction.respond(SipResponse.from(request, statusFor(pending), { toTag: dialog?.localTag ?? transaction.toTag }));
  if (request.method === 'PRACK') dialog?.reliable?.proceed();
  if (!dialog || request.method !== 'INVITE') return;
  if (pending.initial) core.dialogs.remove(dialog);
  else dialog.pendingInvite = 'none';
};

/** A BYE is always right. RFC 4320, section 4.2 forbids 408 to anything but INVITE. */
const statusFor = ({ transaction, owner }: PendingRequest): number => {
  if (transaction.request.method === 'BYE') return 200;
  if (!owner.ready) return 503;
  return transaction.request.method === 'INVITE' ? 408 : 500;
};
