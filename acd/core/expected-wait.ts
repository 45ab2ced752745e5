/**
 * How long a contact will probably wait: the floor as it is now, played forward some dozens of times. An agent with a
 * contact is free after a rest that is exponential with the mean handling time of the queue (it has no memory, so the
 * time so far does not matter); who is in wrap-up is free at its end. Contacts ahead take the agent who is free first.
 */
import { asId } from '../../base/ids';
import type { ContactId, QueueId } from '../../base/ids';
import { SeededRandom } from '../../base/random';
import { isFreeFor } from './agents';
import type { AcdEvent } from './events';
import { covers } from './index/lane';
import type { Lane } from './index/lane';
import { SortedList } from './index/sorted-list';
import type { AcdState, Agent, Contact, Mutable, Queue } from './model';
import { entriesOf } from './skills';
import { isSameTenant } from './tenant';
import { ringOf } from './waiting';
import type { Work } from './work';

export interface ExpectedWait {
  /** One of ten waits is shorter than `fromMs`, half are shorter than `likelyMs`, nine of ten shorter than `toMs`. */
  readonly fromMs: number;
  readonly likelyMs: number;
  readonly toMs: number;
}

const ROUNDS = 40;
/** Of a queue from which no contact has ended yet. */
const FIRST_GUESS_HANDLE_MS = 240_000;

/** Undefined while no agent wants contacts of this kind: nobody can say how long that will last. */
export const expectedWait = (state: AcdState, contact: Contact, nowMs: number): ExpectedWait | undefined => {
  const queue = contact.queueId === undefined ? undefined : state.queues.get(contact.queueId);
  if (!queue || contact.status.kind === 'connected') return undefined;
  const agents = agentsFor(state, queue, { contact, nowMs });
  if (agents.length === 0) return undefined;
  const ahead = sharesAhead(state, contact, { queue, agents: new Set(agents), nowMs });
  const random = new SeededRandom(contact.arrival * 31 + ahead.length);
  const waits = Array.from({ length: ROUNDS }, () =>
    playForward(state, { agents, ahead, channel: contact.channel, nowMs, random }),
  );
  waits.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(waits[Math.floor(share * ROUNDS)] ?? 0);
  return { fromMs: at(0.1), likelyMs: at(0.5), toMs: at(0.9) };
};

/** How long somebody would wait who came now, behind all others; undefined as with {@link expectedWait}. */
export const expectedWaitOfNewcomer = (state: AcdState, queueId: QueueId, nowMs: number): ExpectedWait | undefined =>
  expectedWait(
    state,
    {
      contactId: asId<ContactId>('newcomer'),
      queueId,
      channel: 'voice',
      attributes: {},
      priority: 0,
      arrivedAtMs: nowMs,
      arrival: Number.MAX_SAFE_INTEGER,
      offers: 0,
      status: { kind: 'waiting' },
      leg: { kind: 'line' },
      toldPosition: undefined,
      reviewAtMs: undefined,
      overflowsDone: 0,
      lane: undefined,
      baseScore: Number.NEGATIVE_INFINITY,
    },
    nowMs,
  );

/** Agents who want contacts and could have this one in its present ring. */
const agentsFor = (state: AcdState, queue: Queue, of: { contact: Contact; nowMs: number }): Agent[] => {
  const { contact, nowMs } = of;
  const ring = queue.plan.rings[ringOf(queue, nowMs - contact.arrivedAtMs)];
  const required = entriesOf(ring?.skills ?? queue.skills, contact.attributes.skills);
  return [...state.agents.values()].filter(
    (agent) =>
      agent.intent.kind === 'ready' &&
      agent.deviceRegistered &&
      isSameTenant(queue, agent) &&
      (agent.capacity[contact.channel] ?? 0) > 0 &&
      covers(state, agent, required),
  );
};

interface Ahead {
  /** The part of the lane's agents that this contact's agents are: how probably they have to take it. */
  readonly share: number;
  readonly handleMs: number;
}

const urgency = ({ baseScore }: Contact, { plan }: Queue, nowMs: number): number =>
  baseScore + plan.contactSlope * nowMs;

/** Contacts that come before this one and want agents whom it wants, too. */
const sharesAhead = (
  state: AcdState,
  contact: Contact,
  of: { queue: Queue; agents: ReadonlySet<Agent>; nowMs: number },
): Ahead[] => {
  const lanes = new Set<Lane>();
  for (const agent of of.agents) for (const lane of agent.lanes) if (lane.waiting.size > 0) lanes.add(lane);
  const own = urgency(contact, of.queue, of.nowMs);
  const ahead: Ahead[] = [];
  for (const lane of lanes) {
    const share = shareOf(state, lane, of.agents);
    const handleMs = lane.queue.handleMs ?? FIRST_GUESS_HANDLE_MS;
    for (const other of lane.waiting.items) {
      const score = urgency(other, lane.queue, of.nowMs);
      if (score < own || (score === own && other.arrival >= contact.arrival)) break;
      ahead.push({ share, handleMs });
    }
  }
  return ahead;
};

const shareOf = (state: AcdState, lane: Lane, agents: ReadonlySet<Agent>): number => {
  let members = 0;
  let common = 0;
  for (const agent of state.agents.values()) {
    if (agent.intent.kind !== 'ready' || !agent.lanes.includes(lane)) continue;
    members += 1;
    if (agents.has(agent)) common += 1;
  }
  return members === 0 ? 1 : common / members;
};

interface Floor {
  readonly agents: readonly Agent[];
  readonly ahead: readonly Ahead[];
  readonly channel: Contact['channel'];
  readonly nowMs: number;
  readonly random: SeededRandom;
}

/** One possible course: how long until an agent is free for the contact. */
const playForward = (state: AcdState, floor: Floor): number => {
  const { random } = floor;
  // Equal times are different entries, so that none is lost.
  const freeAt = new SortedList<{ ms: number; place: number }>((a, b) => a.ms - b.ms || a.place - b.place);
  floor.agents.forEach((agent, place) => freeAt.add({ ms: restOf(state, agent, floor), place }));
  for (const { share, handleMs } of floor.ahead) {
    if (share < 1 && random.next() >= share) continue;
    const { first } = freeAt;
    if (!first) break;
    freeAt.remove(first);
    freeAt.add({ ms: first.ms + random.exponential(handleMs), place: first.place });
  }
  return freeAt.first?.ms ?? 0;
};

const restOf = (state: AcdState, agent: Agent, floor: Floor): number => {
  if (isFreeFor(agent, floor.channel)) return 0;
  let soonestMs = Infinity;
  for (const engagement of agent.engagements) {
    const queueId = state.contacts.get(engagement.contactId)?.queueId;
    const handleMs = (queueId === undefined ? undefined : state.queues.get(queueId)?.handleMs) ?? FIRST_GUESS_HANDLE_MS;
    const restMs =
      engagement.kind === 'wrap-up' ? engagement.untilMs - floor.nowMs : floor.random.exponential(handleMs);
    soonestMs = Math.min(soonestMs, restMs);
  }
  return soonestMs === Infinity ? 0 : soonestMs;
};

/** How many contacts of the queue come before this one, plus one. */
export const positionOf = (state: AcdState, contact: Contact): number => {
  const queue = contact.queueId === undefined ? undefined : state.queues.get(contact.queueId);
  let position = 1;
  for (const lane of queue?.lanes.values() ?? []) position += lane.waiting.placeOf(contact);
  return position;
};

/** The position that the customer is told never grows, even when somebody more urgent has come. */
export const tellPosition = (work: Work, event: Extract<AcdEvent, { type: 'position-asked' }>): string | undefined => {
  const contact: Mutable<Contact> | undefined = work.state.contacts.get(event.contactId);
  if (!contact) return `there is no contact ${event.contactId}`;
  if (contact.status.kind === 'connected') return `contact ${event.contactId} is connected`;
  const position = Math.min(positionOf(work.state, contact), contact.toldPosition ?? Infinity);
  contact.toldPosition = position;
  const wait = expectedWait(work.state, contact, work.nowMs);
  work.effects.push({ type: 'position-told', contactId: contact.contactId, position, wait });
  return undefined;
};
