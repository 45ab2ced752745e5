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
import { DECLINED } from './colleague';
import { connectAgent } from './connect';
import type { DirectoryAgent } from './context';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint, endCall } from './end';
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

export interface AgentOrder {
  readonly agent: DirectoryAgent;
  readonly ringTimeoutMs?: number;
  /** What becomes of the call when the agent is not reached; without it the call ends. */
  readonly onFailed?: (fault: Fault) => Promise<void>;
}

/** Must run inside the serial queue of a call that is `alerting`. */
export const callAgentDirectly = async (ctx: CallContext, call: Call, order: AgentOrder): Promise<void> => {
  const { agent, ringTimeoutMs = RING_TIMEOUT_MS } = order;
  const { agentId } = agent;
  const notReached = (fault: Fault): Promise<void> => agentNotReached(ctx, call, { order, fault });
  const free = canRing(ctx, agent);
  if (!free.ok) return notReached(free.fault);
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId: call.contactId, agentId });
  if (!begun.ok) return notReached({ ...begun.fault, code: 'busy' });
  const leg = newAgentLeg(agentId);
  call.agentLeg = leg;
  call.log.enter('ringing', { agentId });
  callChanged(ctx, call);
  const { number, displayName } = call.identity;
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: displayName === undefined ? { number } : { number, displayName },
    ringTimeoutMs,
    other: call.customer?.codec,
    onProgress: () => call.incoming?.invite.ring(180),
  });
  if (!rung.ok) return notReached({ ...rung.fault, code: 'unavailable' });
  void rung.value.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (call.phase.kind !== 'alerting') return answered.ok ? void answered.value.hangup() : undefined;
      return answered.ok ? agentAnswered(ctx, call, { leg, dialog: answered.value }) : notReached(answered.fault);
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

/** The agent whom a call rings sends it away. Must run inside the call's serial queue. */
export const declineDirectCall = async (ctx: CallContext, call: Call): Promise<void> => {
  const isOfFlow = call.phase.kind === 'alerting' && call.phase.flow !== undefined;
  // The flow learns of it as of any end of the ringing.
  if (isOfFlow) call.agentLeg?.outgoing?.cancel();
  else await endCall(ctx, call, DECLINED);
};

const agentNotReached = async (
  ctx: CallContext,
  call: Call,
  { order, fault }: { readonly order: AgentOrder; readonly fault: Fault },
): Promise<void> => {
  if (!order.onFailed) {
    return endCall(ctx, call, { party: 'called', reason: reasonOf(fault), status: statusOfCode(fault.code) });
  }
  // Nobody but the agent has had the ringing ended.
  const why: Fault = fault.code === 'closed' ? { ...fault, code: 'declined' } : fault;
  await letAgentGo(ctx, call, reasonOf(why));
  await order.onFailed(why);
};

const letAgentGo = async (ctx: CallContext, call: Call, endReason: string): Promise<void> => {
  const { agentLeg, contactId } = call;
  if (!agentLeg) return;
  const { agentId, endpointId } = agentLeg;
  call.agentLeg = undefined;
  ctx.acd.dispatch({ type: 'contact-left', contactId });
  callChanged(ctx, call, { agentId, state: 'ended', endReason });
  await closeEndpoint(ctx, endpointId);
};
