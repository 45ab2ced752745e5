/** The caller is put through to a phone or to a number behind a trunk: it is called, and both are joined. */
import type { AnsweringMachineTerms } from '../base/answering-machine';
import { fail } from '../base/result';
import type { Fault, Result } from '../base/result';
import { asId } from '../base/ids';
import type { TrunkId } from '../base/ids';
import type { OpenEndpoint } from '../media/ports';
import type { CallParty, OutgoingAttempt, OutgoingCall, SipDialog } from '../signaling/ports';
import { statusOfCode } from '../signaling/status-codes';
import { stopListening } from './detection';
import { screenAnswer } from './screen-answer';
import { adoptDialog, answerCaller } from './answer';
import { newLeg } from './call';
import type { Call, PeerLeg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { closeEndpoint, endCall } from './end';
import { hasToldItself, hearEarlySound } from './early-sound';
import { join, part } from './joint';
import { dtmfOf } from './keys';
import { reasonOf } from './outcome';
import { placeLeg } from './place-leg';
import { accountOfCall } from './place-outside';
import { playRingBack } from './ring-back';
import { rtpOf } from './leg-rtp';
import { recordConversation } from './recording';
import { securedBy, targetOf } from './route-call';
import type { PersonGoal } from './route-call';
import { codecsOfTrunk, offerForTrunks } from './trunk-media';
import { codecsOfPhone } from './leg-codecs';

export type PeerGoal = Exclude<PersonGoal, { kind: 'agent' }>;

const RING_TIMEOUT_MS = 60_000;

export interface PutThroughOrder {
  readonly goal: PeerGoal;
  readonly ringTimeoutMs?: number;
  /** What becomes of the call when nobody answers; without it the call ends. `wasTold`: by sound of the called party's. */
  readonly onFailed?: (fault: Fault, wasTold: boolean) => Promise<void>;
  /** Whoever answers is put through only if it is no machine. */
  readonly screening?: { readonly terms: AnsweringMachineTerms; readonly onMachine: () => Promise<void> } | undefined;
}

/** Must run inside the serial queue of a call that is `alerting`. */
export const putThrough = async (ctx: CallContext, call: Call, order: PutThroughOrder): Promise<void> => {
  const { goal } = order;
  const dtmf = dtmfOf(ctx, goal.kind === 'phone' ? goal.phone : goal);
  const peer = { ...newPeer(goal), ...dtmf };
  call.peer = peer;
  ctx.callsByEndpoint.set(peer.endpointId, call.callId);
  call.log.enter('ringing', { detail: peer.number });
  const own = call.customer?.codec;
  const media: OpenEndpoint = {
    endpointId: peer.endpointId,
    kind: 'rtp',
    codecs: goal.kind === 'trunk' ? codecsOfTrunk(goal.codecs, own) : codecsOfPhone(ctx, goal.phone, own),
    ...dtmf,
    ...rtpOf(ctx, goal.kind === 'phone' ? goal.phone : goal),
    ...securedBy(goal),
  };
  const opened = await ctx.media.openEndpoint(media);
  const wait = { peer, order };
  if (!opened.ok) return notReached(ctx, call, { ...wait, fault: { ...opened.fault, code: 'unavailable' } });
  const { sdp } = opened.value;
  const request = {
    target: targetOf(goal),
    from: shownCaller(call, goal),
    sdp,
    ...(goal.kind === 'trunk' && {
      headers: goal.headers,
      offerFor: offerForTrunks(ctx, call, { leg: peer, own, trunkId: goal.trunkId, media, sdp }),
    }),
    ringTimeoutMs: order.ringTimeoutMs ?? RING_TIMEOUT_MS,
  };
  peer.outgoing = placeLeg(ctx, call, {
    leg: peer,
    request,
    events: {
      onAttempt: ({ trunkId }: OutgoingAttempt) => triedBy(call, trunkId),
      onProgress: (_status, sdp) => onCall(ctx, call, () => peerRings(ctx, call, { peer, sdp })),
    },
    ...(goal.kind === 'trunk' && goal.outside && { outside: { account: accountOfCall(call), number: goal.number } }),
  });
  whenAnswered(ctx, call, { ...wait, outgoing: peer.outgoing });
};

/** The trunk of a call that came by one is that one. */
const triedBy = (call: Call, trunkId: string): void => {
  if (call.identity.direction === 'outbound') call.log.update({ trunkId: asId<TrunkId>(trunkId) });
};

const newPeer = (goal: PeerGoal): PeerLeg => ({
  ...newLeg(),
  number: goal.kind === 'phone' ? goal.phone.extension : goal.number,
  extension: goal.kind === 'phone' ? goal.phone.extension : undefined,
});

const shownCaller = ({ identity }: Call, goal: PeerGoal): CallParty => {
  if (goal.kind === 'trunk' && goal.callerId !== undefined) return { number: goal.callerId };
  const { number, displayName } = identity;
  return displayName === undefined ? { number } : { number, displayName };
};

interface Waiting {
  readonly peer: PeerLeg;
  readonly order: PutThroughOrder;
}

const whenAnswered = (ctx: CallContext, call: Call, wait: Waiting & { readonly outgoing: OutgoingCall }): void => {
  void wait.outgoing.answered.then((answered) =>
    onCall(ctx, call, () => {
      const waits = call.phase.kind === 'alerting' && call.peer === wait.peer;
      if (!waits) return answered.ok ? void answered.value.hangup() : undefined;
      if (answered.ok) return peerAnswered(ctx, call, { ...wait, dialog: answered.value });
      return notReached(ctx, call, { ...wait, fault: answered.fault });
    }),
  );
};

/** The caller hears what the called party sends before it answers, or else the own phone's ringing tone. */
const peerRings = async (
  ctx: CallContext,
  call: Call,
  ringing: { peer: PeerLeg; sdp: string | undefined },
): Promise<void> => {
  const { peer, sdp } = ringing;
  const { customer, incoming } = call;
  if (call.phase.kind !== 'alerting' || call.peer !== peer || !customer) return;
  const heard = sdp !== undefined && (await acceptPeerSdp(ctx, peer, sdp)).ok;
  if (!heard) {
    if (incoming) incoming.invite.ring(180);
    // Of several telephones each may say that it rings.
    else if (peer.ringBack === undefined && peer.codec === undefined) {
      peer.ringBack = await playRingBack(ctx, call, customer.endpointId);
      call.playId = peer.ringBack;
    }
    return;
  }
  // A caller without an offer has none to answer yet.
  if (incoming && incoming.invite.sdp === undefined) return incoming.invite.ring(180);
  call.playId = undefined;
  await join(ctx, call, [customer.endpointId, peer.endpointId]);
  incoming?.invite.ring(183, incoming.sdp);
  await hearEarlySound(ctx, call, peer);
};

const acceptPeerSdp = async (ctx: CallContext, peer: PeerLeg, sdp: string): Promise<Result<void>> => {
  const accepted = await ctx.media.acceptAnswer(peer.endpointId, sdp);
  if (!accepted.ok) return fail('not_acceptable_media', accepted.fault.message);
  peer.codec = accepted.value.codec;
  return { ok: true, value: undefined };
};

const peerAnswered = async (
  ctx: CallContext,
  call: Call,
  answer: Waiting & { readonly dialog: SipDialog },
): Promise<void> => {
  const { peer, dialog } = answer;
  const accepted = await acceptPeerSdp(ctx, peer, dialog.remoteSdp);
  if (!accepted.ok) {
    void dialog.hangup('SIP;cause=488');
    return notReached(ctx, call, { ...answer, fault: accepted.fault });
  }
  adoptDialog(ctx, call, { leg: peer, dialog });
  const { screening, onFailed } = answer.order;
  if (!screening) return peerIsThere(ctx, call, peer);
  await keepApart(ctx, call, peer);
  await screenAnswer(ctx, call, {
    peer,
    terms: screening.terms,
    asPerson: () => peerIsThere(ctx, call, peer),
    asMachine: screening.onMachine,
    asGone: async () => onFailed?.({ code: 'no_answer', message: 'whoever answered has hung up' }, false),
  });
};

/** Sound while it rang has joined both: until it is known who has answered, it goes on ringing for the caller. */
const keepApart = async (ctx: CallContext, call: Call, peer: PeerLeg): Promise<void> => {
  const { customer, joint } = call;
  if (!customer || !joint.pair?.includes(peer.endpointId)) return;
  await part(ctx, call);
  call.playId = await playRingBack(ctx, call, customer.endpointId);
};

/** The called party has its dialog: the caller's INVITE is answered, and both are joined. */
export const peerIsThere = async (ctx: CallContext, call: Call, peer: PeerLeg): Promise<void> => {
  if (call.incoming) await answerCaller(ctx, call);
  if (call.phase.kind !== 'alerting') return;
  call.moveTo({ kind: 'forwarded' });
  // Who talks talks on when the app dies.
  await ctx.keeper.whenWritten(call);
  await joinPeer(ctx, call, peer);
};

/** Must run inside the serial queue of a call that is `forwarded`. */
export const joinPeer = async (ctx: CallContext, call: Call, peer: PeerLeg): Promise<void> => {
  const { customer } = call;
  if (!customer) return;
  call.playId = undefined;
  const bridged = await join(ctx, call, [customer.endpointId, peer.endpointId]);
  if (!bridged.ok) {
    ctx.log.error({ callId: call.callId, fault: bridged.fault }, 'the parties could not be joined');
    return endCall(ctx, call, { party: 'system', reason: 'bridge-failed', failed: true });
  }
  call.connectedAtMs ??= ctx.clock.nowMs();
  await stopListening(ctx, call);
  call.log.enter('talk', { detail: peer.number });
  call.log.join('called', peer.number);
  await recordConversation(ctx, call);
};

const notReached = async (ctx: CallContext, call: Call, failed: Waiting & { readonly fault: Fault }): Promise<void> => {
  const { peer, order, fault } = failed;
  ctx.log.info({ callId: call.callId, number: peer.number, fault }, 'a party could not be reached');
  if (!order.onFailed) {
    return endCall(ctx, call, { party: 'called', reason: reasonOf(fault), status: statusOfCode(fault.code) });
  }
  const wasTold = await hasToldItself(ctx, peer);
  call.peer = undefined;
  peer.outgoing?.cancel();
  await closeEndpoint(ctx, peer.endpointId);
  await order.onFailed(fault, wasTold);
};
