/** A contact's way through the ACD: arrival, leaving, and its end. */
import type { ContactId } from '../../base/ids';
import { moveAgent, moveToNext, updateAgent } from './agents';
import type { Work } from './agents';
import type { AcdEvent, Contact } from './model';
import { withdrawOffer } from './offers';

export const contactArrived = (
  work: Work,
  event: Extract<AcdEvent, { type: 'contact-arrived' }>,
): string | undefined => {
  if (!work.state.queues.has(event.queueId)) return `there is no queue ${event.queueId}`;
  if (work.state.contacts.has(event.contactId)) return `contact ${event.contactId} is here already`;
  work.state.arrivals += 1;
  work.state.contacts.set(event.contactId, {
    contactId: event.contactId,
    queueId: event.queueId,
    priority: event.priority,
    arrivedAtMs: work.nowMs,
    arrival: work.state.arrivals,
    offers: 0,
    status: { kind: 'waiting' },
  });
  work.effects.push({ type: 'queue-changed', queueId: event.queueId });
  return undefined;
};

export const contactLeft = (work: Work, contactId: ContactId): string | undefined => {
  const contact = work.state.contacts.get(contactId);
  if (!contact) return `there is no contact ${contactId}`;
  if (contact.status.kind === 'connected') return contactEnded(work, contactId);
  if (contact.status.kind === 'offered') {
    const { agentId } = contact.status;
    withdrawOffer(work, contactId, 'contact-left');
    moveToNext(work, agentId);
  }
  remove(work, contact);
  return undefined;
};

export const beginContact = (work: Work, event: Extract<AcdEvent, { type: 'contact-begun' }>): string | undefined => {
  const agent = work.state.agents.get(event.agentId);
  if (!agent) return `there is no agent ${event.agentId}`;
  const { kind } = agent.status;
  if (kind === 'signed-out' || kind === 'offered' || kind === 'busy') return `agent ${event.agentId} is ${kind}`;
  if (work.state.contacts.has(event.contactId)) return `contact ${event.contactId} is here already`;
  work.state.arrivals += 1;
  work.state.contacts.set(event.contactId, {
    contactId: event.contactId,
    queueId: event.queueId,
    priority: 0,
    arrivedAtMs: work.nowMs,
    arrival: work.state.arrivals,
    offers: 0,
    status: { kind: 'connected', agentId: event.agentId },
  });
  moveAgent(work, event.agentId, { kind: 'busy', contactId: event.contactId });
  return undefined;
};

export const agentLost = (work: Work, contactId: ContactId): string | undefined => {
  const contact = work.state.contacts.get(contactId);
  if (contact?.status.kind !== 'connected') return `contact ${contactId} is not connected`;
  if (contact.queueId === undefined) return `contact ${contactId} came from no queue`;
  const { agentId } = contact.status;
  const next = { kind: 'not-ready', reason: 'device-lost' } as const;
  updateAgent(work, agentId, { next, idleSinceMs: work.nowMs });
  moveAgent(work, agentId, next);
  work.state.contacts.set(contactId, { ...contact, status: { kind: 'waiting' } });
  work.effects.push({ type: 'queue-changed', queueId: contact.queueId });
  return undefined;
};

export const contactEnded = (work: Work, contactId: ContactId): string | undefined => {
  const contact = work.state.contacts.get(contactId);
  if (contact?.status.kind !== 'connected') return `contact ${contactId} is not connected`;
  const { agentId } = contact.status;
  const wrapUpMs = contact.queueId === undefined ? 0 : (work.state.queues.get(contact.queueId)?.wrapUpMs ?? 0);
  updateAgent(work, agentId, { idleSinceMs: work.nowMs });
  if (wrapUpMs > 0) moveAgent(work, agentId, { kind: 'wrap-up', contactId, untilMs: work.nowMs + wrapUpMs });
  else moveToNext(work, agentId);
  remove(work, contact);
  return undefined;
};

const remove = (work: Work, contact: Contact): void => {
  work.state.contacts.delete(contact.contactId);
  if (contact.queueId !== undefined) work.effects.push({ type: 'queue-changed', queueId: contact.queueId });
};
