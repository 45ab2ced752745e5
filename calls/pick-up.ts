/** Directed pick-up: a phone takes a call that rings at a colleague's telephone (RFC 3891, early dialogs). */
import type { Call, Leg, PeerLeg } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { farEndIsThere } from './dial';
import { dropThird, skipWrapUp } from './drop-third';
import { closeEndpoint, releaseColleague } from './end';
import type { Seat } from './find-leg';
import { peerIsThere } from './put-through';
import { thirdAnswered } from './third-answered';
import { ThirdParty } from './third-party';

/** What a queue offers an agent is that agent's. */
export const canBePickedUp = ({ call, leg }: Seat): boolean => {
  const { phase, customer, agentLeg, peer, third } = call;
  if (phase.kind === 'alerting') return leg === peer || leg === agentLeg;
  if (phase.kind === 'dialling') return leg === customer;
  return leg === third?.leg && third.state.kind === 'ringing' && third.state.offerId === undefined;
};

/** Must run inside the call's serial queue, for a leg that can be picked up; the new one has its dialog and codec. */
export const pickUp = async (ctx: CallContext, { call, leg: former }: Seat, leg: Leg): Promise<void> => {
  const { phase, third } = call;
  if (phase.kind === 'alerting') {
    await stopRinging(ctx, call, former);
    const peer: PeerLeg = Object.assign(leg, namesOf(leg));
    call.peer = peer;
    return peerIsThere(ctx, call, peer);
  }
  if (phase.kind === 'dialling') {
    await stopRinging(ctx, call, former);
    call.customer = leg;
    return farEndIsThere(ctx, call);
  }
  if (third) await pickUpThird(ctx, call, { third, leg });
};

const namesOf = ({ owner }: Leg): Pick<PeerLeg, 'number' | 'extension'> => {
  const extension = owner?.kind === 'phone' ? owner.extension : undefined;
  return { number: extension ?? '', extension };
};

/** The colleague's telephone rings no more, and an agent is free again. */
const stopRinging = async (ctx: CallContext, call: Call, former: Leg): Promise<void> => {
  const { agentLeg } = call;
  if (former === agentLeg) {
    call.agentLeg = undefined;
    ctx.acd.dispatch({ type: 'contact-left', contactId: call.contactId });
    callChanged(ctx, call, { agentId: agentLeg.agentId, state: 'ended', endReason: 'picked-up' });
  }
  if (former === call.customer && call.colleague) {
    const { agentId } = call.colleague;
    releaseColleague(ctx, call);
    callChanged(ctx, call, { agentId, state: 'ended', endReason: 'picked-up' });
  }
  const { outgoing } = former;
  former.outgoing = undefined;
  outgoing?.cancel();
  await closeEndpoint(ctx, former.endpointId);
};

/** A transfer or a consultation that rang there is answered here. */
const pickUpThird = async (ctx: CallContext, call: Call, of: { third: ThirdParty; leg: Leg }): Promise<void> => {
  const { third, leg } = of;
  const { agentId } = third;
  const hadCustomer = agentId !== undefined && third.contactId === undefined;
  await dropThird(ctx, call, 'picked-up');
  if (hadCustomer) {
    ctx.acd.dispatch({ type: 'contact-left', contactId: call.contactId });
    skipWrapUp(ctx, agentId, call.contactId);
  }
  const { number } = namesOf(leg);
  const target = { kind: 'outside', number, via: { kind: 'phone', userName: number } } as const;
  const picked = new ThirdParty(target, third.purpose);
  picked.progress = third.progress;
  picked.referrer = third.referrer;
  picked.state = { kind: 'ringing', leg: { kind: 'outside', outside: leg }, offerId: undefined };
  call.third = picked;
  await thirdAnswered(ctx, call);
};
