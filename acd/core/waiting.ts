/** Where a contact waits: for the agent it knows, or in the lane of the ring that its waiting time has reached. */
import { invariant } from '../../base/errors';
import { callableFromMs, callableUntilMs } from './callback-hours';
import { NEVER_MS } from './index/deadlines';
import { laneFor } from './index/lane';
import type { Agent, Contact, Mutable, Queue } from './model';
import { isSameTenant } from './tenant';
import type { Work } from './work';

export const queueOf = (work: Pick<Work, 'state'>, contact: Contact): Queue => {
  const queue = contact.queueId === undefined ? undefined : work.state.queues.get(contact.queueId);
  invariant(queue, `contact ${contact.contactId} is in no queue`);
  return queue;
};

/** The agent for whom the contact waits alone: for a bounded time, and only while that agent wants contacts. */
export const awaitedAgent = (work: Pick<Work, 'state' | 'nowMs'>, contact: Contact): Agent | undefined => {
  const known = contact.attributes.preferredAgentId;
  if (known === undefined) return undefined;
  const agent = work.state.agents.get(known);
  if (agent?.intent.kind !== 'ready' || work.nowMs >= keptUntilMs(work, contact)) return undefined;
  return isSameTenant(queueOf(work, contact), agent) ? agent : undefined;
};

/** Until when nobody else may have a contact that knows an agent. */
export const keptUntilMs = (work: Pick<Work, 'state'>, contact: Contact): number =>
  contact.arrivedAtMs + (queueOf(work, contact).preferredAgentMs ?? 0);

export const ringOf = (queue: Queue, waitedMs: number): number => {
  const { rings } = queue.plan;
  let ring = 0;
  while (ring + 1 < rings.length && (rings[ring + 1]?.afterMs ?? 0) <= waitedMs) ring += 1;
  return ring;
};

/**
 * Puts a contact where it belongs now, and sets the time at which that will be different: it waits, or rests when its
 * customer must not be called back yet.
 */
export const placeContact = (work: Work, contact: Contact): void => {
  const { state, nowMs } = work;
  const placing: Mutable<Contact> = contact;
  const queue = queueOf(work, contact);
  if (contact.leg.kind === 'callback' && mustRest(work, placing)) return;
  let baseScore = 0;
  for (const term of queue.plan.contactTerms) baseScore += term.weight * term.score.of(contact, 0);
  placing.baseScore = baseScore;
  const known = contact.attributes.preferredAgentId;
  if (known !== undefined) state.agents.get(known)?.knownBy.add(contact);
  if (!awaitedAgent(work, contact)) {
    placing.lane = laneFor(state, queue, { contact, ring: ringOf(queue, nowMs - contact.arrivedAtMs) });
    placing.lane.waiting.add(contact);
  }
  work.placed.push(contact);
  scheduleReview(work, placing);
};

const mustRest = (work: Work, contact: Mutable<Contact>): boolean => {
  const { leg } = contact;
  if (leg.kind !== 'callback') return false;
  const fromMs = callableFromMs(queueOf(work, contact), leg, work.nowMs);
  if (fromMs <= work.nowMs) {
    contact.status = { kind: 'waiting' };
    return false;
  }
  // Hours may be set anew until it is too late.
  const untilMs = Math.min(fromMs, leg.notAfterMs);
  contact.status = { kind: 'resting', untilMs };
  reviewAt(work, contact, untilMs);
  work.effects.push({ type: 'callback-rests', contactId: contact.contactId, untilMs });
  return true;
};

/** Of a callback that rings: its customer must not be called after the end of the hours. */
export const reviewOffered = (work: Work, contact: Mutable<Contact>): void => {
  if (contact.leg.kind !== 'callback') return;
  reviewAt(work, contact, callableUntilMs(queueOf(work, contact), contact.leg, work.nowMs));
};

const reviewAt = (work: Work, contact: Mutable<Contact>, atMs: number): void => {
  contact.reviewAtMs = atMs === NEVER_MS ? undefined : atMs;
  if (atMs !== NEVER_MS) work.state.deadlines.add({ kind: 'review', atMs, contactId: contact.contactId });
};

export const unplaceContact = (work: Work, contact: Contact): void => {
  const leaving: Mutable<Contact> = contact;
  const removed = leaving.lane?.waiting.remove(contact) ?? true;
  invariant(removed, `contact ${contact.contactId} is not in its lane`);
  leaving.lane = undefined;
  leaving.reviewAtMs = undefined;
  const known = contact.attributes.preferredAgentId;
  if (known !== undefined) work.state.agents.get(known)?.knownBy.delete(contact);
};

/** Again, after something that its place depends on has changed. */
export const replaceContact = (work: Work, contact: Contact): void => {
  unplaceContact(work, contact);
  placeContact(work, contact);
};

const scheduleReview = (work: Work, contact: Mutable<Contact>): void => {
  const queue = queueOf(work, contact);
  const { plan } = queue;
  const waitedMs = work.nowMs - contact.arrivedAtMs;
  let atMs = NEVER_MS;
  if (contact.lane === undefined) atMs = keptUntilMs(work, contact);
  const ring = plan.rings[ringOf(queue, waitedMs) + 1];
  if (ring) atMs = Math.min(atMs, contact.arrivedAtMs + ring.afterMs);
  const overflow = plan.timedOverflows[contact.overflowsDone];
  if (overflow) atMs = Math.min(atMs, contact.arrivedAtMs + overflow.afterMs);
  if (contact.leg.kind === 'callback') atMs = Math.min(atMs, callableUntilMs(queue, contact.leg, work.nowMs));
  reviewAt(work, contact, atMs);
};
