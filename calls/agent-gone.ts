/** The agent's telephone is gone in the middle of a conversation: the customer goes back to the queue, first in line. */
import type { Call } from './call';
import { completeTransfer } from './complete-transfer';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { dropThird } from './drop-third';
import { closeEndpoint, endCall } from './end';
import { leaveToGuests } from './merge';
import { playMusic } from './music';
import { announceAnew } from './queue-announce';
import { stopRecordingAgent } from './recording';
import { leaveWithAgent } from './supervision';

/**
 * Must run inside the call's serial queue. Whom the agent has consulted takes the customer; a call that the agent dialled
 * has no queue to go back to and ends.
 */
export const agentGone = async (ctx: CallContext, call: Call): Promise<void> => {
  if (call.guests.length > 0 && (await leaveToGuests(ctx, call)).ok) return;
  if (call.third?.purpose === 'consult') {
    if (call.third.isWithAgent && (await completeTransfer(ctx, call)).ok) return;
    await dropThird(ctx, call, 'browser-lost');
  }
  const { phase, queueId, agentLeg } = call;
  const { kind } = phase;
  if ((kind !== 'talking' && kind !== 'held' && kind !== 'consulting') || !agentLeg) return;
  if (queueId === undefined) return endCall(ctx, call, { party: 'agent', reason: 'browser-lost', failed: true });
  const { agentId, endpointId, dialog } = agentLeg;
  ctx.log.warn({ callId: call.callId, agentId }, "an agent's telephone is gone; the caller goes back to the queue");
  call.moveTo({ kind: 'queued', queueId });
  call.log.leave(agentId);
  call.log.enter('queue', { queueId, detail: 'browser-lost' });
  callChanged(ctx, call, { agentId, state: 'ended', endReason: 'browser-lost' });
  call.agentLeg = undefined;
  void dialog?.hangup();
  await stopRecordingAgent(ctx, call);
  await closeEndpoint(ctx, endpointId);
  await leaveWithAgent(ctx, call, agentId);
  await playMusic(ctx, call);
  const requeued = ctx.acd.dispatch({ type: 'agent-lost', contactId: call.contactId });
  if (requeued.ok) return announceAnew(ctx, call);
  ctx.log.error({ callId: call.callId, fault: requeued.fault }, 'the ACD did not take a contact back');
  await endCall(ctx, call, { party: 'agent', reason: 'browser-lost', failed: true });
};
