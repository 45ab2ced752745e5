/** Offers: leases of one agent for one contact, each with an expiry. */
import { invariant } from '../../base/errors';
import { asId } from '../../base/ids';
import type { AgentId, ContactId, OfferId } from '../../base/ids';
import { agentOf, changeAgent, engage, isFreeFor, release } from './agents';
import type { ContactEvent, OfferEvent, WithdrawReason } from './events';
import { bestInLane, bestPair, pairOf } from './match';
import type { Pair } from './match';
import type { Contact, Mutable, Offer, Queue } from './model';
import { isSameTenant } from './tenant';
import { placeContact, queueOf, reviewOffered, unplaceContact } from './waiting';
import type { Work } from './work';

/** Offers the best pair, then the best of those that are left, until nobody waits for whom an agent is free. */
export const offerWaiting = (work: Work): void => {
  for (let pair = bestPair(work); pair; pair = bestPair(work)) {
    const { contact } = pair;
    const { lane } = contact;
    offer(work, pair);
    const queue = queueOf(work, contact);
    const atOnce = contact.attributes.oneAtATime ? 1 : (queue.plan.strategy.atOnce?.(queue) ?? 1);
    let more = lane === undefined ? 0 : atOnce - 1;
    for (; more > 0; more -= 1) {
      const next = lane && bestInLane(work, contact, lane);
      if (!next) break;
      offer(work, next);
    }
  }
};

/** A supervisor gives a contact that waits, or rings at others, to an agent who is free. */
export const assignContact = (
  work: Work,
  event: Extract<ContactEvent, { type: 'contact-assigned' }>,
): string | undefined => {
  const contact: Mutable<Contact> | undefined = work.state.contacts.get(event.contactId);
  const agent = work.state.agents.get(event.agentId);
  if (!contact) return `there is no contact ${event.contactId}`;
  if (!agent) return `there is no agent ${event.agentId}`;
  const { kind } = contact.status;
  if (kind !== 'waiting' && kind !== 'offered') return `contact ${event.contactId} is ${kind}`;
  if (!isSameTenant(queueOf(work, contact), agent)) return `agent ${event.agentId} works for another tenant`;
  if (!isFreeFor(agent, contact.channel)) return `agent ${event.agentId} is not free`;
  if (kind === 'offered') {
    withdrawOffers(work, contact, { reason: 'contact-moved' });
    contact.status = { kind: 'waiting' };
    placeContact(work, contact);
  }
  offer(work, pairOf(work, contact, agent), true);
  return undefined;
};

const offer = (work: Work, pair: Pair, isAssigned = false): void => {
  const { state, nowMs } = work;
  const { agent, score } = pair;
  const contact: Mutable<Contact> = pair.contact;
  const { contactId } = contact;
  const { agentId } = agent;
  const queue = queueOf(work, contact);
  const { queueId } = queue;
  const decision = state.decisions + 1;
  state.rules.observe?.(state, {
    ...{ decision, contactId, agentId, queueId, score, nowMs },
    ...(isAssigned && { isAssigned }),
  });
  state.decisions = decision;
  const offerId = asId<OfferId>(`${contactId}/${contact.offers + 1}`);
  const expiresAtMs = nowMs + queue.offerTimeoutMs;
  const standing = contact.status.kind === 'offered' ? contact.status.offers : [];
  if (standing.length === 0) unplaceContact(work, contact);
  contact.offers += 1;
  contact.status = { kind: 'offered', offers: [...standing, { offerId, agentId, expiresAtMs }] };
  if (contact.leg.kind === 'callback') reviewOffered(work, contact);
  changeAgent(work, agent, (changing) => {
    engage(changing, { kind: 'offered', contactId, channel: contact.channel, offerId });
    if (queue.plan.strategy.name === 'round-robin') queue.turns.set(agentId, decision);
  });
  state.deadlines.add({ kind: 'offer', atMs: expiresAtMs, contactId, offerId });
  work.effects.push({ type: 'offer', offerId, contactId, agentId, queueId, expiresAtMs, decision, score });
  work.effects.push({ type: 'queue-changed', queueId });
};

type OfferName = Pick<Offer, 'offerId'> & Pick<Contact, 'contactId'>;

/** An offer that still stands, with its contact; a late word about an older offer finds none. */
const standing = (work: Work, of: OfferName): { contact: Contact; offer: Offer } | undefined => {
  const contact = work.state.contacts.get(of.contactId);
  if (contact?.status.kind !== 'offered') return undefined;
  const found = contact.status.offers.find(({ offerId }) => offerId === of.offerId);
  return found && { contact, offer: found };
};

export const acceptOffer = (work: Work, event: Extract<OfferEvent, { type: 'offer-accepted' }>): string | undefined => {
  const found = standing(work, event);
  if (!found) return `offer ${event.offerId} no longer stands`;
  const contact: Mutable<Contact> = found.contact;
  const { agentId } = found.offer;
  const { contactId, channel } = contact;
  withdrawOffers(work, contact, { reason: 'taken', except: event.offerId });
  contact.status = { kind: 'connected', agentId, sinceMs: work.nowMs };
  changeAgent(work, agentOf(work, agentId), (changing) => {
    engage(changing, { kind: 'connected', contactId, channel });
    changing.handled += 1;
  });
  const queue: Mutable<Queue> = queueOf(work, contact);
  queue.length -= 1;
  if (contact.leg.kind === 'callback') {
    const { number } = contact.leg;
    contact.leg = { ...contact.leg, attempts: contact.leg.attempts + 1 };
    contact.reviewAtMs = undefined;
    work.effects.push({ type: 'call-customer', contactId, agentId, number });
  }
  work.effects.push({ type: 'queue-changed', queueId: queue.queueId });
  return undefined;
};

export const failOffer = (work: Work, event: Extract<OfferEvent, { type: 'offer-failed' }>): string | undefined => {
  const found = standing(work, event);
  if (!found) return `offer ${event.offerId} no longer stands`;
  missed(work, found);
  return undefined;
};

/** An offer whose time is up goes back to the queue, and the agent who let it ring becomes not ready. */
export const expireOffer = (work: Work, of: OfferName): void => {
  const found = standing(work, of);
  if (!found) return;
  const { offerId, agentId } = found.offer;
  work.effects.push({ type: 'withdraw-offer', offerId, contactId: of.contactId, agentId, reason: 'expired' });
  missed(work, found);
};

/** The contact keeps its place: its arrival does not change. Its agent is asked again only after becoming ready again. */
const missed = (work: Work, of: { contact: Contact; offer: Offer }): void => {
  changeAgent(work, agentOf(work, of.offer.agentId), (changing) => {
    release(changing, of.contact.contactId);
    // A delayed sign-out stays one.
    if (changing.intent.kind === 'ready') changing.intent = { kind: 'not-ready', reason: 'no-answer' };
  });
  takeBack(work, of.contact, of.offer.offerId);
};

/** Takes back the offers of a contact, all or all but one; the agents are free again. */
export const withdrawOffers = (
  work: Work,
  contact: Contact,
  of: { readonly reason: WithdrawReason; readonly except?: OfferId },
): void => {
  if (contact.status.kind !== 'offered') return;
  const { contactId } = contact;
  for (const { offerId, agentId } of contact.status.offers) {
    if (offerId === of.except) continue;
    work.effects.push({ type: 'withdraw-offer', offerId, contactId, agentId, reason: of.reason });
    changeAgent(work, agentOf(work, agentId), (changing) => release(changing, contactId));
  }
};

/** Whoever was to make the offers could not: the contact waits again at its old place, its agents are free. */
export const interruptOffers = (work: Work, contactId: ContactId): string | undefined => {
  const contact = work.state.contacts.get(contactId);
  if (contact?.status.kind !== 'offered') return `contact ${contactId} is not offered`;
  withdrawOffers(work, contact, { reason: 'interrupted' });
  (contact as Mutable<Contact>).status = { kind: 'waiting' };
  placeContact(work, contact);
  work.effects.push({ type: 'queue-changed', queueId: queueOf(work, contact).queueId });
  return undefined;
};

/** Takes back what rings at an agent who is leaving. */
export const withdrawFromAgent = (work: Work, agentId: AgentId): void => {
  for (const engagement of [...agentOf(work, agentId).engagements]) {
    if (engagement.kind !== 'offered') continue;
    const { contactId, offerId } = engagement;
    const contact = work.state.contacts.get(contactId);
    invariant(contact, `agent ${agentId} is offered ${contactId}, which is not there`);
    work.effects.push({ type: 'withdraw-offer', offerId, contactId, agentId, reason: 'agent-left' });
    changeAgent(work, agentOf(work, agentId), (changing) => release(changing, contactId));
    takeBack(work, contact, offerId);
  }
};

/** One offer less; without any the contact waits again. */
const takeBack = (work: Work, contact: Mutable<Contact>, offerId: OfferId): void => {
  invariant(contact.status.kind === 'offered', `contact ${contact.contactId} is not offered`);
  const offers = contact.status.offers.filter((one) => one.offerId !== offerId);
  if (offers.length > 0) {
    contact.status = { kind: 'offered', offers };
    return;
  }
  contact.status = { kind: 'waiting' };
  placeContact(work, contact);
  work.effects.push({ type: 'queue-changed', queueId: queueOf(work, contact).queueId });
};
