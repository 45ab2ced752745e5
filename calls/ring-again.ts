/** The agent who has hung up is called back, at the station of now. */
import type { OutgoingCall, SipDialog } from '../signaling/ports';
import { acceptSdp } from './accept-sdp';
import { newAgentLeg } from './call';
import type { AgentLeg, Call } from './call';
import { connectAgent } from './connect';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint } from './end';
import { ringAgentAtStation } from './ring-agent';

/** Must run inside the call's serial queue, in the phase `reanswer`. */
export const ringAgentAgain = async (ctx: CallContext, call: Call): Promise<void> => {
  const { phase, agentLeg: former } = call;
  if (phase.kind !== 'reanswer') return;
  const { agentId, untilMs } = phase;
  if (former) await closeEndpoint(ctx, former.endpointId);
  const leg = newAgentLeg(agentId);
  call.agentLeg = leg;
  const { number, displayName } = call.identity;
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: displayName === undefined ? { number } : { number, displayName },
    ringTimeoutMs: Math.max(1, untilMs - ctx.clock.nowMs()),
    other: call.customer?.codec,
  });
  if (rung.ok) awaitAnswer(ctx, call, { leg, outgoing: rung.value });
  else ctx.log.error({ callId: call.callId, agentId, fault: rung.fault }, 'an agent could not be called back');
  callChanged(ctx, call);
};

const awaitAnswer = (ctx: CallContext, call: Call, of: { leg: AgentLeg; outgoing: OutgoingCall }): void => {
  const { leg, outgoing } = of;
  void outgoing.answered.then((answered) =>
    onCall(ctx, call, () =>
      answered.ok ? returned(ctx, call, { leg, dialog: answered.value }) : stayedAway(ctx, call, leg),
    ),
  );
};

const returned = async (ctx: CallContext, call: Call, back: { leg: AgentLeg; dialog: SipDialog }): Promise<void> => {
  const { leg, dialog } = back;
  if (call.phase.kind !== 'reanswer' || call.agentLeg !== leg) {
    void dialog.hangup('SIP;cause=487');
    return;
  }
  leg.dialog = dialog;
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) {
    void dialog.hangup('SIP;cause=488');
    return stayedAway(ctx, call, leg);
  }
  call.reanswerTimer?.cancel();
  await connectAgent(ctx, call, { leg, dialog });
};

/** Declined or not answered: the caller goes on waiting until the time is over. */
const stayedAway = (ctx: CallContext, call: Call, leg: AgentLeg): void => {
  leg.outgoing = undefined;
  leg.dialog = undefined;
  callChanged(ctx, call);
};
