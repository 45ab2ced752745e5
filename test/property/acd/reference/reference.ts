/**
 * The order over pairs once more, slowly and obviously: every waiting contact with every agent, every rule written out,
 * nothing taken from the engine but the records of the state.
 */
import type { AgentId, ContactId, QueueId } from '../../../../base/ids';
import type { AcdState, Agent, CallbackHours, Contact, Queue, SkillLevels } from '../../../../acd/core/model';

export interface SlowPair {
  readonly contact: Contact;
  readonly agent: Agent;
  readonly score: number;
}

const DEFAULTS = { waiting: 1, priority: 60_000, tier: 30_000, preferredAgent: 30_000 } as Record<string, number>;

const queueOf = (state: AcdState, contact: Contact): Queue => {
  const queue = state.queues.get(contact.queueId as QueueId);
  if (!queue) throw new Error(`${contact.contactId} is in no queue`);
  return queue;
};

const isFree = (agent: Agent, contact: Contact): boolean => {
  if (agent.intent.kind !== 'ready' || !agent.deviceRegistered || agent.locked) return false;
  const same = agent.engagements.filter(({ channel }) => channel === contact.channel);
  const others = agent.engagements.filter(({ channel }) => channel !== contact.channel);
  const interruptible = agent.interrupts?.[contact.channel] ?? [];
  return (
    same.length < (agent.capacity[contact.channel] ?? 0) &&
    others.every(({ channel }) => interruptible.includes(channel))
  );
};

const neededNow = (queue: Queue, contact: Contact, nowMs: number): Map<string, number> => {
  let skills: SkillLevels = queue.skills;
  for (const ring of queue.rings ?? []) if (nowMs - contact.arrivedAtMs >= ring.afterMs) skills = ring.skills;
  const needed = new Map(Object.entries(skills));
  for (const [skill, level] of Object.entries(contact.attributes.skills ?? {})) {
    needed.set(skill, Math.max(level, needed.get(skill) ?? 0));
  }
  return needed;
};

/** Whether agent and queue are the same tenant's. */
const areOne = (queue: Queue, agent: Agent): boolean => (queue.tenant ?? 'main') === (agent.tenant ?? 'main');

/** Whether the customer may be called now: always who is on the line. */
export const mayBeCalled = (state: AcdState, contact: Contact, nowMs: number): boolean => {
  const { leg } = contact;
  if (leg.kind === 'line') return true;
  const { callbackHours } = queueOf(state, contact);
  const isWithin = (hours: CallbackHours | undefined): boolean =>
    hours === undefined || hours.some(([fromMs, toMs]) => fromMs <= nowMs && nowMs < toMs);
  return leg.notBeforeMs <= nowMs && nowMs < leg.notAfterMs && isWithin(callbackHours) && isWithin(leg.hours);
};

/** Whether this agent may be offered this contact now. */
export const mayHave = (state: AcdState, contact: Contact, of: { agent: Agent; nowMs: number }): boolean => {
  const { agent, nowMs } = of;
  const queue = queueOf(state, contact);
  if (!areOne(queue, agent) || !isFree(agent, contact) || !mayBeCalled(state, contact, nowMs)) return false;
  if (agent.engagements.some(({ kind, contactId }) => kind === 'offered' && contactId === contact.contactId))
    return false;
  const knownId = contact.attributes.preferredAgentId;
  const known = knownId === undefined ? undefined : state.agents.get(knownId);
  const isAwaited = known?.intent.kind === 'ready' && areOne(queue, known);
  if (isAwaited && nowMs < contact.arrivedAtMs + (queue.preferredAgentMs ?? 0)) return agent === known;
  return [...neededNow(queue, contact, nowMs)].every(([skill, level]) => (agent.skills[skill] ?? 0) >= level);
};

/** Whether a supervisor may give it to this agent now, whatever the order and the skills. */
export const mayBeGiven = (state: AcdState, contactId: ContactId, agentId: AgentId): boolean => {
  const contact = state.contacts.get(contactId);
  const agent = state.agents.get(agentId);
  const isHere = contact?.status.kind === 'waiting' || contact?.status.kind === 'offered';
  return isHere && agent !== undefined && areOne(queueOf(state, contact), agent) && isFree(agent, contact);
};

export const scoreOf = (state: AcdState, contact: Contact, of: { agent: Agent; nowMs: number }): number => {
  const { agent, nowMs } = of;
  const queue = queueOf(state, contact);
  const weigh = (name: string): number =>
    (queue.weights as Record<string, number> | undefined)?.[name] ?? DEFAULTS[name] ?? 0;
  const { attributes } = contact;
  const wanted = Object.keys({ ...queue.skills, ...attributes.skills });
  const levels = wanted.map((skill) => agent.skills[skill] ?? 0).reduce((a, b) => a + b, 0);
  return (
    weigh('waiting') * (nowMs - contact.arrivedAtMs) +
    weigh('priority') * contact.priority +
    weigh('tier') * (attributes.tier ?? 0) +
    weigh('openCases') * (attributes.openCases ?? 0) +
    weigh('preferredAgent') * (attributes.preferredAgentId === agent.agentId ? 1 : 0) +
    weigh('skillFit') * levels +
    weigh('mainSkill') * (agent.mainSkill !== undefined && wanted.includes(agent.mainSkill) ? 1 : 0) +
    weigh('sameSite') * (attributes.site !== undefined && attributes.site === agent.site ? 1 : 0) +
    weigh('grade') * agent.grade +
    weigh('idle') * (nowMs - agent.idleSinceMs) +
    weigh('rest') * (1000 - agent.occupancyPermille) -
    weigh('fairness') * agent.handled
  );
};

const rankOf = (queue: Queue, contact: Contact, agent: Agent): number => {
  switch (queue.strategy ?? 'longest-idle') {
    case 'longest-idle':
    case 'ring-several':
      return 0;
    case 'fewest-contacts':
      return agent.handled;
    case 'most-skilled': {
      const wanted = Object.keys({ ...queue.skills, ...contact.attributes.skills });
      return -wanted.reduce((sum, skill) => sum + (agent.skills[skill] ?? 0), 0);
    }
    case 'round-robin':
      return queue.turns.get(agent.agentId) ?? 0;
    case 'linear': {
      const place = (queue.agentOrder ?? []).indexOf(agent.agentId);
      return place === -1 ? Infinity : place;
    }
    case 'fair-share':
      return agent.occupancyPermille;
    default:
      throw new Error(`unknown strategy ${queue.strategy}`);
  }
};

/** Negative when `a` comes first. */
const compare = (state: AcdState, a: SlowPair, b: SlowPair): number => {
  if (a.score !== b.score) return b.score - a.score;
  if (a.contact !== b.contact) return a.contact.arrival - b.contact.arrival;
  const queue = queueOf(state, a.contact);
  const [rankA, rankB] = [rankOf(queue, a.contact, a.agent), rankOf(queue, b.contact, b.agent)];
  if (rankA !== rankB) return rankA < rankB ? -1 : 1;
  if (a.agent.idleSinceMs !== b.agent.idleSinceMs) return a.agent.idleSinceMs - b.agent.idleSinceMs;
  return a.agent.agentId < b.agent.agentId ? -1 : 1;
};

/** The first of all pairs of the given contacts with all agents. */
export const bestPairSlowly = (state: AcdState, contacts: readonly Contact[], nowMs: number): SlowPair | undefined => {
  let best: SlowPair | undefined;
  for (const contact of contacts) {
    for (const agent of state.agents.values()) {
      if (!mayHave(state, contact, { agent, nowMs })) continue;
      const pair = { contact, agent, score: scoreOf(state, contact, { agent, nowMs }) };
      if (!best || compare(state, pair, best) < 0) best = pair;
    }
  }
  return best;
};

/** Whoever rests is a candidate, too, should it be time. */
export const waitingIn = (state: AcdState): Contact[] =>
  [...state.contacts.values()].filter(({ status }) => status.kind === 'waiting' || status.kind === 'resting');
