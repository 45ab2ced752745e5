/** Callbacks: the same place in the queue with another leg, so that it is kept, merged, and ended exactly once. */
import { invariant } from '../../base/errors';
import { leaveQueue, removeContact, freeAgent, takeLine } from './contacts';
import { callableFromMs, hoursFault } from './callback-hours';
import type { AcdEvent, UnmadeCallback } from './events';
import { NEVER_MS } from './index/deadlines';
import type { AcdState, Contact, Mutable, Queue } from './model';
import { withdrawOffers } from './offers';
import { customerKey, ownerOf } from './tenant';
import type { Tenanted } from './tenant';
import { placeContact, queueOf, replaceContact, reviewOffered } from './waiting';
import type { Work } from './work';

const DEFAULT_RULES = { maxAttempts: 3, retryMs: 10 * 60_000 } as const;

/** By the customer as known, or else by the number. */
export const rememberCallback = (state: AcdState, contact: Contact): void => {
  const { leg, attributes } = contact;
  if (leg.kind !== 'callback') return;
  state.callbacks.set(customerKey(ownerOf(state, contact), attributes.customerId ?? leg.number), contact);
};

/** The callback that a new contact of this customer makes needless; none while the customer is being called. */
export const callbackOf = (state: AcdState, of: Tenanted, customer: string | undefined): Contact | undefined => {
  const contact = customer === undefined ? undefined : state.callbacks.get(customerKey(of, customer));
  return contact?.status.kind === 'connected' ? undefined : contact;
};

export const forgetCallback = (state: AcdState, contact: Contact): void => {
  if (state.callbacks.size === 0) return;
  const owner = ownerOf(state, contact);
  for (const customer of [contact.attributes.customerId, numberOf(contact)]) {
    if (customer === undefined) continue;
    const key = customerKey(owner, customer);
    if (state.callbacks.get(key) === contact) state.callbacks.delete(key);
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
  const { number, notBeforeMs = 0, notAfterMs = NEVER_MS, hours } = event;
  const fault = hours && hoursFault(hours);
  if (fault !== undefined) return `the hours of ${number}: ${fault}`;
  if (contact.leg.kind === 'callback') return `contact ${event.contactId} is called back already`;
  const leg = { kind: 'callback', number, attempts: 0, notBeforeMs, notAfterMs, ...(hours && { hours }) } as const;
  if (callableFromMs(queueOf(work, contact), leg, work.nowMs) === NEVER_MS)
    return `there is no time at which ${number} may be called back`;
  const other = callbackOf(work.state, queueOf(work, contact), contact.attributes.customerId ?? number);
  if (other) return `the customer is called back by contact ${other.contactId} already`;
  contact.leg = leg;
  rememberCallback(work.state, contact);
  replaceContact(work, contact);
  return undefined;
};

/** Whoever waits, rests or rings in the queue does so by the new hours at once. */
export const setCallbackHours = (
  work: Work,
  event: Extract<AcdEvent, { type: 'callback-hours-set' }>,
): string | undefined => {
  const queue: Mutable<Queue> | undefined = work.state.queues.get(event.queueId);
  if (!queue) return `there is no queue ${event.queueId}`;
  const fault = event.hours && hoursFault(event.hours);
  if (fault !== undefined) return `the callback hours of ${event.queueId}: ${fault}`;
  queue.callbackHours = event.hours;
  for (const contact of work.state.contacts.values())
    if (contact.queueId === queue.queueId && contact.leg.kind === 'callback') settleByHours(work, contact);
  return undefined;
};

/** Begins to wait, or to rest, as the hours have it now. */
const settleByHours = (work: Work, contact: Mutable<Contact>): void => {
  const { leg, status } = contact;
  if (leg.kind !== 'callback' || status.kind === 'connected') return;
  if (status.kind === 'offered') {
    if (callableFromMs(queueOf(work, contact), leg, work.nowMs) === work.nowMs) return reviewOffered(work, contact);
    withdrawOffers(work, contact, { reason: 'hours-over' });
  }
  if (status.kind === 'waiting') replaceContact(work, contact);
  else placeContact(work, contact);
  if (contact.status.kind !== status.kind) {
    work.effects.push({ type: 'queue-changed', queueId: queueOf(work, contact).queueId });
  }
};

export const failCallback = (work: Work, event: Extract<AcdEvent, { type: 'callback-failed' }>): string | undefined => {
  const contact: Mutable<Contact> | undefined = work.state.contacts.get(event.contactId);
  if (contact?.leg.kind !== 'callback' || contact.status.kind !== 'connected') {
    return `contact ${event.contactId} is not being called back`;
  }
  const queue: Mutable<Queue> = queueOf(work, contact);
  const { maxAttempts, retryMs } = queue.callback ?? DEFAULT_RULES;
  freeAgent(work, contact, { agentId: contact.status.agentId, wrapUpMs: 0 });
  const leg = { ...contact.leg, notBeforeMs: Math.max(contact.leg.notBeforeMs, work.nowMs + retryMs) };
  const isTooLate = callableFromMs(queue, leg, work.nowMs) === NEVER_MS;
  const reason = leg.attempts >= maxAttempts ? 'attempts' : isTooLate ? 'too-late' : undefined;
  if (reason) {
    removeContact(work.state, contact);
    work.effects.push({ type: 'callback-over', contactId: contact.contactId, reason });
  } else {
    queue.length += 1;
    contact.leg = leg;
    placeContact(work, contact);
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

/** At a review: hours begin or end, or the time in which the customer may be called at all. Returns whether it is gone. */
export const reviewCallback = (work: Work, contact: Mutable<Contact>): boolean => {
  if (contact.leg.kind !== 'callback') return false;
  if (contact.leg.notAfterMs <= work.nowMs) {
    const unmade = unmadeOf(contact);
    leaveQueue(work, contact, 'contact-left');
    removeContact(work.state, contact);
    work.effects.push({ type: 'callback-over', contactId: contact.contactId, reason: 'too-late', unmade });
    return true;
  }
  settleByHours(work, contact);
  return false;
};

const unmadeOf = ({ leg, queueId, arrivedAtMs, attributes }: Contact): UnmadeCallback => {
  invariant(leg.kind === 'callback' && queueId !== undefined, 'only callbacks that wait in a queue become too late');
  const { number, attempts } = leg;
  const { language } = attributes;
  return { queueId, number, attempts, arrivedAtMs, ...(language !== undefined && { language }) };
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
