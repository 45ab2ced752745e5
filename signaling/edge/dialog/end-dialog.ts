/** Ends a dialog without its app: the app has gone, or the other side never acknowledged. */
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import type { EdgeCore } from '../core';
import { deliverUnsolicited } from '../delivery';
import type { Dialog } from './dialog';

/** The Reason of a BYE for a session that nobody refreshed (RFC 4028, 10). */
export const SESSION_EXPIRED = 'SIP;cause=408;text="Session timer expired"';

/** The Reason of a BYE for an app that has gone (RFC 3326). */
export const APP_LOST = 'SIP;cause=480;text="Application lost"';

/**
 * Forgets the dialog and sends BYE to the other side.
 * @param reason the Reason header (RFC 3326).
 * @returns the BYE as sent, or undefined when there was no way to send it.
 */
export const endDialog = async (
  core: EdgeCore,
  dialog: Dialog,
  reason: string,
): Promise<{ request: SipRequest; connection: Connection } | undefined> => {
  core.dialogs.remove(dialog);
  if (dialog.method !== 'INVITE') return undefined;
  const hop = await core.hops.toDialog(dialog);
  if (!hop.ok) {
    core.log.warn({ dialog: dialog.id, reason: hop.fault.message }, 'a dialog ended without BYE');
    return undefined;
  }
  const bye = dialog.newRequest('BYE');
  bye.append('Reason', reason);
  core.cdr.stop('application', reason === SESSION_EXPIRED ? 'session-expired' : 'system-initiated-termination', bye);
  const log = (detail: string) => (): void => core.log.info({ dialog: dialog.id, detail }, 'BYE was not answered');
  const transaction = core.layer.request(bye, hop.value, {
    onFinal: () => undefined,
    onTimeout: log('timeout'),
    onTransportError: (fault) => log(fault.message)(),
  });
  return { request: transaction.request, connection: hop.value };
};

/** Nobody has acknowledged our answer in 64*T1 (RFC 3261, 13.3.1.4): BYE, and the app is told. */
export const endUnacknowledged = (core: EdgeCore, dialog: Dialog): void => {
  core.log.warn({ dialog: dialog.id }, 'nobody acknowledged our answer: the dialog ends');
  void endDialog(core, dialog, 'SIP;cause=408;text="ACK timeout"').then((bye) => {
    if (!bye) return;
    const { request: message, connection } = bye;
    deliverUnsolicited(dialog.owner, core.clock, { message, connection, dialogId: dialog.id });
  });
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
