/** Refuses configurations that contradict themselves, each with the thing and the reason, before any call meets them. */
import type { AgentId, QueueId } from '../../base/ids';
import { queueProblems } from './check-queue';
import { CHANNELS } from './config';
import type { AgentConfig, Channel, QueueConfig } from './config';
import type { AcdRules } from './model';
import { badLevels, problemsOf } from './problem';
import type { AcdProblem } from './problem';
import { isSameTenant, tenantOf } from './tenant';

export type { AcdProblem } from './problem';

export interface AcdConfig {
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
}

/** @returns every reason for which the configuration is refused; none when it is sound. */
export const checkAcdConfig = (config: AcdConfig, rules: AcdRules = {}): string[] =>
  acdProblems(config, rules).map(({ message }) => message);

/** What is wrong with one queue, as far as that can be said without the others. */
export const checkQueue = (queue: QueueConfig, rules: AcdRules = {}): string[] =>
  queueProblems(queue, rules).map(({ message }) => message);

/** As {@link checkAcdConfig}, each reason in parts. */
export const acdProblems = (config: AcdConfig, rules: AcdRules = {}): AcdProblem[] => {
  const known = {
    queues: new Map(config.queues.map((queue) => [queue.queueId, queue])),
    agents: new Map(config.agents.map((agent) => [agent.agentId, agent])),
  };
  return [
    ...doubled(config.queues.map(({ queueId }) => queueId)).map((id) => twice(`Queue ${id}`)),
    ...doubled(config.agents.map(({ agentId }) => agentId)).map((id) => twice(`Agent ${id}`)),
    ...config.queues.flatMap((queue) => [...queueProblems(queue, rules), ...wrongTargets(queue, known)]),
    ...config.agents.flatMap(agentProblems),
    ...circles(config.queues),
  ];
};

const doubled = (ids: readonly string[]): string[] => {
  const seen = new Set<string>();
  return ids.filter((id) => seen.has(id) || !seen.add(id));
};

const twice = (name: string): AcdProblem => ({
  ...{ path: '', key: 'twice', values: { name } },
  message: `${name} is configured twice.`,
});

interface Known {
  readonly queues: ReadonlyMap<QueueId, QueueConfig>;
  readonly agents: ReadonlyMap<AgentId, AgentConfig>;
}

const wrongTargets = (queue: QueueConfig, known: Known): AcdProblem[] => {
  const overflow = (queue.overflow ?? []).flatMap(({ to }, place): AcdProblem | [] => {
    if (to.kind !== 'queue') return [];
    const path = `overflow.${place}`;
    const values = { rule: place + 1, queue: to.queueId };
    const target = known.queues.get(to.queueId);
    if (!target)
      return { path, key: 'overflow-to-unknown', values, message: `overflows to ${to.queueId}, which does not exist.` };
    if (isSameTenant(queue, target)) return [];
    const message = `overflows to ${to.queueId}, which is the tenant ${tenantOf(target)}'s and not ${tenantOf(queue)}'s.`;
    return { path, key: 'overflow-to-other-tenant', values, message };
  });
  const order = (queue.agentOrder ?? []).flatMap((agent): AcdProblem | [] => {
    const path = 'agentOrder';
    const values = { agent };
    const named = known.agents.get(agent);
    if (!named)
      return { path, key: 'order-of-unknown', values, message: `agentOrder names ${agent}, who does not exist.` };
    if (isSameTenant(queue, named)) return [];
    const message = `agentOrder names ${agent}, who works for the tenant ${tenantOf(named)} and not for ${tenantOf(queue)}.`;
    return { path, key: 'order-of-other-tenant', values, message };
  });
  return problemsOf(`Queue ${queue.queueId}`, [...overflow, ...order]);
};

const isChannel = (channel: string): channel is Channel => CHANNELS.some((known) => known === channel);

const agentProblems = (agent: AgentConfig): AcdProblem[] => {
  const { mainSkill, grade, skills } = agent;
  const problems = badLevels('skills', skills);
  if (mainSkill !== undefined && !((skills[mainSkill] ?? 0) > 0)) {
    const message = `the main skill ${mainSkill} is not among the skills.`;
    problems.push({ path: 'mainSkill', key: 'main-skill', values: { skill: mainSkill }, message });
  }
  if (grade !== undefined && !(Number.isSafeInteger(grade) && grade >= 0))
    problems.push({ path: 'grade', key: 'grade', values: {}, message: 'grade must be a whole number from 0.' });
  problems.push(...checkCapacity(agent), ...checkInterrupts(agent));
  return problemsOf(`Agent ${agent.agentId}`, problems);
};

const noChannel = (path: string, channel: string): AcdProblem => ({
  ...{ path, key: 'channel-unknown', values: { channel } },
  message: `there is no channel ${channel}.`,
});

const checkCapacity = ({ capacity = {} }: AgentConfig): AcdProblem[] =>
  Object.entries(capacity).flatMap(([channel, most]): AcdProblem | [] => {
    const path = `capacity.${channel}`;
    const values = { channel };
    if (!isChannel(channel)) return noChannel(path, channel);
    if (!Number.isInteger(most) || most < 0) {
      const message = `the capacity for ${channel} must be a whole number from 0.`;
      return { path, key: 'capacity', values, message };
    }
    if (channel !== 'voice' || most <= 1) return [];
    return { path, key: 'capacity-of-voice', values, message: `nobody can speak with ${most} callers at once.` };
  });

const checkInterrupts = ({ interrupts = {} }: AgentConfig): AcdProblem[] =>
  Object.entries(interrupts).flatMap(([channel, others]) => {
    const path = `interrupts.${channel}`;
    const problems = isChannel(channel) ? [] : [noChannel(path, channel)];
    if (others.includes(channel as Channel)) {
      const message = `${channel} cannot interrupt itself; raise its capacity.`;
      problems.push({ path, key: 'interrupts-itself', values: { channel }, message });
    }
    return problems;
  });

/** Queues that overflow to each other in a circle would pass a contact around for ever. */
const circles = (queues: readonly QueueConfig[]): AcdProblem[] => {
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
  return queues.flatMap(({ queueId }): AcdProblem | [] => {
    if (!reaches(queueId, queueId, new Set())) return [];
    const message = `Queue ${queueId}: its overflow leads back to it.`;
    return { path: 'overflow', key: 'overflow-in-circle', values: { queue: queueId }, message };
  });
};
