/** A party's media are lost for good: what becomes of the call. */
import type { MediaEvent } from '../media/ports';
import { agentGone } from './agent-gone';
import { alsoRingsOn } from './also-ringing';
import type { Call } from './call';
import type { CallContext } from './context';
import { endCall } from './end';
import { dropGuest, outsideLeftToGuests } from './merge';
import { ringingMediaLost } from './offer';
import { endingOfLostMedia } from './outcome';
import { dropSupervisor } from './supervise';
import { thirdLost } from './third-lost';

export type LostMedia = Pick<Extract<MediaEvent, { type: 'endpoint-lost' }>, 'endpointId' | 'reason'>;

/**
 * The page was closed or reloaded, or a network is gone; the customer is still there. A browser that sends nothing is lost
 * by its ICE, a telephone by its silence.
 */
const isTelephoneGone = (reason: LostMedia['reason']): boolean =>
  reason === 'ice-failed' || reason === 'dtls-failed' || reason === 'media-timeout';

export const mediaLost = async (ctx: CallContext, call: Call, event: LostMedia): Promise<void> => {
  ctx.log.warn({ callId: call.callId, endpointId: event.endpointId, reason: event.reason }, 'media was lost');
  const supervisor = call.supervisors.find(({ leg }) => leg.endpointId === event.endpointId);
  if (supervisor) return dropSupervisor(ctx, call, { supervisor, reason: 'media-lost' });
  const guest = call.guests.find(({ leg }) => leg?.endpointId === event.endpointId);
  if (guest) return dropGuest(ctx, call, { guest, reason: 'unreachable' });
  if (event.endpointId === call.outside?.endpointId && call.guests.length > 0) return outsideLeftToGuests(ctx, call);
  const ofAgent = event.endpointId === call.agentLeg?.endpointId;
  const beside = alsoRingsOn(call, event.endpointId);
  if (beside) return ringingMediaLost(ctx, call, beside.offerId);
  if (ofAgent && call.phase.kind === 'ringing') return ringingMediaLost(ctx, call, call.phase.offerId);
  if (event.endpointId === call.third?.leg?.endpointId) return thirdLost(ctx, call, 'unreachable');
  if (ofAgent && isTelephoneGone(event.reason)) return agentGone(ctx, call);
  return endCall(ctx, call, endingOfLostMedia(event.reason));
};
