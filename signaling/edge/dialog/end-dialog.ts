/** Ends a dialog without its app: the app has gone, or the other side never acknowledged. */
import type { Fault } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import type { ClientTransaction } from '../../sip/transaction/types';
import type { SipRequest } from '../../sip/message';
import type { EdgeCore } from '../core';
import { deliverUnsolicited } from '../delivery';
import { BYE_PATIENCE_MS } from '../next-hops';
import { ownContact } from '../own-address';
import type { Dialog } from './dialog';

/** The Reason of a BYE for a session that nobody refreshed (RFC 4028, 10). */
export const SESSION_EXPIRED = 'SIP;cause=408;text="Session timer expired"';

/** The Reason of a BYE for an app that has gone (RFC 3326). */
export const APP_LOST = 'SIP;cause=480;text="Application lost"';

/**
 * Forgets the dialog and sends BYE to the other side, or to a subscriber the NOTIFY that has it subscribe again.
 * @param reason the Reason header (RFC 3326).
 * @returns the request as sent, or undefined when there was no way to send it.
 */
export const endDialog = async (
  core: EdgeCore,
  dialog: Dialog,
  reason: string,
): Promise<{ request: SipRequest; connection: Connection } | undefined> => {
  core.dialogs.remove(dialog);
  // Our own subscriptions end with the next NOTIFY, which is answered with 481.
  if (dialog.method !== 'INVITE' && (dialog.role === 'uac' || dialog.event === undefined)) return undefined;
  const patienceMs = dialog.method === 'INVITE' ? BYE_PATIENCE_MS : undefined;
  const hop = await core.hops.toDialog(dialog, patienceMs);
  if (!hop.ok) {
    core.log.warn({ dialog: dialog.id, reason: hop.fault.message }, 'a dialog ended without a word');
    return undefined;
  }
  const last = dialog.method === 'INVITE' ? byeOf(core, dialog, reason) : lastNotifyOf(dialog, hop.value);
  const log = (detail: string) => (): void =>
    core.log.info({ dialog: dialog.id, detail }, `${last.method} was not answered`);
  const send = (connection: Connection, onTransportError: (fault: Fault) => void): ClientTransaction =>
    core.layer.request(last, connection, { onFinal: () => undefined, onTimeout: log('timeout'), onTransportError });
  // A browser that has gone before it could answer is told when it is back.
  const again = async (fault: Fault): Promise<void> => {
    const next = dialog.method === 'INVITE' ? await core.hops.toDialog(dialog, patienceMs) : undefined;
    if (next?.ok && next.value !== hop.value) send(next.value, (later) => log(later.message)());
    else log(fault.message)();
  };
  const transaction = send(hop.value, (fault) => void again(fault));
  return { request: transaction.request, connection: hop.value };
};

/** {@link endDialog}, of which its app is told; one that is away when it comes back. */
export const endAndTell = async (core: EdgeCore, dialog: Dialog, reason: string): Promise<void> => {
  const isMissed = dialog.method === 'INVITE' && dialog.owner.awaited;
  if (isMissed) {
    const ended = { id: dialog.id, by: 'failure', reason } as const;
    core.journal.endedUnheard(dialog.owner, ended);
    dialog.owner.noteEnded(ended);
  }
  const bye = await endDialog(core, dialog, reason);
  if (!bye || isMissed) return;
  const { request: message, connection } = bye;
  deliverUnsolicited(dialog.owner, core.clock, { message, connection, dialogId: dialog.id });
};

const byeOf = (core: EdgeCore, dialog: Dialog, reason: string): SipRequest => {
  const bye = dialog.newRequest('BYE');
  bye.append('Reason', reason);
  core.cdr.stop('application', reason === SESSION_EXPIRED ? 'session-expired' : 'system-initiated-termination', bye);
  return bye;
};

/** RFC 6665, section 4.1.3: after `deactivated` the subscriber SHOULD subscribe again at once. */
const lastNotifyOf = (dialog: Dialog, connection: Connection): SipRequest => {
  const notify = dialog.newRequest('NOTIFY');
  notify.append('Contact', ownContact(connection));
  notify.append('Event', dialog.event ?? '');
  notify.append('Subscription-State', 'terminated;reason=deactivated');
  return notify;
};

/** Nobody has acknowledged our answer in 64*T1 (RFC 3261, 13.3.1.4): BYE, and the app is told. */
export const endUnacknowledged = (core: EdgeCore, dialog: Dialog): void => {
  if (dialog.state === 'terminated') return;
  core.log.warn({ dialog: dialog.id }, 'nobody acknowledged our answer: the dialog ends');
  void endAndTell(core, dialog, 'SIP;cause=408;text="ACK timeout"');
};

/** Ends a dialog that its app has forgotten: what would otherwise be the app's to do before a BYE is done first. */
export const abandon = async (core: EdgeCore, dialog: Dialog, reason: string): Promise<void> => {
  // RFC 3261, section 15: the callee MUST NOT send BYE before the ACK to its 2xx has come, or can no longer come.
  if (dialog.awaitedAck?.afterwards(() => void abandon(core, dialog, reason))) return;
  await acknowledgeOwed(core, dialog);
  if (dialog.state === 'confirmed') await endDialog(core, dialog, reason);
};

/** Acknowledges a 2xx of the other side that nobody has acknowledged, if there is one. */
export const acknowledgeOwed = async (core: EdgeCore, dialog: Dialog): Promise<void> => {
  if (dialog.owesAck && dialog.answeredCseq !== undefined) await acknowledge(core, dialog, dialog.answeredCseq);
};

/** Acknowledges a 2xx that no app will acknowledge any more (RFC 3261, 13.2.2.4), so that a BYE can follow. */
export const acknowledge = async (core: EdgeCore, dialog: Dialog, inviteCseq: number): Promise<void> => {
  const hop = await core.hops.toDialog(dialog);
  if (!hop.ok) return;
  const ack = dialog.newAck(inviteCseq);
  dialog.noteAck(ack);
  core.journal.changedSoon(dialog);
  await core.layer.sendAck(ack, hop.value);
};
