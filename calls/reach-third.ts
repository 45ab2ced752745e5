/** Calls the third party: an agent, or a number outside through a trunk. */
import { rtpOfTarget } from './leg-rtp';
import type { AgentId, OfferId } from '../base/ids';
import type { Fault } from '../base/result';
import type { OpenEndpoint, SrtpPolicy } from '../media/ports';
import type { CallParty, CallTarget, OutgoingCall, OutgoingRequest, SipDialog } from '../signaling/ports';
import { acceptSdp } from './accept-sdp';
import { adoptDialog } from './answer';
import { newAgentLeg, newLeg } from './call';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext, DirectoryPhone, OutboundTrunk } from './context';
import { callChanged } from './desk-view';
import { hearEarlySound } from './early-sound';
import { closeEndpoint } from './end';
import { join } from './joint';
import { dtmfOf } from './keys';
import { reasonOf } from './outcome';
import { placeLeg } from './place-leg';
import { accountOfAgent, accountOfCall } from './place-outside';
import { accountOfReferrer } from './refer-target';
import { ringAgentAtStation } from './ring-agent';
import { playRingBack } from './ring-back';
import { codecsOfTrunk, offerForTrunks } from './trunk-media';
import { userToUserHeaders } from './send-user-to-user';
import type { OutsideTarget, ThirdParty } from './third-party';
import { thirdAnswered } from './third-answered';
import { thirdLost } from './third-lost';
import { codecsOfPhone } from './leg-codecs';

/** How long an agent may let a call ring that is meant for nobody else. */
export const AGENT_RING_MS = 20_000;
const OUTSIDE_RING_MS = 45_000;

interface Reached {
  readonly agentId: AgentId;
  readonly offerId?: OfferId;
  readonly ringMs?: number;
}

/** Rings an agent for the call's third party. Must run inside the call's serial queue. */
export const ringThirdAgent = async (ctx: CallContext, call: Call, to: Reached): Promise<void> => {
  const { third } = call;
  if (!third) return;
  const { agentId, offerId, ringMs = AGENT_RING_MS } = to;
  const leg = newAgentLeg(agentId);
  third.state = { kind: 'ringing', leg: { kind: 'agent', agent: leg }, offerId };
  callChanged(ctx, call);
  const rung = await ringAgentAtStation(ctx, call, {
    agentId,
    leg,
    from: whoCalls(ctx, call),
    ringTimeoutMs: ringMs,
    other: call.customer?.codec,
    headers: userToUserHeaders(call),
    onProgress: (status) => {
      third.progress?.report(status);
      onCall(ctx, call, () => thirdRings(ctx, call, { third, leg, sdp: undefined }));
    },
  });
  if (!rung.ok) return thirdLost(ctx, call, 'unreachable');
  followThird(ctx, call, { third, leg, outgoing: rung.value });
};

/** Calls a number outside for the call's third party. Must run inside the call's serial queue. */
export const callThirdOutside = (
  ctx: CallContext,
  call: Call,
  to: OutsideTarget & { readonly referredBy?: string },
): Promise<void> =>
  reach(ctx, call, {
    leg: newLeg(),
    target: to.via,
    ringMs: OUTSIDE_RING_MS,
    callerId: to.callerId,
    srtp: to.srtp,
    headers: {
      ...to.headers,
      // RFC 3892: passed on.
      ...(to.referredBy !== undefined && { 'Referred-By': to.referredBy }),
    },
    ...((to.via.kind === 'number' || to.isCounted) && {
      outside: { account: accountOfThird(call), number: to.number },
    }),
  });

/** The agent who asks pays, or the phone or trunk that asks by REFER. */
const accountOfThird = (call: Call): string => {
  const { phase, third } = call;
  if (third?.referrer) return accountOfReferrer(third.referrer.owner);
  const by = phase.kind === 'transferring' ? phase.by : call.agentLeg?.agentId;
  return by === undefined ? accountOfCall(call) : accountOfAgent(by);
};

interface Reach {
  readonly leg: Leg;
  readonly target: CallTarget;
  readonly ringMs: number;
  readonly callerId?: string | undefined;
  readonly srtp?: SrtpPolicy | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who pays for a call outside, and where it goes. */
  readonly outside?: { readonly account: string; readonly number: string };
}

const reach = async (ctx: CallContext, call: Call, plan: Reach): Promise<void> => {
  const { third } = call;
  if (!third) return;
  const { leg } = plan;
  const trunk = trunkOf(ctx, plan.target);
  const dtmf = dtmfOfTarget(ctx, plan.target, trunk);
  leg.dtmf = dtmf.dtmf;
  third.state = { kind: 'ringing', leg: { kind: 'outside', outside: leg }, offerId: undefined };
  callChanged(ctx, call);
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  const own = call.customer?.codec;
  const media: OpenEndpoint = {
    endpointId: leg.endpointId,
    kind: 'rtp',
    codecs: trunk ? codecsOfTrunk(trunk.codecs, own) : codecsOfPhone(ctx, phoneOf(ctx, plan.target), own),
    ...(plan.srtp && { srtp: plan.srtp }),
    ...rtpOfTarget(ctx, plan.target, trunk),
    ...dtmf,
  };
  const opened = await ctx.media.openEndpoint(media);
  if (!opened.ok) return thirdLost(ctx, call, 'unreachable');
  const { sdp } = opened.value;
  const offerFor = trunk && offerForTrunks(ctx, call, { leg, own, trunkId: trunk.trunkId, media, sdp });
  const request = { ...requestOf(ctx, call, { plan, sdp }), offerFor };
  placeThird(ctx, call, { third, leg, request, outside: plan.outside });
};

/** The trunk that will be tried first. */
const trunkOf = (ctx: CallContext, target: CallTarget): Pick<OutboundTrunk, 'trunkId' | 'codecs'> | undefined => {
  if (target.kind === 'number') return ctx.directory.outboundTrunk(target.number);
  return target.kind === 'trunk' ? { trunkId: target.trunkId } : undefined;
};

const phoneOf = (ctx: CallContext, target: CallTarget): DirectoryPhone | undefined =>
  target.kind === 'phone' ? ctx.directory.phone(target.userName) : undefined;

const dtmfOfTarget = (
  ctx: CallContext,
  target: CallTarget,
  trunk: ReturnType<typeof trunkOf>,
): ReturnType<typeof dtmfOf> => dtmfOf(ctx, phoneOf(ctx, target) ?? trunk);

const requestOf = (ctx: CallContext, call: Call, of: { plan: Reach; sdp: string }): OutgoingRequest => {
  const { plan, sdp } = of;
  const common = { target: plan.target, sdp, ringTimeoutMs: plan.ringMs };
  const from = plan.callerId === undefined ? whoCalls(ctx, call) : { number: plan.callerId };
  return { ...common, from, headers: { ...userToUserHeaders(call), ...plan.headers } };
};

/** A consulted agent sees who asks, one who is to have the customer sees the customer. */
const whoCalls = (ctx: CallContext, call: Call): CallParty => {
  const { third, customer } = call;
  const staysWithAgent = third?.purpose === 'replacement' && third.referrer?.leg === customer;
  const asking = third?.purpose === 'consult' || staysWithAgent ? call.agentLeg?.agentId : undefined;
  const agent = asking === undefined ? undefined : ctx.directory.agent(asking);
  if (agent) return { number: agent.extension, displayName: agent.displayName };
  const { number, displayName } = call.identity;
  return displayName === undefined ? { number } : { number, displayName };
};

const placeThird = (
  ctx: CallContext,
  call: Call,
  of: { third: ThirdParty; leg: Leg; request: OutgoingRequest; outside: Reach['outside'] },
): void => {
  const { third, leg, request, outside } = of;
  leg.outgoing = placeLeg(ctx, call, {
    leg,
    request,
    outside,
    events: {
      onProgress: (status, sdp) => {
        third.progress?.report(status);
        onCall(ctx, call, () => thirdRings(ctx, call, { third, leg, sdp }));
      },
    },
  });
  followThird(ctx, call, { third, leg, outgoing: leg.outgoing });
};

const followThird = (
  ctx: CallContext,
  call: Call,
  of: { third: ThirdParty; leg: Leg; outgoing: OutgoingCall },
): void => {
  const { third, leg, outgoing } = of;
  void outgoing.answered.then((answered) =>
    onCall(ctx, call, () =>
      answered.ok
        ? answeredBy(ctx, call, { third, leg, dialog: answered.value })
        : refusedBy(ctx, call, { third, leg, fault: answered.fault }),
    ),
  );
};

const isStillRinging = (call: Call, of: { third: ThirdParty; leg: Leg }): boolean =>
  call.third === of.third && of.third.state.kind === 'ringing' && of.third.leg === of.leg;

/** The agent who asks hears that it rings: by what the number outside sends, or else by a tone of ours. */
const thirdRings = async (
  ctx: CallContext,
  call: Call,
  rings: { third: ThirdParty; leg: Leg; sdp: string | undefined },
): Promise<void> => {
  const { third, leg, sdp } = rings;
  if (sdp !== undefined) await earlyMedia(ctx, call, { third, leg, sdp });
  const hearsIt = third.agentLeg === undefined && leg.codec !== undefined;
  const waits = call.phase.kind === 'consulting' && third.purpose === 'consult' && isStillRinging(call, rings);
  if (hearsIt || !waits || !call.agentLeg || third.ringBack !== undefined) return;
  third.ringBack = await playRingBack(ctx, call, call.agentLeg.endpointId);
};

/** The ringing tone or announcement of a number outside is heard by who waits. */
const earlyMedia = async (
  ctx: CallContext,
  call: Call,
  early: { third: ThirdParty; leg: Leg; sdp: string },
): Promise<void> => {
  const { third, leg, sdp } = early;
  if (!isStillRinging(call, early) || !(await takeSdp(ctx, leg, sdp))) return;
  if (call.phase.kind === 'consulting' && call.agentLeg) {
    // A bridge would end the ringing tone, a mix that the agent is in already would not.
    if (third.ringBack !== undefined) await ctx.media.stopPlay(third.ringBack);
    await join(ctx, call, [call.agentLeg.endpointId, leg.endpointId]);
    await hearEarlySound(ctx, call, leg);
  }
};

const takeSdp = async (ctx: CallContext, leg: Leg, sdp: string): Promise<boolean> => {
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, sdp);
  if (accepted.ok) leg.codec = accepted.value.codec;
  else ctx.log.warn({ endpointId: leg.endpointId, fault: accepted.fault }, "a third party's SDP was of no use");
  return accepted.ok;
};

const answeredBy = async (
  ctx: CallContext,
  call: Call,
  answer: { third: ThirdParty; leg: Leg; dialog: SipDialog },
): Promise<void> => {
  const { leg, dialog, third } = answer;
  if (!isStillRinging(call, answer)) return void dialog.hangup('SIP;cause=487');
  adoptDialog(ctx, call, { leg, dialog });
  if (dialog.ended) return;
  // An agent's telephone may have described itself before.
  const accept = third.agentLeg ? acceptSdp : takeSdp;
  if (!(await accept(ctx, leg, dialog.remoteSdp))) return thirdLost(ctx, call, 'unreachable');
  await thirdAnswered(ctx, call);
};

const refusedBy = async (
  ctx: CallContext,
  call: Call,
  refusal: { third: ThirdParty; leg: Leg; fault: Fault },
): Promise<void> => {
  if (!isStillRinging(call, refusal)) return closeEndpoint(ctx, refusal.leg.endpointId);
  await thirdLost(ctx, call, reasonOf(refusal.fault));
};
