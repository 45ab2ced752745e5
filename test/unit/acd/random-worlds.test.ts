import { asId } from '../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../base/ids';
import { SeededRandom } from '../../../base/random';
import { byUrgency, coversSkills } from '../../../acd/core/choose';
import { emptyState } from '../../../acd/core/model';
import type { AcdEffect, AcdEvent, AcdState } from '../../../acd/core/model';
import { step } from '../../../acd/core/step';

const SKILLS = ['support', 'sales', 'fraud'] as const;
const AGENTS = Array.from({ length: 8 }, (_, index) => asId<AgentId>(`agent${index}`));
const QUEUES = SKILLS.map((skill) => asId<QueueId>(skill));
const EVENTS_PER_WORLD = 4000;
const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

const configure = (random: SeededRandom): AcdEvent[] => [
  ...QUEUES.map((queueId): AcdEvent => ({
    type: 'queue-configured',
    queue: {
      queueId,
      skills: { [queueId]: 1 + random.int(5) },
      offerTimeoutMs: 1000 + random.int(20_000),
      wrapUpMs: random.int(2) * random.int(30_000),
    },
  })),
  ...AGENTS.map((agentId): AcdEvent => ({
    type: 'agent-configured',
    agent: { agentId, skills: Object.fromEntries(SKILLS.map((skill) => [skill, random.int(11)])) },
  })),
];

/** Anything that the world may do next, possible or not. */
const randomEvent = (random: SeededRandom, state: AcdState, serial: number): AcdEvent => {
  const agentId = random.pick(AGENTS);
  const contacts = [...state.contacts.values()];
  const contact = contacts.length > 0 ? random.pick(contacts) : undefined;
  const contactId = contact?.contactId ?? asId<ContactId>('nobody');
  const offer = contact?.status.kind === 'offered' ? contact.status.offerId : asId<never>('stale');
  const reason = random.pick(['no-answer', 'declined', 'unreachable'] as const);
  return random.pick<AcdEvent>([
    { type: 'contact-arrived', contactId: asId(`c${serial}`), queueId: random.pick(QUEUES), priority: random.int(3) },
    { type: 'contact-arrived', contactId: asId(`c${serial}`), queueId: random.pick(QUEUES), priority: 0 },
    { type: 'agent-signed-in', agentId },
    { type: 'agent-signed-out', agentId },
    { type: 'agent-ready', agentId },
    { type: 'agent-ready', agentId },
    { type: 'agent-not-ready', agentId, reason: 'break' },
    { type: 'device-changed', agentId, registered: random.int(5) > 0 },
    { type: 'contact-left', contactId },
    { type: 'contact-ended', contactId },
    { type: 'offer-accepted', contactId, offerId: offer },
    { type: 'offer-accepted', contactId, offerId: offer },
    { type: 'offer-failed', contactId, offerId: offer, reason },
    { type: 'contact-begun', contactId: asId(`d${serial}`), agentId },
    { type: 'wrap-up-done', agentId },
    { type: 'agent-lost', contactId },
    { type: 'time-passed' },
  ]);
};

/** What must hold after every step. */
const checkInvariants = (state: AcdState, nowMs: number): void => {
  const engaged = new Map<AgentId, ContactId>();
  for (const contact of state.contacts.values()) {
    if (contact.status.kind === 'waiting') continue;
    const { agentId } = contact.status;
    if (engaged.has(agentId)) throw new Error(`${agentId} has two contacts`);
    engaged.set(agentId, contact.contactId);
    const status = state.agents.get(agentId)?.status;
    const expected = contact.status.kind === 'offered' ? 'offered' : 'busy';
    if (status?.kind !== expected) throw new Error(`${agentId} is ${status?.kind}, not ${expected}`);
    if (contact.status.kind === 'offered' && contact.status.expiresAtMs <= nowMs)
      throw new Error('an offer outlived itself');
  }
  for (const agent of state.agents.values()) {
    const { status } = agent;
    if ((status.kind === 'offered' || status.kind === 'busy') && engaged.get(agent.agentId) !== status.contactId) {
      throw new Error(`${agent.agentId} is ${status.kind} with a contact that does not know it`);
    }
    if (status.kind === 'wrap-up' && status.untilMs <= nowMs) throw new Error('a wrap-up outlived itself');
  }
  checkNobodyWaitsInVain(state);
};

const checkNobodyWaitsInVain = (state: AcdState): void => {
  for (const contact of state.contacts.values()) {
    const queue = contact.queueId === undefined ? undefined : state.queues.get(contact.queueId);
    if (contact.status.kind !== 'waiting' || !queue) continue;
    for (const agent of state.agents.values()) {
      const free = agent.status.kind === 'ready' && agent.deviceRegistered;
      if (free && coversSkills(agent.skills, queue.skills)) throw new Error(`${contact.contactId} waits in vain`);
    }
  }
};

/** Offers of one step are made in the order of urgency. */
const checkOrder = (state: AcdState, effects: AcdEffect[]): void => {
  const offered = effects.flatMap((effect) =>
    effect.type === 'offer' ? (state.contacts.get(effect.contactId) ?? []) : [],
  );
  offered.slice(1).forEach((contact, index) => {
    const before = offered[index];
    if (before && byUrgency(before, contact) > 0) throw new Error('a less urgent contact was offered first');
  });
};

const runWorld = (seed: number): { state: AcdState; journal: [AcdEvent, number][]; arrived: number; left: number } => {
  const random = new SeededRandom(seed);
  const journal: [AcdEvent, number][] = [];
  let state = emptyState();
  let nowMs = 0;
  let arrived = 0;
  let left = 0;
  const apply = (event: AcdEvent): void => {
    journal.push([event, nowMs]);
    const before = state.contacts.size;
    const [next, effects] = step(state, event, nowMs);
    state = next;
    arrived += Math.max(0, state.contacts.size - before);
    left += Math.max(0, before - state.contacts.size);
    checkInvariants(state, nowMs);
    checkOrder(state, effects);
  };
  configure(random).forEach(apply);
  for (let serial = 0; serial < EVENTS_PER_WORLD; serial += 1) {
    nowMs += Math.floor(random.exponential(500));
    apply(randomEvent(random, state, serial));
  }
  return { state, journal, arrived, left };
};

describe('random worlds', () => {
  it.each(SEEDS)('seed %i: nobody is lost, doubled, over-engaged or forgotten', (seed) => {
    const { state, arrived, left } = runWorld(seed);
    expect(arrived).toBeGreaterThan(50);
    expect(state.contacts.size).toBe(arrived - left);
  });

  it('the same journal gives the same state', () => {
    const { state, journal } = runWorld(7);
    let replayed = emptyState();
    for (const [event, nowMs] of journal) [replayed] = step(replayed, event, nowMs);
    expect(replayed).toEqual(state);
  });
});
