/** A transfer that nobody took: the customer returns to the agent who made it, or else to the queue. */
import type { AgentId } from '../base/ids';
import type { Result } from '../base/result';
import type { Call } from './call';
import { contactAttributes } from './contact-attributes';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { endCall } from './end';
import { tellFailure } from './failure-tone';
import { announceAnew } from './queue-announce';
import { callThirdOutside, ringThirdAgent } from './reach-third';
import { ThirdParty } from './third-party';

/** Rings the agent or the phone that had transferred the call. Must run inside the call's serial queue. */
export const recall = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind !== 'transferring') return;
  const { by, phone } = call.phase;
  call.log.settleTransfer('returned');
  if (phone !== undefined) return recallPhone(ctx, call, phone);
  if (by === undefined || !mayReturnTo(ctx, by) || !giveBack(ctx, call, by).ok) return returnToQueue(ctx, call);
  call.third = new ThirdParty({ kind: 'agent', agentId: by }, 'recall');
  call.log.enter('ringing', { agentId: by, detail: 'recall' });
  await ringThirdAgent(ctx, call, { agentId: by });
};

const recallPhone = async (ctx: CallContext, call: Call, extension: string): Promise<void> => {
  const via = { kind: 'phone', userName: extension } as const;
  const target = { kind: 'outside', number: extension, via, srtp: ctx.directory.phone(extension)?.srtp } as const;
  call.third = new ThirdParty(target, 'recall');
  call.log.enter('ringing', { detail: 'recall' });
  await callThirdOutside(ctx, call, target);
};

/** An agent who is writing down this very call takes it back; one with another call does not. */
const mayReturnTo = (ctx: CallContext, agentId: AgentId): boolean => {
  const agent = ctx.acd.state.agents.get(agentId);
  if (!agent?.deviceRegistered || agent.locked) return false;
  const { kind } = agent.status;
  return kind === 'ready' || kind === 'not-ready' || kind === 'wrap-up';
};

const giveBack = (ctx: CallContext, call: Call, agentId: AgentId): Result<void> => {
  const { contactId, queueId } = call;
  if (ctx.acd.state.contacts.has(contactId)) {
    return ctx.acd.dispatch({ type: 'contact-handed-over', contactId, agentId, wrapUp: false });
  }
  const place = { ...(queueId !== undefined && { queueId }), ...arrivalOf(call) };
  return ctx.acd.dispatch({ type: 'contact-begun', contactId, agentId, ...place });
};

const arrivalOf = ({ arrivedAtMs }: Call): { readonly arrivedAtMs?: number } =>
  arrivedAtMs === undefined ? {} : { arrivedAtMs };

/** At the place in line that the customer had. A call without a queue ends, and the customer hears why. */
export const returnToQueue = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.phase.kind !== 'transferring') return;
  const { contactId, queueId } = call;
  if (queueId !== undefined) {
    call.queuedAtMs = ctx.clock.nowMs();
    call.moveTo({ kind: 'queued', queueId });
    call.log.enter('queue', { queueId, detail: 'transfer-failed' });
    const queued = ctx.acd.state.contacts.has(contactId)
      ? ctx.acd.dispatch({ type: 'contact-moved', contactId, queueId, keepPlace: true })
      : ctx.acd.dispatch({
          ...{ type: 'contact-arrived', contactId, queueId, priority: call.priority, ...arrivalOf(call) },
          attributes: contactAttributes(call),
        });
    if (queued.ok) await announceAnew(ctx, call);
    if (queued.ok) return callChanged(ctx, call);
  }
  const ending = { party: 'system', reason: 'transfer-failed', failed: true } as const;
  const { customer, thirdFailure: reason = 'unavailable', phase } = call;
  // The ACD may have refused the contact when the call was in its queue again.
  if (phase.kind !== 'transferring' || !customer) return endCall(ctx, call, ending);
  const { endpointId } = customer;
  await tellFailure(ctx, call, { endpointId, reason, after: { then: 'end', ending } });
};
