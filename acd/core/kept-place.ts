/** A short drop of the line: who calls again soon has the old place in the queue. */
import type { Contact, Mutable } from './model';
import { customerKey } from './tenant';
import { placeContact, unplaceContact } from './waiting';
import type { Work } from './work';

/** More are not kept: the oldest are forgotten first. */
const MOST_KEPT = 10_000;

const customerOf = (work: Work, { attributes, queueId }: Contact): string | undefined => {
  const customer = attributes.customerId ?? attributes.caller;
  const queue = queueId === undefined ? undefined : work.state.queues.get(queueId);
  return customer === undefined ? undefined : customerKey(queue ?? {}, customer);
};

/** The contact has gone; its customer has the place at once who is here again already. */
export const keepPlace = (work: Work, contact: Contact, forMs: number): void => {
  const customer = customerOf(work, contact);
  const { queueId, arrivedAtMs, arrival, leg } = contact;
  if (customer === undefined || queueId === undefined || leg.kind === 'callback' || forMs <= 0) return;
  const { kept, contacts } = work.state;
  for (const other of contacts.values()) {
    if (other.queueId !== queueId || other.status.kind !== 'waiting' || customerOf(work, other) !== customer) continue;
    if (other.arrivedAtMs <= arrivedAtMs) return;
    unplaceContact(work, other);
    Object.assign(other, { arrivedAtMs, arrival });
    placeContact(work, other);
    return;
  }
  forgetOld(work);
  // Behind those that are there: the order of the map is that of keeping.
  kept.delete(customer);
  kept.set(customer, { queueId, arrivedAtMs, arrival, untilMs: work.nowMs + forMs });
};

/** Those at the front whose time is over, and the oldest of too many. */
const forgetOld = ({ state: { kept }, nowMs }: Work): void => {
  for (const [customer, { untilMs }] of kept) {
    if (untilMs > nowMs && kept.size < MOST_KEPT) return;
    kept.delete(customer);
  }
};

/** Of a contact that has just come; in another queue the old place means nothing. */
export const takeKeptPlace = (work: Work, contact: Mutable<Contact>): void => {
  const customer = customerOf(work, contact);
  const place = customer === undefined ? undefined : work.state.kept.get(customer);
  if (customer === undefined || !place) return;
  work.state.kept.delete(customer);
  if (place.untilMs < work.nowMs || place.queueId !== contact.queueId) return;
  contact.arrivedAtMs = Math.min(contact.arrivedAtMs, place.arrivedAtMs);
  contact.arrival = place.arrival;
};
