/** Blind transfer: the agent gives the customer away without having asked, and is free. */
import type { AgentId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { TransferredTo } from '../store/interaction';
import type { Call } from './call';
import type { CallContext } from './context';
import { advanceFlow } from './flow-runner';
import { part } from './joint';
import { playMusic } from './music';
import { announceFromNow, goOnWaiting } from './queue-announce';
import { callThirdOutside, ringThirdAgent } from './reach-third';
import { stopRecordingAgent } from './recording';
import { releaseAgent } from './release-agent';
import { ThirdParty } from './third-party';
import type { TransferTarget } from './third-party';
import { findTarget } from './transfer-target';
import type { FoundTarget } from './transfer-target';

/**
 * Gives the customer to an agent, a queue, a flow or a number outside. When nobody answers there, the call comes back
 * (`recall.ts`). `taken` is called before the agent's leg ends. Fails, changing nothing, when the target is not there or cannot take a call. Must run inside the
 * call's serial queue.
 */
export const transferCall = async (
  ctx: CallContext,
  call: Call,
  to: { readonly target: TransferTarget; readonly taken?: () => void },
): Promise<Result<void>> => {
  const { phase } = call;
  if ((phase.kind !== 'talking' && phase.kind !== 'held') || !call.customer) {
    return fail('conflict', 'Only a conversation can be transferred.');
  }
  if (call.third) return fail('conflict', 'Complete or cancel the consultation first.');
  if (call.guests.length > 0) return fail('conflict', 'Leave the call to the others, or let them go first.');
  const found = findTarget(ctx, to.target, phase.agentId);
  if (!found.ok) return found;
  const left = leaveTo(ctx, call, found.value);
  if (!left.ok) return left;
  call.log.addTransfer({ kind: 'blind', byAgentId: phase.agentId, to: transferredTo(found.value) });
  ctx.log.info({ callId: call.callId, by: phase.agentId, to: transferredTo(found.value) }, 'blind transfer');
  if (phase.kind === 'talking') await part(ctx, call);
  await go(ctx, call, { target: found.value, by: phase.agentId });
  to.taken?.();
  await releaseAgent(ctx, call);
  await stopRecordingAgent(ctx, call);
  return ok(undefined);
};

export const transferredTo = (target: FoundTarget): TransferredTo => {
  switch (target.kind) {
    case 'agent':
      return { kind: 'agent', id: target.agentId };
    case 'queue':
      return { kind: 'queue', id: target.queueId };
    case 'flow':
    case 'outside':
      return { kind: target.kind, id: target.number };
  }
};

/** The customer's contact leaves the agent; a queue's and an agent's side of it are taken at the same moment. */
const leaveTo = (ctx: CallContext, call: Call, target: FoundTarget): Result<void> => {
  const { contactId } = call;
  switch (target.kind) {
    case 'agent':
      return ctx.acd.dispatch({ type: 'contact-handed-over', contactId, agentId: target.agentId, wrapUp: true });
    case 'queue':
      return ctx.acd.dispatch({
        type: 'contact-moved',
        contactId,
        queueId: target.queueId,
        keepPlace: true,
        wrapUp: true,
      });
    case 'flow':
    case 'outside':
      return ctx.acd.dispatch({ type: 'contact-left', contactId });
  }
};

const go = async (ctx: CallContext, call: Call, to: { target: FoundTarget; by: AgentId }): Promise<void> => {
  const { target, by } = to;
  switch (target.kind) {
    case 'queue':
      return waitInQueue(ctx, call, target.queueId);
    case 'flow':
      call.flow = target.flow;
      call.queueId = undefined;
      call.moveTo({ kind: 'flow', state: { kind: 'idle' } });
      call.log.settleTransfer('completed');
      call.log.enter('flow');
      return advanceFlow(ctx, call, { type: 'start' });
    case 'agent':
    case 'outside':
      call.moveTo({ kind: 'transferring', by });
      call.third = new ThirdParty(target, 'transfer');
      call.log.enter('ringing', { detail: 'transfer', ...(target.kind === 'agent' && { agentId: target.agentId }) });
      await playMusic(ctx, call);
      return target.kind === 'agent' ? ringThirdAgent(ctx, call, target) : callThirdOutside(ctx, call, target);
  }
};

/** The customer waits in another queue, at the place of the first arrival; the ACD knows already. */
export const waitInQueue = async (
  ctx: CallContext,
  call: Call,
  queueId: NonNullable<Call['queueId']>,
): Promise<void> => {
  call.queueId = queueId;
  call.queuedAtMs = ctx.clock.nowMs();
  call.moveTo({ kind: 'queued', queueId });
  call.log.settleTransfer('completed');
  call.log.update({ queueId });
  call.log.enter('queue', { queueId });
  announceFromNow(ctx, call);
  await goOnWaiting(ctx, call);
};
