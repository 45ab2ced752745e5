/**
 * Attended transfer by SIP: who has two calls with us puts the other parties of both through to each other (RFC 3515 and
 * 3891; RFC 5589, section 7). Both calls are ours, so that nobody is called anew: one party moves into the other call.
 */
import type { ReferRequest } from '../signaling/ports';
import { adoptDialog } from './answer';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { endCall } from './end';
import { findByDialog } from './find-leg';
import type { Seat } from './find-leg';
import { isSameOwner } from './leg-owner';
import { onBothCalls } from './on-both-calls';
import { recordConversation } from './recording';
import { endMask } from './recording-mask';
import { endNotice } from './recording-notice';
import { swapCalled } from './swap-called';
import { swapCustomer } from './swap-customer';
import { numberOf, tellStory } from './tell-story';

/** Must not run inside a call's serial queue. */
export const joinCalls = (ctx: CallContext, from: Seat, of: { refer: ReferRequest; dialogId: string }): void => {
  const { refer, dialogId } = of;
  const to = findByDialog(ctx, dialogId);
  if (!to || to.call === from.call) return refer.refuse(603, 'No call to join');
  onBothCalls(ctx, [from.call, to.call], () => join(ctx, { from, to, refer }));
};

const join = async (ctx: CallContext, of: { from: Seat; to: Seat; refer: ReferRequest }): Promise<void> => {
  const { from, to, refer } = of;
  const about = { from: from.call.callId, to: to.call.callId, owner: from.leg.owner };
  if (!mayJoin(ctx, from.leg, to.leg)) {
    ctx.log.warn(about, 'who may not transfer calls asked for it');
    return refer.refuse(603, 'Transfers are not allowed here');
  }
  const move = planOf(from, to);
  if (!move) return refer.refuse(486, 'This call cannot be joined now');
  ctx.log.info(about, 'two calls are joined by a transfer');
  // Told before the calls of the one who asked end, since the NOTIFY goes within them.
  refer.accept().report(200);
  await moveParty(ctx, move);
};

/** Of a trunk only where that is allowed, of an agent's browser never: it has one call. */
const mayJoin = (ctx: CallContext, { owner }: Leg, other: Leg): boolean => {
  if (!owner || owner.kind === 'agent' || !isSameOwner(owner, other.owner)) return false;
  return owner.kind === 'phone' || (ctx.directory.mayRefer?.(owner.trunkId) ?? false);
};

/** Who is left of a call without the one who transfers: a party that can move, or an agent or queue, which cannot. */
type Staying =
  { readonly kind: 'party'; readonly leg: Leg; readonly isCustomer: boolean } | { readonly kind: 'place' } | undefined;

const stayingOf = ({ call, leg }: Seat): Staying => {
  const { phase, customer, peer, outside } = call;
  if (call.third || call.guests.length > 0 || leg.dialog?.ended) return undefined;
  if (leg === customer) {
    const called = outside ?? peer;
    if (phase.kind === 'forwarded') return called && { kind: 'party', leg: called, isCustomer: false };
    return PLACES.has(phase.kind) ? { kind: 'place' } : undefined;
  }
  const isCalled = leg === peer || leg === outside;
  if (!isCalled || phase.kind !== 'forwarded' || !customer?.dialog) return undefined;
  return { kind: 'party', leg: customer, isCustomer: true };
};

const PLACES: ReadonlySet<Call['phase']['kind']> = new Set(['flow', 'queued', 'ringing', 'talking', 'held']);

interface Move {
  /** The call that goes on, and whose place is taken in it. */
  readonly host: Seat;
  /** The call that ends, and who leaves it for the other one. */
  readonly guest: Seat;
  /** The transferring party's leg in the guest's call. */
  readonly former: Leg;
  /** The guest is the customer, and brings the history along. */
  readonly bringsStory: boolean;
}

/** A customer stays where its history is; an agent or a queue keeps its call, since browser and ACD know it by its id. */
const planOf = (from: Seat, to: Seat): Move | undefined => {
  const [here, there] = [stayingOf(from), stayingOf(to)];
  const into = (host: Seat, from: Seat & { staying: Staying & { kind: 'party' } }): Move => {
    const { call, leg: former, staying } = from;
    const bringsStory = staying.isCustomer && host.leg === host.call.customer;
    return { host, guest: { call, leg: staying.leg }, former, bringsStory };
  };
  if (there?.kind === 'party') {
    const comesHere = here?.kind === 'place' || (here?.kind === 'party' && (here.isCustomer || !there.isCustomer));
    if (comesHere) return into(from, { ...to, staying: there });
  }
  if (here?.kind === 'party' && there) return into(to, { ...from, staying: here });
  return undefined;
};

const CONVERSATIONS: ReadonlySet<Call['phase']['kind']> = new Set(['talking', 'held', 'forwarded']);

const moveParty = async (ctx: CallContext, { host, guest, former, bringsStory }: Move): Promise<void> => {
  const { call, leg: place } = host;
  const { leg } = guest;
  const takesCustomersPlace = place === call.customer;
  const leaving = bringsStory ? numberOf(guest.call, former) : numberOf(call, place);
  const names = { guest: numberOf(guest.call, leg), leaving };
  // What was to be said or keyed was for somebody else.
  for (const each of [call, guest.call]) {
    await endMask(ctx, each, { kind: 'system' });
    endNotice(each);
  }
  takeOut(guest);
  ctx.callsByEndpoint.set(leg.endpointId, call.callId);
  if (bringsStory) call.exchangeStory(guest.call);
  tellStory({ host, bringsStory, names });
  await (takesCustomersPlace ? swapCustomer(ctx, call, leg) : swapCalled(ctx, call, leg));
  if (leg.dialog) adoptDialog(ctx, call, { leg, dialog: leg.dialog });
  // The recording that has come with the history has heard somebody else on the agent's channel.
  if (CONVERSATIONS.has(call.phase.kind)) await recordConversation(ctx, call);
  await endCall(ctx, guest.call, { party: 'caller', reason: 'transferred' });
  if (bringsStory) guest.call.writeInto(call);
};

/** So that the end of the call leaves this party alone. */
const takeOut = ({ call, leg }: Seat): void => {
  if (call.customer === leg) call.customer = undefined;
  if (call.peer === leg) call.peer = undefined;
  if (call.outside === leg) call.outside = undefined;
};
