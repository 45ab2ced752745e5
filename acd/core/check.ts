/** Refuses configurations that contradict themselves, each with the thing and the reason, before any call meets them. */
import type { AgentId, QueueId } from '../../base/ids';
import { CHANNELS } from './config';
import type { AgentConfig, Channel, OverflowRule, QueueConfig, SkillLevels } from './config';
import type { AcdRules } from './model';
import { SCORES } from './scores/table';
import { DEFAULT_STRATEGY, STRATEGIES, findStrategy } from './strategies/table';

export interface AcdConfig {
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
}

const HIGHEST_LEVEL = 10;
/** Sums of weighted scores stay exact whole numbers below this weight. */
const HIGHEST_WEIGHT = 1_000_000_000;
const HIGHEST_TIME_WEIGHT = 1000;

/** @returns every reason for which the configuration is refused; none when it is sound. */
export const checkAcdConfig = (config: AcdConfig, rules: AcdRules = {}): string[] => {
  const queueIds = new Set(config.queues.map(({ queueId }) => queueId));
  const agentIds = new Set(config.agents.map(({ agentId }) => agentId));
  return [
    ...doubled(config.queues.map(({ queueId }) => queueId)).map((id) => `Queue ${id} is configured twice.`),
    ...doubled(config.agents.map(({ agentId }) => agentId)).map((id) => `Agent ${id} is configured twice.`),
    ...config.queues.flatMap((queue) => [
      ...checkQueue(queue, rules),
      ...unknownTargets(queue, { queueIds, agentIds }),
    ]),
    ...config.agents.flatMap(checkAgent),
    ...circles(config.queues),
  ];
};

const doubled = (ids: readonly string[]): string[] => ids.filter((id, place) => ids.indexOf(id) !== place);

/** What is wrong with one queue, as far as that can be said without the others. */
export const checkQueue = (queue: QueueConfig, rules: AcdRules = {}): string[] => {
  const name = `Queue ${queue.queueId}`;
  return [
    ...badLevels(`${name}: skills`, queue.skills),
    ...badTimes(name, { ...queue, callbackRetryMs: queue.callback?.retryMs }),
    ...checkStrategy(name, queue, rules),
    ...checkWeights(name, queue),
    ...checkRings(name, queue),
    ...checkOverflow(name, queue.overflow ?? []),
    ...checkNumbers(name, queue),
  ];
};

const badLevels = (what: string, skills: SkillLevels): string[] =>
  Object.entries(skills).flatMap(([skill, level]) =>
    Number.isInteger(level) && level >= 0 && level <= HIGHEST_LEVEL
      ? []
      : [`${what}: the level of ${skill} must be a whole number from 0 to ${HIGHEST_LEVEL}, not ${level}.`],
  );

const TIMES = ['offerTimeoutMs', 'wrapUpMs', 'preferredAgentMs', 'callbackRetryMs'] as const;

const badTimes = (name: string, times: Partial<Record<(typeof TIMES)[number], number | undefined>>): string[] =>
  TIMES.flatMap((key) => {
    const ms = times[key];
    const least = key === 'offerTimeoutMs' ? 1 : 0;
    if (ms === undefined || (Number.isSafeInteger(ms) && ms >= least)) return [];
    return [`${name}: ${key} must be a whole number of milliseconds, at least ${least}, not ${ms}.`];
  });

const checkStrategy = (name: string, queue: QueueConfig, rules: AcdRules): string[] => {
  const chosen = queue.strategy ?? DEFAULT_STRATEGY.name;
  const known = [...(rules.strategies ?? []), ...STRATEGIES].map((strategy) => strategy.name);
  if (!findStrategy(chosen, rules.strategies)) {
    return [`${name}: there is no strategy ${chosen}; choose one of ${known.join(', ')}.`];
  }
  const problems: string[] = [];
  if (queue.agentOrder !== undefined && chosen !== 'linear') {
    problems.push(`${name}: agentOrder means nothing to the strategy ${chosen}; choose linear, or leave it out.`);
  }
  if (chosen === 'linear' && (queue.agentOrder ?? []).length === 0) {
    problems.push(`${name}: the strategy linear needs agentOrder.`);
  }
  if (queue.ringAtOnce !== undefined && chosen !== 'ring-several') {
    problems.push(`${name}: ringAtOnce means nothing to the strategy ${chosen}; choose ring-several, or leave it out.`);
  }
  if (chosen === 'ring-several' && !(Number.isInteger(queue.ringAtOnce) && (queue.ringAtOnce ?? 0) >= 2)) {
    problems.push(`${name}: the strategy ring-several needs ringAtOnce, a whole number of at least 2.`);
  }
  return problems;
};

const checkWeights = (name: string, queue: QueueConfig): string[] => {
  const problems = Object.entries(queue.weights ?? {}).flatMap(([score, weight]) => {
    if (!Object.hasOwn(SCORES, score)) {
      return [`${name}: there is no score ${score}; choose among ${Object.keys(SCORES).join(', ')}.`];
    }
    const most = score === 'waiting' || score === 'idle' ? HIGHEST_TIME_WEIGHT : HIGHEST_WEIGHT;
    if (Number.isSafeInteger(weight) && Math.abs(weight) <= most) return [];
    return [`${name}: the weight of ${score} must be a whole number of at most ${most}, not ${weight}.`];
  });
  const { waiting } = queue.weights ?? {};
  if (waiting !== undefined && waiting < 1) {
    problems.push(`${name}: the weight of waiting must be at least 1, or somebody could wait for ever.`);
  }
  return problems;
};

const checkRings = (name: string, queue: QueueConfig): string[] => {
  let before = { afterMs: 0, skills: queue.skills };
  return (queue.rings ?? []).flatMap((ring, place) => {
    const what = `${name}: ring ${place + 1}`;
    const problems = badLevels(what, ring.skills);
    if (!Number.isSafeInteger(ring.afterMs) || ring.afterMs <= before.afterMs) {
      problems.push(
        `${what} must begin later than what comes before it (${before.afterMs} ms), not at ${ring.afterMs} ms.`,
      );
    }
    for (const [skill, level] of Object.entries(ring.skills)) {
      if (level > (before.skills[skill] ?? 0))
        problems.push(`${what} asks for more ${skill} than before; rings can only relax.`);
    }
    before = ring;
    return problems;
  });
};

const checkOverflow = (name: string, rules: readonly OverflowRule[]): string[] =>
  rules.flatMap(({ when }, place) => {
    const what = `${name}: overflow rule ${place + 1}`;
    const amount =
      when.kind === 'waited'
        ? when.afterMs
        : when.kind === 'length'
          ? when.most
          : when.kind === 'expected-wait'
            ? when.mostMs
            : 0;
    const problems =
      Number.isSafeInteger(amount) && amount >= 0 ? [] : [`${what}: ${amount} is not a whole number from 0.`];
    const first = rules.findIndex((rule) => JSON.stringify(rule.when) === JSON.stringify(when));
    if (first < place && when.kind !== 'waited')
      problems.push(`${what} is never reached: rule ${first + 1} has the same condition.`);
    return problems;
  });

const checkNumbers = (name: string, queue: QueueConfig): string[] => {
  const problems: string[] = [];
  const { priority, callback, serviceLevel } = queue;
  if (priority !== undefined && !Number.isSafeInteger(priority))
    problems.push(`${name}: priority must be a whole number.`);
  if (callback && !(Number.isInteger(callback.maxAttempts) && callback.maxAttempts >= 1)) {
    problems.push(`${name}: callback.maxAttempts must be a whole number of at least 1.`);
  }
  if (serviceLevel && !(serviceLevel.targetMs > 0 && serviceLevel.percent > 0 && serviceLevel.percent <= 100)) {
    problems.push(`${name}: serviceLevel needs a targetMs above 0 and a percent above 0 and up to 100.`);
  }
  return problems;
};

const unknownTargets = (
  queue: QueueConfig,
  known: { queueIds: ReadonlySet<QueueId>; agentIds: ReadonlySet<AgentId> },
): string[] => {
  const name = `Queue ${queue.queueId}`;
  return [
    ...(queue.overflow ?? []).flatMap(({ to }) =>
      to.kind === 'queue' && !known.queueIds.has(to.queueId)
        ? [`${name}: overflows to ${to.queueId}, which does not exist.`]
        : [],
    ),
    ...(queue.agentOrder ?? []).flatMap((id) =>
      known.agentIds.has(id) ? [] : [`${name}: agentOrder names ${id}, who does not exist.`],
    ),
  ];
};

const checkAgent = (agent: AgentConfig): string[] => {
  const name = `Agent ${agent.agentId}`;
  const problems = badLevels(`${name}: skills`, agent.skills);
  const isChannel = (channel: string): channel is Channel => CHANNELS.some((known) => known === channel);
  if (agent.mainSkill !== undefined && !((agent.skills[agent.mainSkill] ?? 0) > 0)) {
    problems.push(`${name}: the main skill ${agent.mainSkill} is not among the skills.`);
  }
  if (agent.grade !== undefined && !(Number.isSafeInteger(agent.grade) && agent.grade >= 0)) {
    problems.push(`${name}: grade must be a whole number from 0.`);
  }
  for (const [channel, most] of Object.entries(agent.capacity ?? {})) {
    if (!isChannel(channel)) problems.push(`${name}: there is no channel ${channel}.`);
    else if (!Number.isInteger(most) || most < 0)
      problems.push(`${name}: the capacity for ${channel} must be a whole number from 0.`);
    else if (channel === 'voice' && most > 1) problems.push(`${name}: nobody can speak with ${most} callers at once.`);
  }
  for (const [channel, others] of Object.entries(agent.interrupts ?? {})) {
    if (!isChannel(channel)) problems.push(`${name}: there is no channel ${channel}.`);
    if (others.includes(channel as Channel))
      problems.push(`${name}: ${channel} cannot interrupt itself; raise its capacity.`);
  }
  return problems;
};

/** Queues that overflow to each other in a circle would pass a contact around for ever. */
const circles = (queues: readonly QueueConfig[]): string[] => {
  const next = new Map(
    queues.map(({ queueId, overflow }) => [
      queueId,
      (overflow ?? []).flatMap(({ to }) => (to.kind === 'queue' ? [to.queueId] : [])),
    ]),
  );
  const reaches = (from: QueueId, target: QueueId, seen: Set<QueueId>): boolean =>
    (next.get(from) ?? []).some((id) => {
      if (id === target) return true;
      if (seen.has(id)) return false;
      seen.add(id);
      return reaches(id, target, seen);
    });
  return queues.flatMap(({ queueId }) =>
    reaches(queueId, queueId, new Set()) ? [`Queue ${queueId}: its overflow leads back to it.`] : [],
  );
};
