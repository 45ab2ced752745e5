/** The caller who has hung up is called back through a trunk, while the agent keeps the call. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { OpenEndpoint } from '../media/ports';
import type { SipDialog } from '../signaling/ports';
import { adoptDialog } from './answer';
import { newLeg } from './call';
import type { Call, Leg } from './call';
import { joinParties } from './connect';
import { onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint } from './end';
import { playFailure } from './failure-tone';
import { dtmfOf } from './keys';
import { rtpOf } from './leg-rtp';
import { reasonOf } from './outcome';
import { placeLeg } from './place-leg';
import { accountOfAgent } from './place-outside';
import { recordCustomer } from './recording';
import { applyMask } from './recording-mask';
import { codecsOfTrunk, offerForTrunks } from './trunk-media';

/** Must run inside the call's serial queue. Fails with `no_route`, `forbidden`, or when no media are to be had. */
export const callBack = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase, identity } = call;
  if (phase.kind !== 'reanswer' || phase.waitingFor !== 'caller') return fail('conflict', 'The caller has not left.');
  if (call.customer) return ok(undefined);
  const { number } = identity;
  const permitted = ctx.permission.outbound({ agentId: phase.agentId, dialled: number });
  if (!permitted.ok) return permitted;
  const trunk = ctx.directory.outboundTrunk(number);
  if (!trunk) return fail('no_route', `No trunk carries calls to ${number}; an administrator can add one.`);
  const account = accountOfAgent(phase.agentId);
  const within = ctx.fraud.mayCall({ account, number });
  if (!within.ok) return within;
  const dtmf = dtmfOf(ctx, trunk);
  const leg: Leg = { ...newLeg(), ...dtmf };
  call.customer = leg;
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  const own = call.agentLeg?.codec;
  const media: OpenEndpoint = {
    endpointId: leg.endpointId,
    kind: 'rtp',
    codecs: codecsOfTrunk(trunk.codecs, own),
    ...(trunk.srtp && { srtp: trunk.srtp }),
    ...rtpOf(ctx, trunk),
    ...dtmf,
  };
  const opened = await ctx.media.openEndpoint(media);
  if (!opened.ok) {
    await giveUp(ctx, call, leg);
    return opened;
  }
  const { sdp } = opened.value;
  leg.outgoing = placeLeg(ctx, call, {
    leg,
    outside: { account, number },
    request: {
      target: { kind: 'number', number },
      from: { number: trunk.callerId },
      sdp,
      offerFor: offerForTrunks(ctx, call, { leg, own, trunkId: trunk.trunkId, media, sdp }),
      ringTimeoutMs: Math.max(1, phase.untilMs - ctx.clock.nowMs()),
    },
  });
  void leg.outgoing.answered.then((answered) =>
    onCall(ctx, call, () => {
      if (answered.ok) return returned(ctx, call, { leg, dialog: answered.value });
      ctx.log.info({ callId: call.callId, fault: answered.fault }, 'a caller could not be called back');
      return notBack(ctx, call, { leg, reason: reasonOf(answered.fault) });
    }),
  );
  callChanged(ctx, call);
  return ok(undefined);
};

const returned = async (ctx: CallContext, call: Call, back: { leg: Leg; dialog: SipDialog }): Promise<void> => {
  const { leg, dialog } = back;
  const { phase } = call;
  if (phase.kind !== 'reanswer' || call.customer !== leg) {
    void dialog.hangup('SIP;cause=487');
    return;
  }
  const accepted = await ctx.media.acceptAnswer(leg.endpointId, dialog.remoteSdp);
  if (!accepted.ok) {
    void dialog.hangup('SIP;cause=488');
    return giveUp(ctx, call, leg);
  }
  leg.codec = accepted.value.codec;
  call.reanswerTimer?.cancel();
  adoptDialog(ctx, call, { leg, dialog });
  call.moveTo({ kind: 'talking', agentId: phase.agentId });
  call.log.join('caller', call.identity.number);
  // Before anybody hears the caller again.
  await applyMask(ctx, call);
  await joinParties(ctx, call);
  await recordCustomer(ctx, call);
};

/** The agent, who keeps the call, hears why. */
const notBack = async (ctx: CallContext, call: Call, of: { leg: Leg; reason: string }): Promise<void> => {
  const { leg, reason } = of;
  const { agentLeg } = call;
  if (call.customer !== leg || call.phase.kind !== 'reanswer') return;
  call.thirdFailure = reason;
  await giveUp(ctx, call, leg);
  if (agentLeg) call.agentTone = await playFailure(ctx, call, { endpointId: agentLeg.endpointId, reason });
};

/** Nobody came back; the agent may try again until the time is over. */
const giveUp = async (ctx: CallContext, call: Call, leg: Leg): Promise<void> => {
  if (call.customer !== leg || call.phase.kind !== 'reanswer') return;
  call.customer = undefined;
  await closeEndpoint(ctx, leg.endpointId);
  callChanged(ctx, call);
};
