/** After-call work: the agent's note and disposition end it, or the time does. */
import { fail, ok } from '../base/result';
import type { AgentId, CallId } from '../base/ids';
import type { Result } from '../base/result';
import type { CallContext } from './context';
import { callChanged } from './desk-view';

/** How long after its time a wrap-up's text is still taken. */
export const LATE_TEXT_MS = 10 * 60_000;

export interface WrapUpText {
  readonly note: string;
  readonly disposition?: string | undefined;
}

/** The agent is done: the text is kept and the ACD may offer the next contact. */
export const wrapUpDone = (
  ctx: CallContext,
  agentId: AgentId,
  done: WrapUpText & { readonly callId: string },
): Result<void> => {
  const call = ctx.wrapUps.get(agentId);
  if (call?.callId !== done.callId) return addLateText(ctx, agentId, done);
  finishWrapUp(ctx, agentId, done);
  return ctx.acd.dispatch({ type: 'wrap-up-done', agentId });
};

/** How much more time an agent gets at a time, and how far ahead a wrap-up may end. */
export const EXTENSION_MS = 60_000;
export const MAX_AHEAD_MS = 10 * 60_000;

/** The agent needs more time. Errors: `conflict` when there is no such wrap-up, or it has time enough. */
export const extendOwnWrapUp = (ctx: CallContext, agentId: AgentId, callId: CallId): Result<void> =>
  ctx.wrapUps.get(agentId)?.callId === callId
    ? extendWrapUp(ctx, agentId)
    : fail('conflict', 'The wrap-up of this call is over.');

/** Errors: `conflict` when the agent is not in wrap-up, or has time enough. */
export const extendWrapUp = (ctx: CallContext, agentId: AgentId): Result<void> => {
  const status = ctx.acd.state.agents.get(agentId)?.status;
  if (status?.kind !== 'wrap-up') return fail('conflict', 'There is no wrap-up to extend.');
  if (status.untilMs + EXTENSION_MS > ctx.clock.nowMs() + MAX_AHEAD_MS)
    return fail('conflict', 'A wrap-up may end ten minutes ahead at most.');
  return ctx.acd.dispatch({ type: 'wrap-up-extended', agentId, byMs: EXTENSION_MS, contactId: status.contactId });
};

/** By a supervisor: whatever the agent has not written by then may still be sent. Errors: `conflict`. */
export const forceWrapUpEnd = (ctx: CallContext, agentId: AgentId): Result<void> => {
  if (ctx.acd.state.agents.get(agentId)?.status.kind !== 'wrap-up')
    return fail('conflict', 'There is no wrap-up to end.');
  return ctx.acd.dispatch({ type: 'wrap-up-done', agentId });
};

/** The time for wrap-up has run out; what was not written stays empty, unless it still comes. */
export const lapseWrapUp = (ctx: CallContext, agentId: AgentId): void => {
  const call = ctx.wrapUps.get(agentId);
  if (!call) return;
  finishWrapUp(ctx, agentId, { note: '' });
  ctx.lapsedWrapUps.set(agentId, { call, lapsedAtMs: ctx.clock.nowMs() });
};

/** A note of an agent whose connection was lost as the wrap-up ended is kept; the ACD has gone on without it. */
const addLateText = (
  ctx: CallContext,
  agentId: AgentId,
  late: WrapUpText & { readonly callId: string },
): Result<void> => {
  const lapsed = ctx.lapsedWrapUps.get(agentId);
  const inTime = lapsed !== undefined && ctx.clock.nowMs() - lapsed.lapsedAtMs < LATE_TEXT_MS;
  if (!inTime || lapsed.call.callId !== late.callId) return fail('conflict', 'The wrap-up of this call is over.');
  ctx.lapsedWrapUps.delete(agentId);
  lapsed.call.log.reviseWrapUp({ agentId, note: late.note, disposition: late.disposition });
  return ok(undefined);
};

export const finishWrapUp = (ctx: CallContext, agentId: AgentId, text: WrapUpText): void => {
  const call = ctx.wrapUps.get(agentId);
  if (!call) return;
  ctx.wrapUps.delete(agentId);
  const { note, disposition } = text;
  call.log.finishWrapUp(disposition === undefined ? { note, agentId } : { note, disposition, agentId });
  ctx.keeper.look(call.callId);
  // The call itself may go on, with another agent.
  callChanged(ctx, call, { agentId, state: 'ended' });
};

/** Wrap-up may be finished only by the agent who is in it; used before an agent's own call. */
export const mayBeginCall = (ctx: CallContext, agentId: AgentId): Result<void> => {
  const agent = ctx.acd.state.agents.get(agentId);
  if (!agent || agent.status.kind === 'signed-out') return fail('conflict', 'Sign in before you dial.');
  if (agent.status.kind === 'busy' || agent.status.kind === 'offered')
    return fail('conflict', 'You have a call already.');
  if (agent.locked) return fail('forbidden', 'A supervisor has locked your seat; only a supervisor can unlock it.');
  if (!agent.deviceRegistered) return fail('unavailable', 'Your telephone is not connected yet.');
  return ok(undefined);
};
