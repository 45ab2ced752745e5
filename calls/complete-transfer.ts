/** Attended transfer: the customer goes to whom the agent has consulted, or still lets ring, and the agent is free. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { dropThird } from './drop-third';
import { stopRecordingAgent } from './recording';
import { releaseAgent } from './release-agent';
import { giveCustomer } from './third-answered';
import type { ThirdParty } from './third-party';
import { transferredTo, waitInQueue } from './transfer';

/**
 * A third party that still rings goes on ringing, now for the customer; a queue that has found nobody yet gets the
 * customer, at the place of the first arrival. Must run inside the call's serial queue.
 */
export const completeTransfer = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase, third } = call;
  const isHere = phase.kind === 'consulting' || phase.kind === 'talking' || phase.kind === 'held';
  if (!isHere || third?.purpose !== 'consult') return fail('conflict', 'You are consulting nobody.');
  if (call.guests.length > 0 && !third.isWithAgent) {
    return fail('conflict', 'Wait until the consulted party has answered, or end the consultation.');
  }
  const { agentId } = phase;
  if (third.target.kind === 'queue' && !third.isWithAgent) return intoQueue(ctx, call, third.target.queueId);
  const handed = handOver(ctx, call, third);
  if (!handed.ok) return handed;
  writeTransferDown(ctx, call, { to: third, by: agentId });
  // Agent and third party are parted by what comes next; the customer may be joined with the agent at the moment.
  if (third.isWithAgent) {
    await releaseAgent(ctx, call);
    await giveCustomer(ctx, call);
    return ok(undefined);
  }
  call.moveTo({ kind: 'transferring', by: agentId });
  third.purpose = 'transfer';
  call.log.enter('ringing', { detail: 'transfer', ...(third.agentId !== undefined && { agentId: third.agentId }) });
  await releaseAgent(ctx, call);
  await stopRecordingAgent(ctx, call);
  return ok(undefined);
};

export const writeTransferDown = (ctx: CallContext, call: Call, of: { to: ThirdParty; by: AgentId }): void => {
  const { to: third, by } = of;
  const to = third.agentId === undefined ? third.target : ({ kind: 'agent', agentId: third.agentId } as const);
  call.log.addTransfer({ kind: 'attended', byAgentId: by, to: transferredTo(to) });
  ctx.log.info({ callId: call.callId, by, to: transferredTo(to) }, 'attended transfer');
};

/** The consulted agent's own contact ends, and the customer's takes its place. */
export const handOver = (ctx: CallContext, call: Call, third: ThirdParty): Result<void> => {
  const { contactId } = call;
  const inPlaceOf = third.contactId;
  if (third.agentId === undefined || inPlaceOf === undefined) {
    return ctx.acd.dispatch({ type: 'contact-left', contactId });
  }
  const { agentId } = third;
  const handed = ctx.acd.dispatch({ type: 'contact-handed-over', contactId, agentId, wrapUp: true, inPlaceOf });
  if (!handed.ok) return handed;
  ctx.callsByContact.delete(inPlaceOf);
  third.contactId = undefined;
  if (third.target.kind === 'queue') {
    call.queueId = third.target.queueId;
    call.log.update({ queueId: third.target.queueId });
  }
  return handed;
};

const intoQueue = async (
  ctx: CallContext,
  call: Call,
  queueId: NonNullable<Call['queueId']>,
): Promise<Result<void>> => {
  const { contactId, phase } = call;
  if (phase.kind !== 'consulting') return fail('conflict', 'You are consulting nobody.');
  const moved = ctx.acd.dispatch({ type: 'contact-moved', contactId, queueId, keepPlace: true, wrapUp: true });
  if (!moved.ok) return moved;
  await dropThird(ctx, call, 'consult-ended');
  call.log.addTransfer({ kind: 'blind', byAgentId: phase.agentId, to: { kind: 'queue', id: queueId } });
  await waitInQueue(ctx, call, queueId);
  await releaseAgent(ctx, call);
  await stopRecordingAgent(ctx, call);
  return ok(undefined);
};
