/** Calls the third party: an agent's browser, or a number outside through a trunk. */
import { rtpOfTarget } from './leg-rtp';
import type { AgentId, OfferId } from '../base/ids';
import type { Fault } from '../base/result';
import type { OpenEndpoint, SrtpPolicy } from '../media/ports';
import type { CallParty, CallTarget, OutgoingRequest, SipDialog } from '../signaling/ports';
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
import { playRingBack } from './ring-back';
import { codecsOfTrunk, offerForTrunks } from './trunk-media';
import { userToUserHeaders } from './send-user-to-user';
import type { OutsideTarget, ThirdLeg, ThirdParty } from './third-party';
import { thirdAnswered } from './third-answered';
import { thirdLost } from './third-lost';
import { codecsOfBrowser, codecsOfPhone } from './leg-codecs';

/** How long an agent may let a call ring that is meant for nobody else. */
export const AGENT_RING_MS = 20_000;
const OUTSIDE_RING_MS = 45_000;

interface Reached {
  readonly agentId: AgentId;
  readonly offerId?: OfferId;
  readonly ringMs?: number;
}

/** Rings an agent for the call's third party. Must run inside the call's serial queue. */
export const ringThirdAgent = (ctx: CallContext, call: Call, to: Reached): Promise<void> => {
  const { agentId, offerId, ringMs = AGENT_RING_MS } = to;
  const userName = ctx.directory.agent(agentId)?.userName ?? '';
  return reach(ctx, call, {
    leg: { kind: 'agent', agent: newAgentLeg(agentId) },
    target: { kind: 'user', userName },
    ringMs,
    offerId,
  });
};

/** Calls a number outside for the call's third party. Must run inside the call's serial queue. */
export const callThirdOutside = (
  ctx: CallContext,
  call: Call,
  to: OutsideTarget & { readonly referredBy?: string },
): Promise<void> =>
  reach(ctx, call, {
    leg: { kind: 'outside', outside: newLeg() },
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
  readonly leg: ThirdLeg;
  readonly target: CallTarget;
  readonly ringMs: number;
  readonly offerId?: OfferId | undefined;
  readonly callerId?: string | undefined;
  readonly srtp?: SrtpPolicy | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who pays for a call outside, and where it goes. */
  readonly outside?: { readonly account: string; readonly number: string };
}

const reach = async (ctx: CallContext, call: Call, plan: Reach): Promise<void> => {
  const { third } = call;
  if (!third) return;
  const isAgent = plan.leg.kind === 'agent';
  const leg = plan.leg.kind === 'agent' ? plan.leg.agent : plan.leg.outside;
  const trunk = trunkOf(ctx, plan.target);
  const dtmf = dtmfOfTarget(ctx, plan.target, trunk);
  leg.dtmf = dtmf.dtmf;
  third.state = { kind: 'ringing', leg: plan.leg, offerId: plan.offerId };
  callChanged(ctx, call);
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  const own = call.customer?.codec;
  const others = trunk ? codecsOfTrunk(trunk.codecs, own) : codecsOfPhone(ctx, phoneOf(ctx, plan.target), own);
  const media: OpenEndpoint = {
    endpointId: leg.endpointId,
    kind: isAgent ? 'webrtc' : 'rtp',
    codecs: isAgent ? codecsOfBrowser(ctx, own) : others,
    ...(plan.srtp && { srtp: plan.srtp }),
    ...(!isAgent && rtpOfTarget(ctx, plan.target, trunk)),
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

/** A browser has its own way. */
const dtmfOfTarget = (
  ctx: CallContext,
  target: CallTarget,
  trunk: ReturnType<typeof trunkOf>,
): ReturnType<typeof dtmfOf> => dtmfOf(ctx, phoneOf(ctx, target) ?? trunk);

const requestOf = (ctx: CallContext, call: Call, of: { plan: Reach; sdp: string }): OutgoingRequest => {
  const { plan, sdp } = of;
  const common = { target: plan.target, sdp, ringTimeoutMs: plan.ringMs };
  const from = plan.callerId === undefined ? whoCalls(ctx, call) : { number: plan.callerId };
  // Only our own browsers are to know the call's id.
  const own = plan.leg.kind === 'agent' ? { 'X-Switchroom-Call': call.callId } : plan.headers;
  return { ...common, from, headers: { ...userToUserHeaders(call), ...own } };
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
  void leg.outgoing.answered.then((answered) =>
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

/** A browser's SDP comes while it rings; the ringing tone or announcement of a number outside is heard by who waits. */
const earlyMedia = async (
  ctx: CallContext,
  call: Call,
  early: { third: ThirdParty; leg: Leg; sdp: string },
): Promise<void> => {
  const { third, leg, sdp } = early;
  if (!isStillRinging(call, early) || !(await takeSdp(ctx, leg, sdp))) return;
  if (third.agentLeg === undefined && call.phase.kind === 'consulting' && call.agentLeg) {
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
  const { leg, dialog } = answer;
  if (!isStillRinging(call, answer)) return void dialog.hangup('SIP;cause=487');
  adoptDialog(ctx, call, { leg, dialog });
  if (dialog.ended) return;
  if (!(await takeSdp(ctx, leg, dialog.remoteSdp))) return thirdLost(ctx, call, 'unreachable');
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
