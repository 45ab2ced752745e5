/**
 * Why nobody was reached, told by a tone to somebody who has been answered and would otherwise hear nothing: busy,
 * congestion, or special information (ITU-T E.180 and E.182). Who has not been answered is told by SIP's status.
 */
import { newId } from '../base/ids';
import type { EndpointId, PlayId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { endCall } from './end';
import { advanceFlow } from './flow-runner';
import type { AfterFailure } from './phase';
import { countryFor } from './tone-country';

type FailureTone = 'busy' | 'congestion' | 'special-information';

/** The party is engaged, or says so. */
const BUSY: readonly string[] = ['busy', 'declined'];
/** Dialling once more would not help: the number is not in use, cannot be reached from here, or may not be called. */
const OF_NO_USE: readonly string[] = ['not-found', 'no-route', 'forbidden', 'bad-input'];

/** @param reason an error code in the form of a reason, such as `no-answer`. */
export const toneOfFailure = (reason: string): FailureTone => {
  if (BUSY.includes(reason)) return 'busy';
  return OF_NO_USE.includes(reason) ? 'special-information' : 'congestion';
};

interface Told {
  readonly endpointId: EndpointId;
  readonly reason: string;
}

/** The tone alone, until it is over or the party hears something else. Undefined when none is to be heard. */
export const playFailure = async (
  ctx: CallContext,
  call: Call,
  { endpointId, reason }: Told,
): Promise<PlayId | undefined> => {
  const { failureMs: durationMs } = ctx.tones;
  if (durationMs === 0) return undefined;
  const playId = newId<PlayId>();
  const tone = toneOfFailure(reason);
  const sources = [{ kind: 'tone', tone, durationMs, ...countryFor(ctx, call, endpointId) }] as const;
  const playing = await ctx.media.play({ playId, endpointId, sources });
  if (playing.ok) return playId;
  ctx.log.error({ callId: call.callId, tone, fault: playing.fault }, 'a tone could not be played');
  return undefined;
};

/** Plays the tone; the call goes on, or ends, when it is over. Must run inside the call's serial queue. */
export const tellFailure = async (
  ctx: CallContext,
  call: Call,
  told: Told & { readonly after: AfterFailure },
): Promise<void> => {
  call.moveTo({ kind: 'failing', after: told.after });
  call.playId = await playFailure(ctx, call, told);
  callChanged(ctx, call);
  if (call.playId === undefined) await failureTold(ctx, call);
};

/** The tone is over. */
export const failureTold = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind !== 'failing') return;
  const { after } = call.phase;
  if (after.then === 'end') return endCall(ctx, call, after.ending);
  call.moveTo({ kind: 'flow', state: after.state });
  call.log.enter('flow');
  await advanceFlow(ctx, call, { type: 'acted', done: false });
};

/** The agent has heard enough of why whom it consulted was not reached. */
export const stopFailureToAgent = async (ctx: CallContext, call: Call): Promise<void> => {
  const { agentTone } = call;
  call.agentTone = undefined;
  if (agentTone !== undefined) await ctx.media.stopPlay(agentTone);
};
