/** A dialog of drachtio-srf for one that another process has had: it makes them only from messages that it has seen. */
import Srf from 'drachtio-srf';
import type { DialogRecord } from '../records';
import { connectionOf } from './srf-client';
import type { SrfClient, SrfDialog } from './srf-types';

interface Classes {
  readonly SipMessage: new (parts: object) => object;
  readonly Dialog: new (srf: SrfClient, type: DialogRecord['role'], messages: object) => SrfDialog;
}

/** drachtio-srf reads nothing of these addresses but their tags. */
const NOBODY = 'sip:nobody.invalid';

/**
 * Requests within the dialog reach it from now on, and wait until it is told that it need not queue them.
 * @returns undefined without a connection, or when drachtio-srf has this dialog already.
 */
export const rebuildDialog = (srf: SrfClient, record: DialogRecord): SrfDialog | undefined => {
  const connection = connectionOf(srf);
  if (!connection || srf.findDialogById(record.id)) return undefined;
  const { SipMessage, Dialog } = Srf as unknown as Classes;
  const { id: stackDialogId, role, localSdp, remoteSdp, contact, target } = record;
  const { callId, localTag, remoteTag } = record.name;
  const message = (of: { from: string; to: string; contact: string; body: string }): object => {
    const headers = { 'call-id': callId, from: tagged(of.from), to: tagged(of.to), contact: of.contact };
    const parts = new SipMessage({ method: 'INVITE', uri: target, headers, body: of.body });
    return Object.assign(parts, { ...connection, stackDialogId });
  };
  const [asked, answered] = role === 'uas' ? [remoteTag, localTag] : [localTag, remoteTag];
  const ours = message({ from: asked, to: answered, contact: contact ?? `<${NOBODY}>`, body: localSdp });
  const theirs = message({ from: asked, to: answered, contact: `<${target}>`, body: remoteSdp });
  const messages = role === 'uas' ? { req: theirs, res: theirs, sent: ours } : { req: ours, res: theirs };
  const dialog = new Dialog(srf, role, messages);
  Object.assign(dialog.local, { contact });
  dialog.queueRequests = true;
  srf.addDialog(dialog);
  return dialog;
};

const tagged = (tag: string): string => `<${NOBODY}>;tag=${tag}`;
