/** A response as a proxy passes it on towards the caller. */
import type { SipRequest, SipResponse } from '../../sip/message';

/** A copy without our Via (RFC 3261, 16.7 step 3), if it came from downstream and has one. */
export const responseUp = (response: SipResponse, received: SipRequest): SipResponse => {
  const up = response.clone();
  if (up.vias.length > received.vias.length) up.removeFirst('Via');
  return up;
};
