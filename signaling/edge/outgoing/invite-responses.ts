/** The responses to an INVITE of ours that may make a dialog (RFC 3261, 13.2.2). */
import type { SipResponse } from '../../sip/message';
import type { EdgeCore } from '../core';
import type { ControlSession } from '../control/session';
import { deliver } from '../delivery';
import type { Dialog } from '../dialog/dialog';
import { followSession } from '../dialog/session-timer';
import { acknowledge, APP_LOST, endDialog } from '../dialog/end-dialog';

export class InviteResponses {
  /** The dialog of a first INVITE, or the confirmed one within which a re-INVITE was sent. */
  private readonly initial: boolean;
  private answered = false;
  /** Where the INVITE came from. Another connection of the same app knows nothing of it. */
  private readonly sentBy: ControlSession | undefined;

  /** @param transactionId the name under which the app hears of the responses. */
  constructor(
    private readonly core: EdgeCore,
    private readonly dialog: Dialog,
    private readonly transactionId: string,
  ) {
    this.initial = dialog.state === 'early';
    this.sentBy = dialog.owner.session;
  }

  take(response: SipResponse): void {
    if (response.isProvisional) return this.onProvisional(response);
    if (response.isSuccess && this.answered) return this.onFurtherSuccess(response);
    this.answered = true;
    this.dialog.pendingInvite = 'none';
    if (this.initial) this.record(response);
    if (response.isSuccess) this.onSuccess(response);
    else if (this.initial) this.core.dialogs.remove(this.dialog);
    if (response.isSuccess && this.dialog.owner.session !== this.sentBy) return this.acknowledgeForApp(response);
    this.pass(response);
  }

  private record(response: SipResponse): void {
    const { cdr } = this.core;
    if (response.isSuccess) cdr.start('network', 'uac', response);
    else cdr.stop('network', response.status === 487 ? 'call-canceled' : 'call-rejected', response);
  }

  private onProvisional(response: SipResponse): void {
    if (this.initial && response.to.tag !== undefined && this.dialog.remoteTag === undefined) {
      this.dialog.learn(response);
    }
    if (!this.takeRSeq(response)) return;
    this.pass(response);
  }

  /** RFC 3262, section 4: a repeated reliable response, or one out of order, MUST be dropped. */
  private takeRSeq(response: SipResponse): boolean {
    const rseq = response.read('rseq');
    const number = rseq.ok ? rseq.value[0] : undefined;
    // A fork numbers its own responses; only the branch that made our dialog can be acknowledged in it.
    if (number === undefined || response.to.tag !== this.dialog.remoteTag) return true;
    if (this.dialog.lastRSeq !== undefined && number !== this.dialog.lastRSeq + 1) return false;
    this.dialog.lastRSeq = number;
    return true;
  }

  private onSuccess(response: SipResponse): void {
    this.dialog.answeredCseq = response.cseq.number;
    this.dialog.noteSession(undefined, response);
    followSession(this.core, this.dialog, { response, side: 'uac' });
    if (!this.initial) {
      this.dialog.refreshTarget(response);
      return this.core.journal.changed(this.dialog);
    }
    // A 2xx MUST carry a Contact (RFC 3261, 13.3.1.4). Deviation: without one the dialog goes on towards the Request-URI,
    // since drachtio-srf would acknowledge the call and then forget it.
    if (response.contacts.length === 0) response.append('Contact', `<${this.dialog.remoteTarget}>`);
    this.dialog.learn(response);
    if (this.dialog.state === 'early') this.dialog.moveTo('confirmed');
    this.core.journal.changed(this.dialog);
  }

  /** The app that sent the INVITE has gone: its call ends, a change of a call that it had is only acknowledged. */
  private acknowledgeForApp(response: SipResponse): void {
    void acknowledge(this.core, this.dialog, response.cseq.number).then(() =>
      this.initial ? endDialog(this.core, this.dialog, APP_LOST) : undefined,
    );
  }

  /** A repeated 2xx gets its ACK again; a 2xx of another branch of a fork is acknowledged and ended (13.2.2.4). */
  private onFurtherSuccess(response: SipResponse): void {
    const { core, dialog } = this;
    if (response.to.tag === dialog.remoteTag) {
      if (dialog.lastAck?.cseq.number === response.cseq.number) {
        void core.layer.sendAck(dialog.lastAck, dialog.connection);
      }
      return;
    }
    void endFork(core, dialog, response);
  }

  private pass(response: SipResponse): void {
    deliver(this.dialog.owner, this.core.clock, {
      message: response,
      connection: this.dialog.connection,
      transactionId: this.transactionId,
      dialogId: this.dialog.id,
    });
  }
}

const endFork = async (core: EdgeCore, original: Dialog, response: SipResponse): Promise<void> => {
  const fork = original.fork(response);
  await acknowledge(core, fork, response.cseq.number);
  await endDialog(core, fork, 'SIP;cause=200;text="Call completed elsewhere"');
};
