/** What names a thing, so that it must stay. */
import type { QueueId } from '../../base/ids';
import type { ExtensionRule } from '../../store/phones';
import type { AgentSeat } from '../../store/users';
import type { AcdModel } from './acd-model';
import type { Use } from './faults';

/** The agents of whose settings this is true. */
export const agentsWith = (model: AcdModel, test: (seat: AgentSeat) => boolean): Use[] =>
  model
    .agents()
    .filter(({ seat }) => test(seat))
    .map(({ seat }) => ({ kind: 'agent', id: seat.agentId }));

export const usesOfSkill = (model: AcdModel, id: string): Use[] => {
  const asked = model
    .queues()
    .filter(({ skills, rings = [] }) => [skills, ...rings.map((ring) => ring.skills)].some((levels) => id in levels));
  return [
    ...asked.map(({ _id }): Use => ({ kind: 'queue', id: _id })),
    ...agentsWith(model, ({ skills }) => id in skills),
  ];
};

export const usesOfTenant = (model: AcdModel, id: string): Use[] => [
  ...model.queues().flatMap(({ _id, tenant }): Use[] => (tenant === id ? [{ kind: 'queue', id: _id }] : [])),
  ...agentsWith(model, ({ tenant }) => tenant === id),
];

/** Extensions that lead to a queue. */
export const usesInRules = (rules: readonly ExtensionRule[], queueId: QueueId): Use[] =>
  rules
    .filter(({ goal }) => goal.kind === 'queue' && goal.queueId === queueId)
    .map(({ _id }) => ({ kind: 'extension', id: _id }));
