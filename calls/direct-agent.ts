/** What those who lead the agents order an agent's seat to be: not ready, or locked until they unlock it. */
import { unreachable } from '../base/errors';
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { agentGone } from './agent-gone';
import type { Call } from './call';
import type { CallContext } from './context';
import { agentsOf } from './desk-view';
import { endCall } from './end';
import { dropGuest } from './merge';
import type { DeskNotReadyReason } from './ports';
import { thirdLost } from './third-lost';
import { extendWrapUp, finishWrapUp, forceWrapUpEnd } from './wrap-up';

export type AgentOrder =
  /** During a contact it is what comes after it. */
  | { readonly do: 'not-ready'; readonly reason: DeskNotReadyReason }
  /**
   * Not ready, and unable to become ready or to call. `stays`: the agent remains signed in; `ends-when-free`: until call
   * and wrap-up are over; `ends`: at once, and the customer goes back to the queue.
   */
  | { readonly do: 'lock'; readonly session: 'stays' | 'ends-when-free' | 'ends' }
  | { readonly do: 'unlock' }
  | { readonly do: 'extend-wrap-up' | 'end-wrap-up' };

/** Errors: `not_found`; `conflict` for a seat that is locked, not locked, or nobody's at the moment. */
export const directAgent = async (ctx: CallContext, agentId: AgentId, order: AgentOrder): Promise<Result<void>> => {
  const agent = ctx.acd.state.agents.get(agentId);
  const name = ctx.directory.agent(agentId)?.displayName;
  if (!agent || name === undefined) return fail('not_found', `There is no agent ${agentId}.`);
  switch (order.do) {
    case 'not-ready':
      if (agent.locked) return fail('conflict', `The seat of ${name} is locked already.`);
      if (agent.intent.kind === 'signed-out') return fail('conflict', `${name} is not signed in.`);
      return ctx.acd.dispatch({ type: 'agent-not-ready', agentId, reason: order.reason });
    case 'lock':
      return lock(ctx, agentId, { isLocked: agent.locked, session: order.session });
    case 'unlock':
      if (!agent.locked) return fail('conflict', `The seat of ${name} is not locked.`);
      return ctx.acd.dispatch({ type: 'agent-unlocked', agentId });
    case 'extend-wrap-up':
      return extendWrapUp(ctx, agentId);
    case 'end-wrap-up':
      return forceWrapUpEnd(ctx, agentId);
    default:
      return unreachable(order);
  }
};

const lock = async (
  ctx: CallContext,
  agentId: AgentId,
  how: { isLocked: boolean; session: 'stays' | 'ends-when-free' | 'ends' },
): Promise<Result<void>> => {
  const locked = how.isLocked ? ok(undefined) : ctx.acd.dispatch({ type: 'agent-locked', agentId });
  if (!locked.ok || how.session === 'stays') return locked;
  if (how.session === 'ends') await takeOffCalls(ctx, agentId);
  // Whoever has a contact or wrap-up still is signed out after it.
  return ctx.acd.dispatch({ type: 'agent-signed-out', agentId, whenDone: true });
};

const takeOffCalls = async (ctx: CallContext, agentId: AgentId): Promise<void> => {
  const own = [...ctx.calls.values()].filter((call) => agentsOf(call).includes(agentId));
  await Promise.all(own.map((call) => ctx.serial.run(call.callId, () => takeOff(ctx, call, agentId))));
  if (ctx.acd.state.agents.get(agentId)?.status.kind !== 'wrap-up') return;
  finishWrapUp(ctx, agentId, { note: '' });
  ctx.acd.dispatch({ type: 'wrap-up-done', agentId });
};

/** As if the agent's browser was gone: nobody else is to suffer for it. */
const takeOff = async (ctx: CallContext, call: Call, agentId: AgentId): Promise<void> => {
  const guest = call.guests.find((one) => one.agentId === agentId);
  if (guest) return dropGuest(ctx, call, { guest, reason: 'locked' });
  if (call.third?.agentId === agentId) return thirdLost(ctx, call, 'unreachable');
  if (call.agentLeg?.agentId === agentId) await agentGone(ctx, call);
  // A call that is being dialled, or with a colleague, has nobody else to go on with.
  if (call.phase.kind !== 'ended' && agentsOf(call).includes(agentId))
    await endCall(ctx, call, { party: 'agent', reason: 'hung-up' });
};
