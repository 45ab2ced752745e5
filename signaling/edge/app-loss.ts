/** What happens to the calls of an app whose connection is lost. */
import type { Timer } from '../../base/clock';
import { answerForApp } from './incoming/answer-for-app';
import type { ControlSession } from './control/session';
import type { EdgeCore } from './core';
import { acknowledge, APP_LOST, endDialog } from './dialog/end-dialog';

/** Ends them after a short grace, in which answers that are on their way still arrive. */
export class AppLoss {
  private readonly waiting = new Set<Timer>();

  constructor(private readonly core: EdgeCore) {}

  onSessionClosed(session: ControlSession): void {
    const timer = this.core.clock.after(this.core.limits.appLossGraceMs, () => {
      this.waiting.delete(timer);
      this.endCallsOf(session);
    });
    this.waiting.add(timer);
  }

  close(): void {
    for (const timer of this.waiting) timer.cancel();
    this.waiting.clear();
  }

  private endCallsOf(session: ControlSession): void {
    const { core } = this;
    for (const pending of core.incoming.ofSession(session)) {
      core.incoming.remove(pending.id);
      answerForApp(core, pending);
    }
    for (const sent of core.outgoing.ofSession(session)) {
      core.outgoing.remove(sent.id);
      if (sent.transaction.kind === 'invite') sent.transaction.cancel();
    }
    const dialogs = core.dialogs.ofOwner(session).filter((dialog) => dialog.state === 'confirmed');
    if (dialogs.length > 0) core.log.warn({ count: dialogs.length }, 'the calls of a lost app are ended');
    for (const dialog of dialogs) {
      // RFC 3261, section 15: the callee MUST NOT send BYE before the ACK came; then receiveAck ends the dialog.
      if (dialog.awaitedAck) continue;
      const unacknowledged = dialog.answeredCseq !== undefined && dialog.lastAck?.cseq.number !== dialog.answeredCseq;
      const ready = unacknowledged ? acknowledge(core, dialog, dialog.answeredCseq ?? 0) : Promise.resolve();
      void ready.then(() => endDialog(core, dialog, APP_LOST));
    }
  }
}
