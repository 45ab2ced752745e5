/**
 * A response that belongs to no transaction. Most are late and mean nothing; a 2xx to an INVITE within a dialog is one
 * that an earlier life of this process has sent, and who sent the 2xx ends the call when nobody acknowledges it
 * (RFC 3261, 13.3.1.4).
 */
import type { SipResponse } from '../../sip/message';
import type { EdgeCore } from '../core';
import { acknowledge } from '../dialog/end-dialog';

export const receiveStrayResponse = (core: EdgeCore, response: SipResponse): void => {
  if (!response.isSuccess || response.cseq.method !== 'INVITE') return;
  const dialog = core.dialogs.matchResponse(response);
  if (dialog?.state === 'confirmed') void acknowledge(core, dialog, response.cseq.number);
};
