/** A contact's way through the ACD: arrival, moves between queues, leaving, and its end. */
import { invariant } from '../../base/errors';
import type { AgentId, ContactId, QueueId } from '../../base/ids';
import { agentOf, changeAgent, engage, release } from './agents';
import { callbackOf, forgetCallback, mergeCallback } from './callback';
import type { AcdEvent } from './events';
import type { AcdState, Contact, Mutable, Queue } from './model';
import { withdrawOffers } from './offers';
import { overflowOnEntry } from './overflow';
import { keepPlace, takeKeptPlace } from './kept-place';
import { isSameTenant, ownerOf } from './tenant';
import { placeContact, queueOf, replaceContact, unplaceContact } from './waiting';
import type { Work } from './work';

type EventOf<Type extends AcdEvent['type']> = Extract<AcdEvent, { type: Type }>;

export const contactArrived = (work: Work, event: EventOf<'contact-arrived'>): string | undefined => {
  const { state, nowMs } = work;
  const { contactId, queueId, priority, attributes = {} } = event;
  const queue = state.queues.get(queueId);
  if (!queue) return `there is no queue ${queueId}`;
  if (state.contacts.has(contactId)) return `contact ${contactId} is here already`;
  if (!Number.isSafeInteger(priority)) return `priority ${priority} is not a whole number`;
  state.arrivals += 1;
  const contact = newContact({ contactId, queueId, nowMs, arrival: state.arrivals });
  contact.arrivedAtMs = firstArrivalMs(event, nowMs);
  contact.priority = priority + (queue.priority ?? 0);
  contact.attributes = attributes;
  contact.channel = attributes.channel ?? 'voice';
  takeKeptPlace(work, contact);
  const earlier = callbackOf(state, queue, attributes.customerId ?? attributes.caller);
  if (earlier) mergeCallback(work, { callback: earlier, contact });
  state.contacts.set(contactId, contact);
  enterQueue(work, contact);
  return undefined;
};

/** Nobody can have come later than now. */
const firstArrivalMs = ({ arrivedAtMs }: { readonly arrivedAtMs?: number }, nowMs: number): number =>
  Math.min(arrivedAtMs ?? nowMs, nowMs);

/** A contact in the state that it has before anything is done with it. */
const newContact = (of: {
  contactId: ContactId;
  queueId: QueueId | undefined;
  nowMs: number;
  arrival: number;
}): Mutable<Contact> => ({
  contactId: of.contactId,
  queueId: of.queueId,
  channel: 'voice',
  attributes: {},
  priority: 0,
  arrivedAtMs: of.nowMs,
  arrival: of.arrival,
  offers: 0,
  status: { kind: 'waiting' },
  leg: { kind: 'line' },
  toldPosition: undefined,
  overflowsDone: 0,
  reviewAtMs: undefined,
  lane: undefined,
  baseScore: 0,
});

const enterQueue = (work: Work, contact: Contact): void => {
  const queue: Mutable<Queue> = queueOf(work, contact);
  queue.length += 1;
  placeContact(work, contact);
  work.effects.push({ type: 'queue-changed', queueId: queue.queueId });
  overflowOnEntry(work, contact);
};

export const contactLeft = (
  work: Work,
  { contactId, keepPlaceMs }: Pick<EventOf<'contact-left'>, 'contactId' | 'keepPlaceMs'>,
): string | undefined => {
  const contact = work.state.contacts.get(contactId);
  if (!contact) return `there is no contact ${contactId}`;
  if (contact.status.kind === 'connected') return contactEnded(work, contactId);
  leaveQueue(work, contact, 'contact-left');
  removeContact(work.state, contact);
  if (keepPlaceMs !== undefined) keepPlace(work, contact, keepPlaceMs);
  return undefined;
};

/** Out of its queue, whatever it did there; it has no place any more. */
export const leaveQueue = (work: Work, contact: Contact, reason: 'contact-left' | 'contact-moved'): void => {
  const queue: Mutable<Queue> = queueOf(work, contact);
  if (contact.status.kind === 'waiting') unplaceContact(work, contact);
  withdrawOffers(work, contact, { reason });
  queue.length -= 1;
  work.effects.push({ type: 'queue-changed', queueId: queue.queueId });
};

export const removeContact = (state: AcdState, contact: Contact): void => {
  forgetCallback(state, contact);
  state.contacts.delete(contact.contactId);
};

export const beginContact = (work: Work, event: EventOf<'contact-begun'>): string | undefined => {
  const { state, nowMs } = work;
  const { contactId, agentId, queueId } = event;
  const agent = state.agents.get(agentId);
  if (!agent) return `there is no agent ${agentId}`;
  const { kind } = agent.status;
  if (kind === 'signed-out' || kind === 'offered' || kind === 'busy') return `agent ${agentId} is ${kind}`;
  const queue = queueId === undefined ? undefined : state.queues.get(queueId);
  if (queueId !== undefined && !queue) return `there is no queue ${queueId}`;
  if (queue && !isSameTenant(queue, agent))
    return `agent ${agentId} works for another tenant than the queue ${queueId}`;
  if (state.contacts.has(contactId)) return `contact ${contactId} is here already`;
  state.arrivals += 1;
  const contact = newContact({ contactId, queueId, nowMs, arrival: state.arrivals });
  contact.arrivedAtMs = firstArrivalMs(event, nowMs);
  contact.status = { kind: 'connected', agentId, sinceMs: nowMs };
  state.contacts.set(contactId, contact);
  changeAgent(work, agent, (changing) => {
    // Who begins a contact has finished the work after the one before.
    changing.engagements.length = 0;
    engage(changing, { kind: 'connected', contactId, channel: 'voice' });
  });
  return undefined;
};

/** The agent's station is gone in the middle of a conversation: the contact waits again with its place kept. */
export const agentLost = (work: Work, contactId: ContactId): string | undefined => {
  const found = work.state.contacts.get(contactId);
  if (found?.status.kind !== 'connected') return `contact ${contactId} is not connected`;
  if (found.queueId === undefined) return `contact ${contactId} came from no queue`;
  const contact: Mutable<Contact> = found;
  changeAgent(work, agentOf(work, found.status.agentId), (changing) => {
    changing.idleSinceMs = work.nowMs;
    // A delayed sign-out stays one, and so does a supervisor's lock.
    if (changing.intent.kind !== 'signed-out' && !changing.locked) {
      changing.intent = { kind: 'not-ready', reason: 'device-lost' };
    }
    release(changing, contactId);
  });
  takeLine(work.state, contact);
  contact.status = { kind: 'waiting' };
  enterQueue(work, contact);
  return undefined;
};

export const contactEnded = (work: Work, contactId: ContactId): string | undefined => {
  const contact = work.state.contacts.get(contactId);
  if (contact?.status.kind !== 'connected') return `contact ${contactId} is not connected`;
  leaveAgent(work, contact, true);
  removeContact(work.state, contact);
  if (contact.queueId !== undefined) work.effects.push({ type: 'queue-changed', queueId: contact.queueId });
  return undefined;
};

/** A conversation leaves its agent: with the work after it the queue learns how long it took, else the agent is free. */
export const leaveAgent = (work: Work, contact: Contact, wrapUp: boolean): void => {
  const { status, queueId } = contact;
  invariant(status.kind === 'connected', `contact ${contact.contactId} is not connected`);
  const queue = wrapUp && queueId !== undefined ? work.state.queues.get(queueId) : undefined;
  const wrapUpMs = queue?.wrapUpMs ?? 0;
  if (queue) learnHandleTime(queue, work.nowMs - status.sinceMs + wrapUpMs);
  freeAgent(work, contact, { agentId: status.agentId, wrapUpMs });
};

/** One end in sixteen of weight: steady, and yet of today. */
const LEARNING_SHARE = 16;

const learnHandleTime = (queue: Mutable<Queue>, handleMs: number): void => {
  const known = queue.handleMs;
  queue.handleMs = known === undefined ? handleMs : Math.round(known + (handleMs - known) / LEARNING_SHARE);
};

/** After a conversation: wrap-up if there is any, else what the agent chose. */
export const freeAgent = (work: Work, contact: Contact, of: { agentId: AgentId; wrapUpMs: number }): void => {
  const { contactId, channel } = contact;
  const untilMs = work.nowMs + of.wrapUpMs;
  changeAgent(work, agentOf(work, of.agentId), (changing) => {
    changing.idleSinceMs = work.nowMs;
    if (of.wrapUpMs > 0) engage(changing, { kind: 'wrap-up', contactId, channel, untilMs });
    else release(changing, contactId);
  });
  if (of.wrapUpMs > 0) work.state.deadlines.add({ kind: 'wrap-up', atMs: untilMs, agentId: of.agentId, contactId });
};

export const moveContact = (work: Work, event: EventOf<'contact-moved'>): string | undefined => {
  const { state, nowMs } = work;
  const found = state.contacts.get(event.contactId);
  if (!found) return `there is no contact ${event.contactId}`;
  const to = state.queues.get(event.queueId);
  if (!to) return `there is no queue ${event.queueId}`;
  if (!isSameTenant(ownerOf(state, found), to)) return `the queue ${event.queueId} is another tenant's`;
  const contact: Mutable<Contact> = found;
  const { status } = contact;
  if (status.kind === 'connected') {
    takeLine(work.state, contact);
    leaveAgent(work, contact, event.wrapUp ?? false);
  } else leaveQueue(work, contact, 'contact-moved');
  if (!event.keepPlace) {
    state.arrivals += 1;
    contact.arrival = state.arrivals;
    contact.arrivedAtMs = nowMs;
  }
  changeQueue(contact, event.queueId);
  contact.status = { kind: 'waiting' };
  enterQueue(work, contact);
  return undefined;
};

/** The customer was called back and is on the line: forgotten under the number that only the callback knows. */
export const takeLine = (state: AcdState, contact: Mutable<Contact>): void => {
  if (contact.leg.kind !== 'callback') return;
  forgetCallback(state, contact);
  contact.leg = { kind: 'line' };
};

/** Told positions and used rules belong to the queue that is left. */
export const changeQueue = (contact: Mutable<Contact>, queueId: QueueId): void => {
  contact.queueId = queueId;
  contact.toldPosition = undefined;
  contact.overflowsDone = 0;
};

export const prioritiseContact = (work: Work, event: EventOf<'contact-prioritised'>): string | undefined => {
  const contact = work.state.contacts.get(event.contactId);
  if (!contact) return `there is no contact ${event.contactId}`;
  if (!Number.isSafeInteger(event.priority)) return `priority ${event.priority} is not a whole number`;
  if (contact.status.kind === 'connected') return `contact ${event.contactId} is connected`;
  (contact as Mutable<Contact>).priority = event.priority + (queueOf(work, contact).priority ?? 0);
  if (contact.status.kind === 'waiting') replaceContact(work, contact);
  return undefined;
};
