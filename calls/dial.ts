/** An agent dials: the agent's browser is called first, then the number through a trunk, then both are joined. */
import { fail, ok } from '../base/result';
import { asId, newId } from '../base/ids';
import type { AgentId, CallId, EndpointId, InteractionId, TrunkId } from '../base/ids';
import type { Result } from '../base/result';
import type { AudioCodec, OpenedEndpoint } from '../media/ports';
import type { OutgoingCall, SipDialog } from '../signaling/ports';
import type { Interaction } from '../store/interaction';
import { adoptDialog } from './answer';
import { Call } from './call';
import type { AgentLeg, Leg } from './call';
import { joinParties } from './connect';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { endCall } from './end';
import { acceptSdp } from './offer';
import { createLog } from './open-log';
import { reasonOf } from './outcome';
import { mayBeginCall } from './wrap-up';

const AGENT_ANSWER_TIMEOUT_MS = 10_000;
const FAR_END_TIMEOUT_MS = 60_000;
/** One codec for both legs, since a bridge does not transcode. */
const DIAL_CODEC: AudioCodec = 'PCMA';

export interface DialPlan {
  readonly agentId: AgentId;
  readonly number: string;
  readonly trunkId: TrunkId;
  readonly callerId: string;
}

export const dial = async (ctx: CallContext, agentId: AgentId, number: string): Promise<Result<void>> => {
  const may = mayBeginCall(ctx, agentId);
  if (!may.ok) return may;
  const permitted = ctx.permission.outbound({ agentId, dialled: number });
  if (!permitted.ok) {
    ctx.log.info({ agentId, number, reason: permitted.fault.message }, 'a call of an agent was not permitted');
    return permitted;
  }
  const trunk = ctx.directory.outboundTrunk(number);
  const agent = ctx.directory.agent(agentId);
  if (!trunk || !agent) return fail('no_route', `No trunk carries calls to ${number}; an administrator can add one.`);
  const plan = { agentId, number, trunkId: asId<TrunkId>(trunk.trunkId), callerId: trunk.callerId };
  const call = createDialledCall(ctx, plan);
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId: call.contactId, agentId });
  if (!begun.ok) return begun;
  ctx.calls.set(call.callId, call);
  onCall(ctx, call, () => callOwnBrowser(ctx, call, { plan, userName: agent.userName }));
  return ok(undefined);
};

const createDialledCall = (ctx: CallContext, plan: DialPlan): Call => {
  const startedAtMs = ctx.clock.nowMs();
  const interaction: Interaction = {
    _id: newId<InteractionId>(),
    channel: 'voice',
    direction: 'outbound',
    startedAtMs,
    caller: { number: plan.callerId },
    called: { number: plan.number },
    trunkId: plan.trunkId,
    agentId: plan.agentId,
    digits: [],
    segments: [],
    parties: [],
    recordings: [],
  };
  const identity = {
    callId: newId<CallId>(),
    direction: 'outbound',
    number: plan.number,
    displayName: undefined,
    dialledNumber: plan.number,
    startedAtMs,
  } as const;
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'dialling', agentId: plan.agentId });
  call.agentLeg = {
    endpointId: newId<EndpointId>(),
    codec: undefined,
    dialog: undefined,
    outgoing: undefined,
    agentId: plan.agentId,
    muted: false,
  };
  call.log.enter('ringing', { agentId: plan.agentId });
  return call;
};

const callOwnBrowser = async (
  ctx: CallContext,
  call: Call,
  to: { plan: DialPlan; userName: string },
): Promise<void> => {
  const leg = call.agentLeg;
  if (!leg) return;
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  callChanged(ctx, call);
  const { endpointId } = leg;
  const opened = await ctx.media.openEndpoint({ endpointId, kind: 'webrtc', codecs: [DIAL_CODEC] });
  if (!opened.ok) return endCall(ctx, call, { party: 'system', reason: 'media-unavailable', failed: true });
  leg.outgoing = ctx.signaling.placeCall({
    target: { kind: 'user', userName: to.userName },
    from: { number: to.plan.number },
    sdp: opened.value.sdp,
    headers: { 'X-Switchroom-Call': call.callId, 'X-Switchroom-Auto-Answer': 'yes' },
    ringTimeoutMs: AGENT_ANSWER_TIMEOUT_MS,
  });
  whenAnswered(ctx, call, {
    outgoing: leg.outgoing,
    party: 'agent',
    then: (dialog) => ownBrowserAnswered(ctx, call, { plan: to.plan, leg, dialog }),
  });
};

/** Continues with the dialog, or ends the call with the reason there is none. */
const whenAnswered = (
  ctx: CallContext,
  call: Call,
  wait: { outgoing: OutgoingCall; party: 'agent' | 'caller'; then: (dialog: SipDialog) => Promise<void> },
): void => {
  void wait.outgoing.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (answered.ok) {
        if (call.phase.kind === 'dialling') return wait.then(answered.value);
        return answered.value.hangup();
      }
      const party = wait.party === 'agent' ? 'agent' : 'carrier';
      return endCall(ctx, call, { party, reason: reasonOf(answered.fault) });
    }),
  );
};

const ownBrowserAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { plan: DialPlan; leg: AgentLeg; dialog: SipDialog },
): Promise<void> => {
  const { plan, leg, dialog } = answer;
  adoptDialog(ctx, call, { leg, dialog });
  if (!(await acceptSdp(ctx, leg, dialog.remoteSdp))) {
    return endCall(ctx, call, { party: 'agent', reason: 'media-unavailable', failed: true });
  }
  const endpointId = newId<EndpointId>();
  const customer: Leg = { endpointId, codec: undefined, dialog: undefined, outgoing: undefined };
  call.customer = customer;
  ctx.callsByEndpoint.set(endpointId, call.callId);
  const opened = await ctx.media.openEndpoint({ endpointId, kind: 'rtp', codecs: [DIAL_CODEC] });
  if (!opened.ok) return endCall(ctx, call, { party: 'system', reason: 'media-unavailable', failed: true });
  callFarEnd(ctx, call, { plan, customer, opened: opened.value });
};

const callFarEnd = (
  ctx: CallContext,
  call: Call,
  to: { plan: DialPlan; customer: Leg; opened: OpenedEndpoint },
): void => {
  const { plan, customer } = to;
  customer.outgoing = ctx.signaling.placeCall(
    {
      target: { kind: 'trunk', trunkId: plan.trunkId, number: plan.number },
      from: { number: plan.callerId },
      sdp: to.opened.sdp,
      ringTimeoutMs: FAR_END_TIMEOUT_MS,
    },
    {
      onProgress: (_status, sdp) => {
        if (sdp !== undefined) onCall(ctx, call, () => earlyMedia(ctx, call, { customer, sdp }));
      },
    },
  );
  whenAnswered(ctx, call, {
    outgoing: customer.outgoing,
    party: 'caller',
    then: (dialog) => farEndAnswered(ctx, call, { customer, dialog }),
  });
};

/** The far end's ringing tone or announcement comes as sound: the agent hears it. */
const earlyMedia = async (ctx: CallContext, call: Call, early: { customer: Leg; sdp: string }): Promise<void> => {
  if (call.phase.kind !== 'dialling' || !call.agentLeg) return;
  if (await acceptFarSdp(ctx, early.customer, early.sdp)) {
    await ctx.media.bridge(early.customer.endpointId, call.agentLeg.endpointId);
  }
};

const acceptFarSdp = async (ctx: CallContext, leg: Leg, sdp: string): Promise<boolean> => {
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, sdp);
  if (accepted.ok) leg.codec = accepted.value.codec;
  return accepted.ok;
};

const farEndAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: { customer: Leg; dialog: SipDialog },
): Promise<void> => {
  const { customer, dialog } = answer;
  adoptDialog(ctx, call, { leg: customer, dialog });
  if (!(await acceptFarSdp(ctx, customer, dialog.remoteSdp))) {
    return endCall(ctx, call, { party: 'carrier', reason: 'no-common-codec', failed: true });
  }
  const agentId = call.agentLeg?.agentId;
  if (agentId === undefined) return;
  call.moveTo({ kind: 'talking', agentId });
  call.log.update({ answeredAtMs: ctx.clock.nowMs() });
  call.log.join('caller', call.identity.number);
  await joinParties(ctx, call);
};
