/** The agent who has hung up is called back, at the same browser. */
import type { SipDialog } from '../signaling/ports';
import { newAgentLeg } from './call';
import type { AgentLeg, Call } from './call';
import { connectAgent } from './connect';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint } from './end';
import { acceptSdp } from './offer';
import { placeLeg } from './place-leg';
import { codecsOfBrowser } from './leg-codecs';

/** Must run inside the call's serial queue, in the phase `reanswer`. */
export const ringAgentAgain = async (ctx: CallContext, call: Call): Promise<void> => {
  const { phase, agentLeg: former } = call;
  if (phase.kind !== 'reanswer') return;
  const { agentId, untilMs } = phase;
  if (former) await closeEndpoint(ctx, former.endpointId);
  const leg = newAgentLeg(agentId);
  const { endpointId } = leg;
  call.agentLeg = leg;
  ctx.callsByEndpoint.set(endpointId, call.callId);
  const codecs = codecsOfBrowser(ctx, call.customer?.codec);
  const opened = await ctx.media.openEndpoint({ endpointId, kind: 'webrtc', codecs });
  if (opened.ok) place(ctx, call, { leg, sdp: opened.value.sdp, ringTimeoutMs: untilMs - ctx.clock.nowMs() });
  else ctx.log.error({ callId: call.callId, agentId, fault: opened.fault }, 'an agent could not be called back');
  callChanged(ctx, call);
};

const place = (ctx: CallContext, call: Call, to: { leg: AgentLeg; sdp: string; ringTimeoutMs: number }): void => {
  const { leg, sdp } = to;
  const { number, displayName } = call.identity;
  leg.outgoing = placeLeg(ctx, call, {
    leg,
    request: {
      target: { kind: 'user', userName: ctx.directory.agent(leg.agentId)?.userName ?? '' },
      from: displayName === undefined ? { number } : { number, displayName },
      sdp,
      headers: { 'X-Switchroom-Call': call.callId },
      ringTimeoutMs: Math.max(1, to.ringTimeoutMs),
    },
    events: {
      onProgress: (_status, answer) => {
        if (answer !== undefined) onCall(ctx, call, async () => void (await acceptSdp(ctx, leg, answer)));
      },
    },
  });
  void leg.outgoing.answered.then((answered) =>
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
