/** Offers: leases of one agent for one contact, each with an expiry. */
import { invariant } from '../../base/errors';
import { asId } from '../../base/ids';
import type { AgentId, ContactId, OfferId } from '../../base/ids';
import { moveAgent, updateAgent } from './agents';
import type { Work } from './agents';
import { longestIdle, waitingContacts } from './choose';
import type { AcdEffect, AcdEvent, Contact, QueueConfig } from './model';

type WithdrawReason = Extract<AcdEffect, { type: 'withdraw-offer' }>['reason'];

/** Offers every waiting contact, the most urgent first, to the best agent who is free for it. */
export const offerWaiting = (work: Work): void => {
  for (const contact of waitingContacts(work.state)) {
    const queue = contact.queueId === undefined ? undefined : work.state.queues.get(contact.queueId);
    invariant(queue, `waiting contact ${contact.contactId} is in no queue`);
    const agent = longestIdle(work.state, queue);
    if (agent) offer(work, contact, { queue, agentId: agent.agentId });
  }
};

const offer = (work: Work, contact: Contact, to: { queue: QueueConfig; agentId: AgentId }): void => {
  const { contactId } = contact;
  const { queue, agentId } = to;
  const offerId = asId<OfferId>(`${contactId}/${contact.offers + 1}`);
  const expiresAtMs = work.nowMs + queue.offerTimeoutMs;
  work.state.contacts.set(contactId, {
    ...contact,
    offers: contact.offers + 1,
    status: { kind: 'offered', offerId, agentId, expiresAtMs },
  });
  moveAgent(work, agentId, { kind: 'offered', contactId, offerId });
  work.effects.push({ type: 'offer', offerId, contactId, agentId, queueId: queue.queueId, expiresAtMs });
  work.effects.push({ type: 'queue-changed', queueId: queue.queueId });
};

/** The contact of an offer that still stands; a late word about an older offer finds none. */
const standing = (work: Work, event: { contactId: ContactId; offerId: OfferId }): Contact | undefined => {
  const contact = work.state.contacts.get(event.contactId);
  return contact?.status.kind === 'offered' && contact.status.offerId === event.offerId ? contact : undefined;
};

export const acceptOffer = (work: Work, event: Extract<AcdEvent, { type: 'offer-accepted' }>): string | undefined => {
  const contact = standing(work, event);
  if (contact?.status.kind !== 'offered') return `offer ${event.offerId} no longer stands`;
  const { agentId } = contact.status;
  work.state.contacts.set(contact.contactId, { ...contact, status: { kind: 'connected', agentId } });
  moveAgent(work, agentId, { kind: 'busy', contactId: contact.contactId });
  if (contact.queueId !== undefined) work.effects.push({ type: 'queue-changed', queueId: contact.queueId });
  return undefined;
};

export const failOffer = (work: Work, event: Extract<AcdEvent, { type: 'offer-failed' }>): string | undefined => {
  const contact = standing(work, event);
  if (!contact) return `offer ${event.offerId} no longer stands`;
  missed(work, contact);
  return undefined;
};

/** Offers whose time is up go back to the queue, and the agent who let them ring becomes not ready. */
export const expireOffers = (work: Work): void => {
  for (const contact of [...work.state.contacts.values()]) {
    if (contact.status.kind !== 'offered' || contact.status.expiresAtMs > work.nowMs) continue;
    const { offerId, agentId } = contact.status;
    const { contactId } = contact;
    work.effects.push({ type: 'withdraw-offer', offerId, contactId, agentId, reason: 'expired' });
    missed(work, contact);
  }
};

/** The contact keeps its place: its arrival does not change. Its agent is asked again only after becoming ready again. */
const missed = (work: Work, contact: Contact): void => {
  invariant(contact.status.kind === 'offered', `contact ${contact.contactId} is not offered`);
  const { agentId } = contact.status;
  const next = { kind: 'not-ready', reason: 'no-answer' } as const;
  updateAgent(work, agentId, { next });
  moveAgent(work, agentId, next);
  backToQueue(work, contact);
};

/** Takes an offer back, leaving the agent's status to the caller. */
export const withdrawOffer = (work: Work, contactId: ContactId, reason: WithdrawReason): void => {
  const contact = work.state.contacts.get(contactId);
  invariant(contact?.status.kind === 'offered', `contact ${contactId} is not offered`);
  const { offerId, agentId } = contact.status;
  work.effects.push({ type: 'withdraw-offer', offerId, contactId, agentId, reason });
  backToQueue(work, contact);
};

const backToQueue = (work: Work, contact: Contact): void => {
  work.state.contacts.set(contact.contactId, { ...contact, status: { kind: 'waiting' } });
  if (contact.queueId !== undefined) work.effects.push({ type: 'queue-changed', queueId: contact.queueId });
};
