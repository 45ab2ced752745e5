/**
 * Three-way calls and more: whom the agent consults joins the conversation, again and again. Those who have joined are
 * the call's guests; they talk with the customer wherever the agent is, and go on when the agent leaves.
 */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';
import { handOver, writeTransferDown } from './complete-transfer';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { dropThird, endOwnContact, releaseThirdLeg } from './drop-third';
import { closeEndpoint } from './end';
import { arrange, join } from './joint';
import { playMusic } from './music';
import { recordParties, recordVoices } from './recording';
import { releaseAgent } from './release-agent';
import { giveCustomer } from './third-answered';
import type { ThirdParty } from './third-party';

/** Customer and agent among them. */
export const MAX_PARTIES = 8;

/** Whom the agent consults talks with all from now on. Must run inside the call's serial queue. */
export const mergeConsult = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase, third, customer, agentLeg } = call;
  if (!inConversation(phase) || third?.purpose !== 'consult' || !customer || !agentLeg) {
    return fail('conflict', 'You are consulting nobody.');
  }
  if (third.state.kind !== 'talking' && third.state.kind !== 'held') {
    return fail('conflict', 'The consulted party has not answered yet.');
  }
  if (call.guests.length + 3 > MAX_PARTIES) return fail('overloaded', `A call has ${MAX_PARTIES} parties at most.`);
  const { leg } = third.state;
  const before = call.guests;
  call.third = undefined;
  call.guests = [...before, third];
  const joined = await join(ctx, call, [customer.endpointId, agentLeg.endpointId]);
  if (!joined.ok) {
    call.third = third;
    call.guests = before;
    return joined;
  }
  third.state = { kind: 'talking', leg };
  call.playId = undefined;
  call.moveTo({ kind: 'talking', agentId: phase.agentId });
  ctx.log.info({ callId: call.callId, by: phase.agentId, guest: nameOf(third) }, 'a consulted party joins the call');
  enterConversation(call);
  call.log.join(third.agentId === undefined ? 'other' : 'agent', nameOf(third));
  // Whom the agent consulted was in the customer's place.
  await recordParties(ctx, call);
  callChanged(ctx, call);
  return ok(undefined);
};

/** The agent leaves, the others talk on. Must run inside the call's serial queue. */
export const leaveToGuests = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase, guests } = call;
  const heir = heirAmong(guests);
  if (!inConversation(phase) || !heir) return fail('conflict', 'Nobody would be left with the customer.');
  const handed = handOver(ctx, call, heir);
  if (!handed.ok) return handed;
  await dropThird(ctx, call, 'consult-ended');
  writeTransferDown(ctx, call, { to: heir, by: phase.agentId });
  call.guests = guests.filter((guest) => guest !== heir);
  heir.purpose = 'transfer';
  call.third = heir;
  await releaseAgent(ctx, call);
  await giveCustomer(ctx, call);
  await recordVoices(ctx, call);
  return ok(undefined);
};

/** Who had the customer after the agent has left, too: a guest goes on. Must run inside the call's serial queue. */
export const outsideLeftToGuests = async (ctx: CallContext, call: Call): Promise<void> => {
  const { outside, guests } = call;
  const heir = heirAmong(guests);
  if (!outside || !heir) return;
  if (outside.owner?.kind === 'phone') call.log.leave(outside.owner.extension);
  call.outside = undefined;
  void outside.dialog?.hangup();
  await closeEndpoint(ctx, outside.endpointId);
  call.guests = guests.filter((guest) => guest !== heir);
  heir.purpose = 'transfer';
  call.third = heir;
  await giveCustomer(ctx, call);
  await recordVoices(ctx, call);
};

/** A guest is let go, or has gone; `reason` is machine-readable. Must run inside the call's serial queue. */
export const dropGuest = async (
  ctx: CallContext,
  call: Call,
  of: { guest: ThirdParty; reason: string },
): Promise<void> => {
  const { guest, reason } = of;
  if (!call.guests.includes(guest)) return;
  call.guests = call.guests.filter((other) => other !== guest);
  ctx.log.info({ callId: call.callId, guest: nameOf(guest), reason }, 'a party has left the call');
  call.log.leave(nameOf(guest));
  endOwnContact(ctx, guest, guest.agentId);
  await releaseThirdLeg(ctx, call, { third: guest, reason });
  const arranged = await arrange(ctx, call);
  if (!arranged.ok) ctx.log.error({ callId: call.callId, fault: arranged.fault }, 'a call could not be joined anew');
  // Who is left alone while the agent is elsewhere waits like every customer.
  if (call.phase.kind === 'held' || call.phase.kind === 'consulting') await playMusic(ctx, call);
  enterConversation(call);
  await recordVoices(ctx, call);
  callChanged(ctx, call);
};

/** The agent lets a party go, by its id in the desk's view. */
export const dropParty = async (ctx: CallContext, call: Call, partyId: string): Promise<Result<void>> => {
  const guest = call.guests.find(({ leg }) => leg?.endpointId === partyId);
  if (!guest) return fail('not_found', 'This party is not in the call, or cannot be let go.');
  await dropGuest(ctx, call, { guest, reason: 'dropped' });
  return ok(undefined);
};

const inConversation = (
  phase: Call['phase'],
): phase is Extract<Call['phase'], { kind: 'talking' | 'held' | 'consulting' }> =>
  phase.kind === 'talking' || phase.kind === 'held' || phase.kind === 'consulting';

/** An agent goes before a party outside, so that somebody of the house stays with the customer. */
const heirAmong = (guests: readonly ThirdParty[]): ThirdParty | undefined =>
  guests.find(({ agentId }) => agentId !== undefined) ?? guests[0];

/** As parties are named in the history. */
const nameOf = ({ agentId, target }: ThirdParty): string =>
  agentId ?? (target.kind === 'outside' ? target.number : target.kind === 'queue' ? target.queueId : target.agentId);
