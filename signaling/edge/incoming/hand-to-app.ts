/** Hands a request outside of dialogs to the app that was chosen for it. */
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { ControlSession } from '../control/session';
import type { EdgeCore } from '../core';
import { deliver } from '../delivery';
import { answerForApp } from './answer-for-app';
import type { PendingRequest } from './pending-requests';

/** Tells the caller of an INVITE that it has arrived. From then on it is ours to remember. */
export const sayTrying = (core: EdgeCore, transaction: ServerTransaction): void => {
  if (transaction.request.method !== 'INVITE') return;
  core.journal.arrived(transaction);
  transaction.respond(SipResponse.from(transaction.request, 100));
};

/** The same, and tells whoever counts attempts, before anybody is asked. */
export const acceptForNow = (core: EdgeCore, transaction: ServerTransaction): void => {
  if (transaction.request.method === 'INVITE') core.cdr.attempt('network', transaction.request);
  sayTrying(core, transaction);
};

export const handToApp = (core: EdgeCore, transaction: ServerTransaction, session: ControlSession): void => {
  const { request, connection } = transaction;
  const isInvite = request.method === 'INVITE';
  const pending = core.incoming.add({
    transaction,
    owner: core.owners.of(session),
    dialog: undefined,
    timeoutMs: isInvite ? core.limits.inviteTimeoutMs : core.limits.answerTimeoutMs,
    onTimeout: (late) => answerForApp(core, late),
  });
  if (isInvite) transaction.on('cancelled', (cancel) => onCancelled(core, pending, cancel));
  deliver(session, core.clock, { message: request, connection, transactionId: pending.id, dialogId: '' });
};

/** The layer has answered 200 to the CANCEL and 487 to the INVITE; the app only has to know. */
const onCancelled = (core: EdgeCore, pending: PendingRequest, cancel: SipRequest): void => {
  core.incoming.remove(pending.id);
  const { owner, transaction, dialog } = pending;
  core.cdr.stop('network', 'call-canceled', cancel);
  if (dialog) core.dialogs.remove(dialog);
  deliver(owner, core.clock, {
    message: cancel,
    connection: transaction.connection,
    transactionId: pending.id,
    dialogId: dialog?.id ?? '',
  });
};
