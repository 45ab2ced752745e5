/**
 * The session timer of a dialog (RFC 4028): one side refreshes in time, or the other ends the call.
 *
 * A 2xx to INVITE or UPDATE with Session-Expires starts it, one without stops it. Whether a call has one is up to the
 * app, which writes the header (as with drachtio-server); keeping it is up to us.
 */
import type { Timer } from '../../../base/clock';
import type { SipResponse } from '../../sip/message';
import type { EdgeCore } from '../core';
import { ownContact } from '../own-address';
import type { Dialog } from './dialog';
import { acknowledge, endAndTell, SESSION_EXPIRED } from './end-dialog';

/** RFC 4028, section 4: no interval shorter than this is accepted. */
export const MIN_SESSION_S = 90;

/** When a session is refreshed and when it ends, on the wall clock: it goes on in another process. */
export interface SessionDeadlines {
  readonly endsAtMs: number;
  /** Left out: the other side refreshes. */
  readonly refresh: { readonly atMs: number; readonly header: string } | undefined;
}

export class SessionTimer {
  private readonly timers: Timer[] = [];

  constructor(readonly deadlines: SessionDeadlines) {}

  stop(): void {
    for (const timer of this.timers.splice(0)) timer.cancel();
  }

  add(timer: Timer): void {
    this.timers.push(timer);
  }
}

/** Starts the timer anew from a 2xx. @param side which side of that request we are. */
export const followSession = (
  core: EdgeCore,
  dialog: Dialog,
  { response, side }: { readonly response: SipResponse; readonly side: 'uac' | 'uas' },
): void => {
  dialog.sessionTimer?.stop();
  dialog.sessionTimer = undefined;
  const read = response.read('session-expires');
  const interval = read.ok ? read.value[0] : undefined;
  if (!interval || interval.seconds === 0) return;
  const { seconds } = interval;
  const nowMs = core.clock.nowMs();
  startSessionTimer(core, dialog, {
    // Section 10: without a refresh the call ends the lesser of 32 s and a third of the interval before it is over.
    endsAtMs: nowMs + (seconds - Math.min(32, Math.floor(seconds / 3))) * 1_000,
    // Section 7.2: the refresher does so when half of the interval is over.
    refresh:
      interval.params.get('refresher') === side
        ? { atMs: nowMs + seconds * 500, header: `${seconds};refresher=uac` }
        : undefined,
  });
};

/** Waits for these moments; one that has passed is now. */
export const startSessionTimer = (core: EdgeCore, dialog: Dialog, deadlines: SessionDeadlines): void => {
  const timer = new SessionTimer(deadlines);
  dialog.sessionTimer = timer;
  const inMs = (atMs: number): number => Math.max(0, atMs - core.clock.nowMs());
  const { endsAtMs, refresh: due } = deadlines;
  timer.add(core.clock.after(inMs(endsAtMs), () => void expire(core, dialog)));
  if (due) timer.add(core.clock.after(inMs(due.atMs), () => void refresh(core, dialog, due.header)));
};

const expire = async (core: EdgeCore, dialog: Dialog): Promise<void> => {
  if (dialog.state !== 'confirmed') return;
  core.log.info({ dialog: dialog.id }, 'nobody refreshed the session: the call ends');
  await endAndTell(core, dialog, SESSION_EXPIRED);
};

/** Section 7.4: an UPDATE without a body where the other side allows it, else an INVITE that repeats our description. */
const refresh = async (core: EdgeCore, dialog: Dialog, sessionExpires: string): Promise<void> => {
  const method = dialog.peerAllowsUpdate ? 'UPDATE' : 'INVITE';
  const mayInvite = dialog.localSdp !== undefined && dialog.pendingInvite === 'none';
  if (dialog.state !== 'confirmed' || (method === 'INVITE' && !mayInvite)) return;
  const hop = await core.hops.toDialog(dialog);
  if (!hop.ok || !dialog.isListed) return;
  const request = dialog.newRequest(method);
  request.append('Contact', ownContact(hop.value));
  request.append('Supported', 'timer');
  request.append('Session-Expires', sessionExpires);
  core.journal.changed(dialog);
  if (method === 'INVITE') {
    dialog.pendingInvite = 'ours';
    request.append('Content-Type', 'application/sdp');
    request.body = dialog.localSdp ?? Buffer.alloc(0);
  }
  const onFailure = (status: number): void => {
    if (method === 'INVITE') dialog.pendingInvite = 'none';
    // Section 10: with 408 and 481 the dialog is gone; anything else may go on until the interval is over.
    if (status === 408 || status === 481) void expire(core, dialog);
  };
  core.layer.request(request, hop.value, {
    onFinal: (response) => {
      if (!response.isSuccess) return onFailure(response.status);
      if (method === 'INVITE') {
        dialog.pendingInvite = 'none';
        void acknowledge(core, dialog, response.cseq.number);
      }
      dialog.refreshTarget(response);
      followSession(core, dialog, { response, side: 'uac' });
      core.journal.changedSoon(dialog);
    },
    onTimeout: () => onFailure(408),
    onTransportError: () => onFailure(503),
  });
};
