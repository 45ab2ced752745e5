/** What happens to the calls of an app whose connection is lost. */
import type { Timer } from '../../base/clock';
import type { AppOwner } from './apps/app-owner';
import type { ControlSession } from './control/session';
import type { EdgeCore } from './core';
import { deliver } from './delivery';
import { abandon, APP_LOST } from './dialog/end-dialog';
import { answerForApp, endForApp } from './incoming/answer-for-app';
import type { PendingRequest } from './incoming/pending-requests';

/**
 * Calls of ours that were on their way are given up after a short grace, in which answers still arrive: whoever comes
 * back has forgotten them. Calls that live and callers who wait end then as well, unless the app has said its name
 * (`apps/introduce.ts`): it has a longer grace to come back, and meanwhile what arrives for its calls waits.
 */
export class AppLoss {
  private readonly waiting = new Set<Timer>();

  constructor(private readonly core: EdgeCore) {}

  onSessionClosed(session: ControlSession): void {
    const { core } = this;
    const owner = core.owners.of(session);
    const pending = core.incoming.ofOwner(owner);
    const wasCurrent = owner.isConnectedBy(session);
    if (wasCurrent) owner.disconnect();
    // Within a dialog that lives on, the app is asked again when it is back; of its callers it is told.
    const isKept = ({ initial, transaction }: PendingRequest): boolean =>
      owner.name !== undefined && (!initial || transaction.kind === 'invite');
    const forgotten = pending.filter((request) => !isKept(request));
    for (const request of pending) if (isKept(request) && !request.initial) this.handOverAgain(request);
    this.after(core.limits.appLossGraceMs, () => {
      for (const request of forgotten) {
        if (core.incoming.find(request.id) !== request) continue;
        core.incoming.remove(request.id);
        answerForApp(core, request);
      }
      for (const sent of core.outgoing.ofSession(session)) {
        core.outgoing.remove(sent.id);
        if (sent.transaction.kind === 'invite') sent.transaction.cancel();
      }
      if (wasCurrent && owner.name === undefined) this.endDialogsOf(owner);
    });
    if (wasCurrent && owner.name !== undefined) this.expect(owner);
  }

  /** An app with calls, or one that was here before this process began, is expected back for so long. */
  expect(owner: AppOwner): void {
    const { core } = this;
    const absence = owner.absences;
    this.after(core.limits.appReturnGraceMs, () => {
      if (!owner.awaited || owner.absences !== absence) return;
      owner.giveUp();
      core.owners.forget(owner);
      core.journal.appGone(owner);
      for (const request of core.incoming.ofOwner(owner)) {
        core.incoming.remove(request.id);
        answerForApp(core, request);
      }
      this.endDialogsOf(owner);
    });
  }

  close(): void {
    for (const timer of this.waiting) timer.cancel();
    this.waiting.clear();
  }

  private after(delayMs: number, run: () => void): void {
    const timer = this.core.clock.after(delayMs, () => {
      this.waiting.delete(timer);
      run();
    });
    this.waiting.add(timer);
  }

  private handOverAgain(pending: PendingRequest): void {
    const { id, transaction, owner, dialog } = pending;
    if (transaction.request.method === 'BYE' && owner.awaited) return endForApp(this.core, pending);
    const { request: message, connection } = transaction;
    deliver(owner, this.core.clock, { message, connection, transactionId: id, dialogId: dialog?.id ?? '' });
  }

  private endDialogsOf(owner: AppOwner): void {
    const { core } = this;
    const dialogs = core.dialogs.ofOwner(owner).filter((dialog) => dialog.state === 'confirmed');
    if (dialogs.length > 0) core.log.warn({ count: dialogs.length }, 'the calls of a lost app are ended');
    // One that waits for an ACK ends with that (receiveAck), or without it (endUnacknowledged).
    for (const dialog of dialogs) if (!dialog.awaitedAck) void abandon(core, dialog, APP_LOST);
  }
}
