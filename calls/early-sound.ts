/**
 * Sound of a called party before its answer: a ringing tone, or a tone or an announcement that says why nobody is reached.
 * A ringing tone is silent for two seconds and more again and again, the others are not (ITU-T E.180).
 */
import type { MediaEvent } from '../media/ports';
import type { Call, Leg } from './call';
import type { CallContext } from './context';

/** Longer than any tone of failure pauses, and shorter than any ringing tone does. */
const PAUSE_MS = 1500;

/** The leg has announced sound while it rings. Idempotent. */
export const hearEarlySound = async (ctx: CallContext, call: Call, leg: Leg): Promise<void> => {
  if (leg.earlySound !== undefined) return;
  leg.earlySound = 'steady';
  const begun = await ctx.media.detect(leg.endpointId, { silenceMs: PAUSE_MS });
  if (!begun.ok) ctx.log.warn({ callId: call.callId, fault: begun.fault }, 'a ringing leg is not listened to');
};

/** Whether what was heard is about sound before the answer, and for nobody else. */
export const noteEarlySound = (leg: Leg, { type }: MediaEvent): boolean => {
  if (type !== 'silence-changed' || leg.earlySound === undefined) return false;
  leg.earlySound = 'pausing';
  return true;
};

/** It has answered: what it says from here on is for whom it talks with. */
export const earlySoundOver = (ctx: CallContext, leg: Leg): void => {
  if (leg.earlySound === undefined) return;
  leg.earlySound = undefined;
  void ctx.media.detect(leg.endpointId, {});
};

/**
 * Whether a telephone that was called has said by sound why it refuses. Another tone after its network's own would be one
 * too many; after a ringing tone nobody has said anything yet.
 */
export const hasToldItself = async (ctx: CallContext, leg: Leg | undefined): Promise<boolean> => {
  if (leg?.codec === undefined || leg.earlySound === 'pausing') return false;
  const stats = await ctx.media.stats(leg.endpointId);
  return stats.ok && stats.value.packetsReceived > 0;
};
