/** Callbacks: the same place in the queue with another leg, so that it is kept, merged, and ended exactly once. */
import { leaveQueue, removeContact, freeAgent, takeLine } from './contacts';
import type { AcdEvent } from './events';
import type { AcdState, Contact, Mutable, Queue } from './model';
import { NEVER_MS, placeContact, queueOf, replaceContact, unplaceContact } from './waiting';
import type { Work } from './work';

const DEFAULT_RULES = { maxAttempts: 3, retryMs: 10 * 60_000 } as const;

/** Who is to be called back: the customer as known, or else the number. */
const customerOf = (contact: Contact): string | undefined =>
  contact.attributes.customerId ?? (contact.leg.kind === 'callback' ? contact.leg.number : undefined);

/** The callback that a new contact of this customer makes needless; none while the customer is being called. */
export const callbackOf = (state: AcdState, customer: string | undefined): Contact | undefined => {
  const contact = customer === undefined ? undefined : state.callbacks.get(customer);
  return contact?.status.kind === 'connected' ? undefined : contact;
};

export const forgetCallback = (state: AcdState, contact: Contact): void => {
  for (const key of [contact.attributes.customerId, numberOf(contact)]) {
    if (key !== undefined && state.callbacks.get(key) === contact) state.callbacks.delete(key);
  }
};

const numberOf = (contact: Contact): string | undefined =>
  contact.leg.kind === 'callback' ? contact.leg.number : contact.attributes.caller;

export const requestCallback = (
  work: Work,
  event: Extract<AcdEvent, { type: 'callback-requested' }>,
): string | undefined => {
  const contact: Mutable<Contact> | undefined = work.state.contacts.get(event.contactId);
  if (!contact) return `there is no contact ${event.contactId}`;
  if (contact.status.kind !== 'waiting') return `contact ${event.contactId} is ${contact.status.kind}`;
  const { number, notBeforeMs = 0, notAfterMs = NEVER_MS } = event;
  if (notAfterMs <= Math.max(work.nowMs, notBeforeMs)) return `the time to call ${number} back is over`;
  if (contact.leg.kind === 'callback') return `contact ${event.contactId} is called back already`;
  const other = callbackOf(work.state, contact.attributes.customerId ?? number);
  if (other) return `the customer is called back by contact ${other.contactId} already`;
  contact.leg = { kind: 'callback', number, attempts: 0, notBeforeMs, notAfterMs };
  work.state.callbacks.set(customerOf(contact) ?? number, contact);
  if (notBeforeMs > work.nowMs) restUntil(work, contact, notBeforeMs);
  else replaceContact(work, contact);
  return undefined;
};

const restUntil = (work: Work, contact: Mutable<Contact>, untilMs: number): void => {
  if (contact.status.kind === 'waiting') unplaceContact(work, contact);
  contact.status = { kind: 'resting', untilMs };
  contact.reviewAtMs = untilMs;
  work.state.deadlines.add({ kind: 'review', atMs: untilMs, contactId: contact.contactId });
};

export const failCallback = (work: Work, event: Extract<AcdEvent, { type: 'callback-failed' }>): string | undefined => {
  const contact: Mutable<Contact> | undefined = work.state.contacts.get(event.contactId);
  if (contact?.leg.kind !== 'callback' || contact.status.kind !== 'connected') {
    return `contact ${event.contactId} is not being called back`;
  }
  const queue: Mutable<Queue> = queueOf(work, contact);
  const { maxAttempts, retryMs } = queue.callback ?? DEFAULT_RULES;
  freeAgent(work, contact, { agentId: contact.status.agentId, wrapUpMs: 0 });
  const againAtMs = work.nowMs + retryMs;
  const reason =
    contact.leg.attempts >= maxAttempts ? 'attempts' : againAtMs >= contact.leg.notAfterMs ? 'too-late' : undefined;
  if (reason) {
    removeContact(work.state, contact);
    work.effects.push({ type: 'callback-over', contactId: contact.contactId, reason });
  } else {
    queue.length += 1;
    restUntil(work, contact, againAtMs);
  }
  work.effects.push({ type: 'queue-changed', queueId: queue.queueId });
  return undefined;
};

export const answerCallback = (
  work: Work,
  event: Extract<AcdEvent, { type: 'callback-answered' }>,
): string | undefined => {
  const contact = work.state.contacts.get(event.contactId);
  if (contact?.leg.kind !== 'callback' || contact.status.kind !== 'connected') {
    return `contact ${event.contactId} is not being called back`;
  }
  takeLine(work.state, contact);
  return undefined;
};

/** At a review: the rest is over, or the time in which the customer may be called. Returns whether the contact is gone. */
export const reviewCallback = (work: Work, contact: Mutable<Contact>): boolean => {
  if (contact.leg.kind === 'callback' && contact.leg.notAfterMs <= work.nowMs) {
    leaveQueue(work, contact, 'contact-left');
    removeContact(work.state, contact);
    work.effects.push({ type: 'callback-over', contactId: contact.contactId, reason: 'too-late' });
    return true;
  }
  if (contact.status.kind === 'resting' && contact.status.untilMs <= work.nowMs) {
    contact.status = { kind: 'waiting' };
    placeContact(work, contact);
  }
  return false;
};

/** A customer who calls again has the place of the callback, which is over. */
export const mergeCallback = (work: Work, of: { callback: Contact; contact: Mutable<Contact> }): void => {
  const { callback, contact } = of;
  leaveQueue(work, callback, 'contact-left');
  removeContact(work.state, callback);
  if (callback.queueId === contact.queueId) {
    contact.arrivedAtMs = callback.arrivedAtMs;
    contact.arrival = callback.arrival;
  }
  work.effects.push({ type: 'callback-over', contactId: callback.contactId, reason: 'merged' });
};
