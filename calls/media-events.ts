/** What media reports, brought to the call that it is about. */
import type { MediaEvent } from '../media/ports';
import { agentGone } from './agent-gone';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { endCall } from './end';
import { promptsEnded } from './flow-runner';
import { keyDue, keyReceived } from './keys';
import { legOf } from './legs';
import { ringingMediaLost } from './offer';
import { endingOfLostMedia } from './outcome';
import { recordingFailed } from './recording';
import { dropSupervisor } from './supervise';
import { thirdLost } from './third-lost';

export const handleMediaEvent = (ctx: CallContext, event: MediaEvent): void => {
  if (event.type === 'recording-failed') {
    const recorded = [...ctx.calls.values()].find((call) => call.recording?.recordingId === event.recordingId);
    if (recorded) onCall(ctx, recorded, () => recordingFailed(ctx, recorded, event.detail));
    return;
  }
  const callId = ctx.callsByEndpoint.get(event.endpointId);
  const call = callId === undefined ? undefined : ctx.calls.get(callId);
  if (call) onCall(ctx, call, () => apply(ctx, call, event));
};

const apply = async (
  ctx: CallContext,
  call: Call,
  event: Exclude<MediaEvent, { type: 'recording-failed' }>,
): Promise<void> => {
  switch (event.type) {
    case 'connected':
      ctx.log.debug({ callId: call.callId, endpointId: event.endpointId }, 'media connected');
      return;
    case 'digit': {
      const leg = legOf(call, event.endpointId);
      return leg && keyReceived(ctx, call, { leg, key: event });
    }
    case 'digit-due':
      return keyDue(ctx, call, event);
    case 'play-ended':
      if (event.reason === 'failed') ctx.log.error({ callId: call.callId, detail: event.detail }, 'a play failed');
      if (event.reason !== 'stopped') await promptsEnded(ctx, call, event.playId);
      return;
    case 'endpoint-lost':
      return mediaLost(ctx, call, event);
  }
};

/** The page was closed or reloaded, or its network is gone; the customer is still there. */
const isBrowserGone = (reason: Extract<MediaEvent, { type: 'endpoint-lost' }>['reason']): boolean =>
  reason === 'ice-failed' || reason === 'dtls-failed';

const mediaLost = async (
  ctx: CallContext,
  call: Call,
  event: Extract<MediaEvent, { type: 'endpoint-lost' }>,
): Promise<void> => {
  ctx.log.warn({ callId: call.callId, endpointId: event.endpointId, reason: event.reason }, 'media was lost');
  const supervisor = call.supervisors.find(({ leg }) => leg.endpointId === event.endpointId);
  if (supervisor) return dropSupervisor(ctx, call, { supervisor, reason: 'media-lost' });
  const ofAgent = event.endpointId === call.agentLeg?.endpointId;
  if (ofAgent && call.phase.kind === 'ringing') return ringingMediaLost(ctx, call);
  if (event.endpointId === call.third?.leg?.endpointId) return thirdLost(ctx, call, 'unreachable');
  if (ofAgent && isBrowserGone(event.reason)) return agentGone(ctx, call);
  return endCall(ctx, call, endingOfLostMedia(event.reason));
};
