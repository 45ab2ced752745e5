/** One party of a conversation has hung up and may come back for a while; the other one is kept. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import { callBack } from './call-back';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint, endCall } from './end';
import { part } from './joint';
import { playPromptThenMusic } from './music';
import { stopRecordingAgent, stopRecordingCustomer } from './recording';
import { ringAgentAgain } from './ring-again';

/** The caller hears that somebody is coming, then music; the agent's browser rings again. */
export const awaitAgent = async (ctx: CallContext, call: Call, reanswerMs: number): Promise<void> => {
  const { agentLeg, phase, customer } = call;
  if ((phase.kind !== 'talking' && phase.kind !== 'held') || !agentLeg || !customer) return;
  const { agentId, dialog, endpointId } = agentLeg;
  beginWaiting(ctx, call, { agentId, waitingFor: 'agent', reanswerMs });
  call.log.leave(agentId);
  call.log.enter('hold', { agentId, detail: 'agent-left' });
  void dialog?.hangup('Q.850;cause=16');
  await stopRecordingAgent(ctx, call);
  // Parted first: a supervisor stays in a mix with the agent, which takes nobody whose endpoint is gone.
  await part(ctx, call);
  await closeEndpoint(ctx, endpointId);
  await playPromptThenMusic(ctx, call, 'connecting');
  await ringAgentAgain(ctx, call);
};

/** The caller's dialog is over, since nobody can keep a party that has sent BYE. The agent's stays. */
export const awaitCaller = async (ctx: CallContext, call: Call, reanswerMs: number): Promise<void> => {
  const { agentLeg, phase, customer } = call;
  if ((phase.kind !== 'talking' && phase.kind !== 'held') || !agentLeg || !customer) return;
  beginWaiting(ctx, call, { agentId: agentLeg.agentId, waitingFor: 'caller', reanswerMs });
  call.customer = undefined;
  call.log.leave(call.identity.number);
  call.log.enter('hold', { agentId: agentLeg.agentId, detail: 'caller-left' });
  ctx.log.info(
    { callId: call.callId, trace: call.log.interaction.trace },
    'a caller has hung up; the agent keeps the call',
  );
  await stopRecordingCustomer(ctx, call);
  await closeEndpoint(ctx, customer.endpointId);
  callChanged(ctx, call);
};

const beginWaiting = (
  ctx: CallContext,
  call: Call,
  wait: { agentId: AgentId; waitingFor: 'agent' | 'caller'; reanswerMs: number },
): void => {
  const { agentId, waitingFor, reanswerMs } = wait;
  const untilMs = ctx.clock.nowMs() + reanswerMs;
  call.moveTo({ kind: 'reanswer', agentId, waitingFor, untilMs });
  awaitReturn(ctx, call);
};

/** Ends the call when nobody has come back in time. */
export const awaitReturn = (ctx: CallContext, call: Call): void => {
  const { phase } = call;
  if (phase.kind !== 'reanswer') return;
  const { waitingFor, untilMs } = phase;
  call.reanswerTimer = ctx.clock.after(Math.max(0, untilMs - ctx.clock.nowMs()), () =>
    onCall(ctx, call, async () => {
      if (call.phase.kind !== 'reanswer') return;
      await endCall(ctx, call, { party: waitingFor, reason: 'reanswer-timeout' });
    }),
  );
};

/** The agent wants to go on: the own browser rings once more, or the caller is called. */
export const tryAgain = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase } = call;
  if (phase.kind !== 'reanswer') return fail('conflict', 'Nobody has left this call.');
  if (phase.waitingFor === 'caller') return callBack(ctx, call);
  if (!call.agentLeg?.outgoing) await ringAgentAgain(ctx, call);
  return ok(undefined);
};
