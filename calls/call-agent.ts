/** Somebody calls an agent's extension: the agent's telephone rings, past all queues, and the ACD knows the agent is busy. */
import type { Fault } from '../base/result';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { SipDialog } from '../signaling/ports';
import { statusOfCode } from '../signaling/status-codes';
import { acceptSdp } from './accept-sdp';
import { answerCaller } from './answer';
import { newAgentLeg } from './call';
import type { AgentLeg, Call } from './call';
import { connectAgent } from './connect';
import type { DirectoryAgent } from './context';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { endCall } from './end';
import { reasonOf } from './outcome';
import { ringAgentAtStation } from './ring-agent';

const RING_TIMEOUT_MS = 45_000;

/**
 * Whether an agent can be called now. Wrap-up counts as busy: a call in the middle of it would end it unwritten. So does
 * a seat that a supervisor has locked.
 * Errors: `busy`, and `unavailable` for an agent without telephone.
 */
export const canRing = (ctx: CallContext, { agentId, extension }: DirectoryAgent): Result<void> => {
  const agent = ctx.acd.state.agents.get(agentId);
  if (!agent || agent.status.kind === 'signed-out' || !agent.deviceRegistered) {
    return fail('unavailable', `Nobody is signed in at the extension ${extension}.`);
  }
  const isFree = !agent.locked && (agent.status.kind === 'ready' || agent.status.kind === 'not-ready');
  return isFree ? ok(undefined) : fail('busy', `The extension ${extension} is busy.`);
};

/** Must run inside the serial queue of a call that is `alerting`. */
export const callAgentDirectly = async (ctx: CallContext, call: Call, agent: DirectoryAgent): Promise<void> => {
  const { agentId } = agent;
  const free = canRing(ctx, agent);
  if (!free.ok) return notReached(ctx, call, free.fault);
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId: call.contactId, agentId });
  if (!begun.ok) return notReached(ctx, call, { ...begun.fault, code: 'busy' });
  const leg = newAgentLeg(agentId);
  call.agentLeg = leg;
  call.log.enter('ringing', { agentId });
  callChanged(ctx, call);
  const { number, displayName } = call.identity;
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: displayName === undefined ? { number } : { number, displayName },
    ringTimeoutMs: RING_TIMEOUT_MS,
    other: call.customer?.codec,
    onProgress: () => call.incoming?.invite.ring(180),
  });
  if (!rung.ok) return notReached(ctx, call, { ...rung.fault, code: 'unavailable' });
  void rung.value.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (call.phase.kind !== 'alerting') return answered.ok ? void answered.value.hangup() : undefined;
      return answered.ok
        ? agentAnswered(ctx, call, { leg, dialog: answered.value })
        : notReached(ctx, call, answered.fault);
    }),
  );
};

const agentAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { readonly leg: AgentLeg; readonly dialog: SipDialog },
): Promise<void> => {
  const { leg, dialog } = answer;
  leg.dialog = dialog;
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) {
    return endCall(ctx, call, { party: 'agent', reason: 'media-unavailable', failed: true });
  }
  if (call.incoming) await answerCaller(ctx, call);
  if (call.phase.kind === 'alerting') await connectAgent(ctx, call, answer);
};

const notReached = (ctx: CallContext, call: Call, fault: Fault): Promise<void> =>
  endCall(ctx, call, { party: 'called', reason: reasonOf(fault), status: statusOfCode(fault.code) });
