/** What media reports, brought to the call that it is about. */
import type { EndpointId, RecordingId } from '../base/ids';
import type { MediaEvent } from '../media/ports';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { foundInSound } from './detection';
import { promptsEnded, takeEnded } from './flow-runner';
import { mediaConnected } from './hold-on';
import { keyDue, keyReceived } from './keys';
import { legOf } from './legs';
import { mediaLost } from './media-lost';
import { recordingFailed, recordingInterrupted } from './recording';
import { recoverLeg } from './recover-media';

export const handleMediaEvent = (ctx: CallContext, event: MediaEvent): void => {
  if (event.type === 'stream-changed') return;
  if ('recordingId' in event) {
    const recorded = [...ctx.calls.values()].find((call) => call.recording?.recordingId === event.recordingId);
    const change = event.type === 'recording-failed' ? 'failed' : 'interrupted';
    if (ctx.conferences.recordingChanged(event.recordingId, change)) return;
    if (recorded) onCall(ctx, recorded, () => recordingChanged(ctx, recorded, event));
    return;
  }
  const callId = ctx.callsByEndpoint.get(event.endpointId);
  const call = callId === undefined ? undefined : ctx.calls.get(callId);
  if (!call) return;
  ctx.quality.wake();
  // Noted at its own moment, whatever the call is busy with.
  if (event.type === 'sending') return ctx.voiceAnswers.sending(call, event.endpointId);
  onCall(ctx, call, () => apply(ctx, call, event));
};

const recordingChanged = (
  ctx: CallContext,
  call: Call,
  event: Extract<MediaEvent, { recordingId: RecordingId }>,
): Promise<void> =>
  event.type === 'recording-failed'
    ? recordingFailed(ctx, call, event.detail)
    : recordingInterrupted(ctx, call, event.recordingId);

const apply = async (
  ctx: CallContext,
  call: Call,
  event: Exclude<Extract<MediaEvent, { endpointId: EndpointId }>, { type: 'sending' }>,
): Promise<void> => {
  switch (event.type) {
    case 'connected':
      return mediaConnected(ctx, call, event.endpointId);
    case 'digit': {
      const leg = legOf(call, event.endpointId);
      return leg && keyReceived(ctx, call, { leg, key: event });
    }
    case 'digit-due':
      return keyDue(ctx, call, event);
    case 'take-ended':
      return takeEnded(ctx, call, event.takeId);
    case 'play-ended':
      if (event.reason === 'failed') ctx.log.error({ callId: call.callId, detail: event.detail }, 'a play failed');
      if (event.reason !== 'stopped') await promptsEnded(ctx, call, event.playId);
      return;
    case 'fax-detected':
    case 'silence-changed':
    case 'answered-by':
    case 'greeting-ended':
      return foundInSound(ctx, call, event);
    case 'sound-changed':
      return ctx.quality.soundChanged(event.endpointId, event.sound);
    case 'endpoint-reopened':
      ctx.quality.soundChanged(event.endpointId, 'none');
      return recoverLeg(ctx, call, event);
    case 'endpoint-lost':
      return mediaLost(ctx, call, event);
  }
};
