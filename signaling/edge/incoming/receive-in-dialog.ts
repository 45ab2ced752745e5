/** A request within a dialog (RFC 3261, 12.2.2), and the ACK to a 2xx. */
import { randomUUID } from 'node:crypto';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { EdgeCore } from '../core';
import { deliver } from '../delivery';
import type { Dialog } from '../dialog/dialog';
import { APP_LOST, endDialog } from '../dialog/end-dialog';
import { endsSubscription, followNotify } from '../dialog/subscription';
import { leadsOn, passAckThrough } from '../proxy/pass-through';
import { answerForApp, endForApp } from './answer-for-app';
import { sayTrying } from './hand-to-app';

export const receiveInDialog = (core: EdgeCore, transaction: ServerTransaction, request: SipRequest): void => {
  const dialog = core.dialogs.match(request);
  if (!dialog) return refuse(core, transaction, [481]);
  if (dialog.state === 'terminated') {
    // Our BYE is on its way and the other side's has crossed it: both are right.
    transaction.respond(SipResponse.from(request, request.method === 'BYE' ? 200 : 481));
    return;
  }
  if (!dialog.takeCseq(request) && !core.journal.isTakenUp(request))
    return refuse(core, transaction, [500, 'CSeq Out Of Order']);
  dialog.connection = transaction.connection;
  core.journal.changedSoon(dialog);
  if (request.method === 'INVITE' && dialog.pendingInvite !== 'none') return refuseGlare(core, transaction, dialog);
  if (request.method === 'PRACK') return receivePrack(core, dialog, transaction);
  handOver(core, dialog, transaction);
};

/**
 * RFC 3262, section 3. One without a description we answer, and the app is told that its response arrived; one with an
 * offer the app must answer (section 5), and until then nothing that waits for it goes out.
 */
const receivePrack = (core: EdgeCore, dialog: Dialog, transaction: ServerTransaction): void => {
  const { request, connection } = transaction;
  const { reliable } = dialog;
  const rack = request.read('rack');
  if (!reliable?.acknowledge(rack.ok ? rack.value[0] : undefined)) return refuse(core, transaction, [481]);
  if (request.body.length > 0) return handOver(core, dialog, transaction);
  transaction.respond(SipResponse.from(request, 200));
  reliable.proceed();
  if (!dialog.owner.ready) return;
  const names = { transactionId: randomUUID(), dialogId: dialog.id };
  deliver(dialog.owner, core.clock, { message: request, connection, ...names });
};

const handOver = (core: EdgeCore, dialog: Dialog, transaction: ServerTransaction): void => {
  const { request, connection } = transaction;
  const isInvite = request.method === 'INVITE';
  const pending = core.incoming.add({
    transaction,
    owner: dialog.owner,
    dialog,
    timeoutMs: dialog.owner.awaited ? core.limits.absentAnswerTimeoutMs : core.limits.answerTimeoutMs,
    onTimeout: (late) => answerForApp(core, late),
    onOver: (id) => {
      core.overload.answered(id);
      if (request.method === 'BYE') core.journal.endIsKnown(dialog.id);
    },
  });
  if (isInvite) {
    dialog.pendingInvite = 'theirs';
    sayTrying(core, transaction);
    transaction.on('cancelled', (cancel) => {
      dialog.pendingInvite = 'none';
      core.incoming.remove(pending.id);
      const names = { transactionId: pending.id, dialogId: dialog.id };
      deliver(dialog.owner, core.clock, { message: cancel, connection, ...names });
    });
  }
  if (request.method === 'BYE') {
    core.overload.handedOver(pending.id);
    core.cdr.stop('network', 'normal-release', request);
    core.dialogs.remove(dialog);
    if (dialog.owner.awaited) return endForApp(core, pending);
    const ended = { id: dialog.id, by: 'remote', reason: request.get('Reason') } as const;
    core.journal.endedUnheard(dialog.owner, ended);
    dialog.owner.noteEnded(ended);
  } else if (endsSubscription(request, dialog)) core.dialogs.remove(dialog);
  else followNotify(core, dialog, request);
  if (!dialog.owner.ready) {
    core.incoming.remove(pending.id);
    return answerForApp(core, pending);
  }
  deliver(dialog.owner, core.clock, { message: request, connection, transactionId: pending.id, dialogId: dialog.id });
};

/**
 * RFC 3261, section 14.2: while our INVITE is under way theirs MUST be refused with 491; while theirs is, a second one
 * MUST be refused with 500 and a Retry-After of 0 to 10 seconds.
 */
const refuseGlare = (core: EdgeCore, transaction: ServerTransaction, dialog: Dialog): void => {
  if (dialog.pendingInvite === 'ours') return refuse(core, transaction, [491]);
  core.refusals.note('a second INVITE in one dialog', transaction.connection);
  const headers = [['Retry-After', '2']] as const;
  transaction.respond(SipResponse.from(transaction.request, 500, { headers }));
};

const refuse = (core: EdgeCore, transaction: ServerTransaction, [status, reason]: readonly [number, string?]): void => {
  const { request, connection } = transaction;
  const response = SipResponse.from(request, status, { reason });
  core.refusals.note(response.reason, connection, { method: request.method, callId: request.callId });
  transaction.respond(response);
};

/** The ACK to our 2xx. A repeated one has nothing left to stop and is dropped. */
export const receiveAck = (core: EdgeCore, request: SipRequest, connection: Connection): void => {
  if (leadsOn(core, request)) return void passAckThrough(core, request, connection);
  const dialog = core.dialogs.match(request);
  if (!dialog?.awaitedAck || dialog.awaitedAck.cseq !== request.cseq.number) return;
  dialog.awaitedAck.stop();
  dialog.awaitedAck = undefined;
  dialog.pendingInvite = 'none';
  core.journal.changedSoon(dialog);
  if (!dialog.owner.ready) {
    void endDialog(core, dialog, APP_LOST);
    return;
  }
  deliver(dialog.owner, core.clock, {
    message: request,
    connection,
    transactionId: randomUUID(),
    dialogId: dialog.id,
  });
};
