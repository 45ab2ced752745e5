/** A call leaves a conference room: it hears why, and goes on with its flow or ends. */
import type { Call } from '../call';
import type { CallContext } from '../context';
import { endCall } from '../end';
import { advanceFlow } from '../flow-runner';
import { setVariables } from '../set-variables';
import { sayTo } from './speak';
import { REFUSAL_PROMPTS } from './visit';
import type { Departure, Refusal, VisitEnd } from './visit';

const DEPARTURE_PROMPTS: Readonly<Record<Departure, readonly string[]>> = {
  left: ['goodbye'],
  removed: ['conference-removed'],
  ended: ['conference-ended'],
};

/** The caller is not let in. Must run inside the call's serial queue. */
export const refuseEntry = (ctx: CallContext, call: Call, why: Refusal): Promise<void> =>
  tellAndLeave(ctx, call, { end: { kind: 'refused', why }, prompts: REFUSAL_PROMPTS[why] });

/** The caller was in the conference and is no more. Must run inside the call's serial queue. */
export const departed = async (ctx: CallContext, call: Call, how: Departure): Promise<void> => {
  if (call.phase.kind === 'alerting') return endCall(ctx, call, endingOf({ kind: 'departed', how }));
  if (call.phase.kind !== 'conference' || call.visit?.kind === 'leaving') return;
  if (call.customer) await ctx.media.leaveMix(call.customer.endpointId);
  await tellAndLeave(ctx, call, { end: { kind: 'departed', how }, prompts: DEPARTURE_PROMPTS[how] });
};

const tellAndLeave = async (
  ctx: CallContext,
  call: Call,
  told: { readonly end: VisitEnd; readonly prompts: readonly string[] },
): Promise<void> => {
  call.flowTimer?.cancel();
  const room = call.visit && 'room' in call.visit ? call.visit.room : undefined;
  call.visit = { kind: 'leaving', end: told.end };
  if (!(await sayTo(ctx, call, { prompts: told.prompts, room }))) await leaveVisit(ctx, call, told.end);
};

/** Where the call goes on. */
export const leaveVisit = async (ctx: CallContext, call: Call, end: VisitEnd): Promise<void> => {
  if (call.phase.kind !== 'conference') return;
  const { flow } = call.phase;
  call.visit = undefined;
  const said = end.kind === 'refused' ? end.why : end.how;
  if (!flow) return endCall(ctx, call, endingOf(end));
  call.moveTo({ kind: 'flow', state: flow });
  call.log.enter('flow');
  setVariables(ctx, call, { 'conference-end': said });
  await advanceFlow(ctx, call, { type: 'acted', done: end.kind === 'departed' });
};

/** Of a call that has no flow: somebody who was invited. */
const endingOf = (end: VisitEnd): Parameters<typeof endCall>[2] => {
  if (end.kind === 'refused') return { party: 'system', reason: 'conference-not-entered' };
  if (end.how === 'left') return { party: 'called', reason: 'hung-up' };
  return end.how === 'removed'
    ? { party: 'system', reason: 'conference-removed' }
    : { party: 'system', reason: 'conference-ended' };
};
