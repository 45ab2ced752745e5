/**
 * `npm run bench -- acd-sim [--json]`: how many contacts a second the simulation plays through the engine on one core,
 * with 100 agents and 10 queues.
 */
import { parseArgs } from 'node:util';
import { asId } from '../../base/ids';
import type { AgentId, QueueId } from '../../base/ids';
import { simulate } from '../../acd/simulate/run';
import type { Scenario } from '../../acd/simulate/scenario';
import { quantilesOf } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';

const QUEUES = 10;
const AGENTS = 100;
const ROUNDS = 10;
const HOURS = 100;

const queueIds = Array.from({ length: QUEUES }, (_, index) => asId<QueueId>(`queue${index}`));

/** Each agent serves three queues; 90 % of the agents are occupied. */
const scenario = (seed: number): Scenario => ({
  seed,
  durationMs: HOURS * 3_600_000,
  intervalMs: 1_800_000,
  answerMs: 3000,
  queues: queueIds.map((queueId) => ({ queueId, skills: { [queueId]: 1 }, offerTimeoutMs: 20_000, wrapUpMs: 10_000 })),
  agents: Array.from({ length: AGENTS }, (_, index) => ({
    agentId: asId<AgentId>(`agent${index}`),
    skills: Object.fromEntries([0, 1, 2].map((more) => [`queue${(index + more) % QUEUES}`, 5])),
  })),
  loads: queueIds.map((queueId) => ({
    queueId,
    arrivals: [{ fromMs: 0, perHour: (0.9 * AGENTS * 3600) / 193 / QUEUES }],
    handle: { kind: 'exponential', meanMs: 180_000 },
    patience: { kind: 'exponential', meanMs: 120_000 },
  })),
});

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const where = whereItRuns();
const perSecond: number[] = [];
let contacts = 0;
let events = 0;
simulate(scenario(0));
for (let seed = 1; seed <= ROUNDS; seed += 1) {
  const startedMs = performance.now();
  const result = simulate(scenario(seed));
  perSecond.push((result.contacts * 1000) / (performance.now() - startedMs));
  contacts += result.contacts;
  events += result.events;
}
const result = {
  bench: 'acd-sim',
  agents: AGENTS,
  queues: QUEUES,
  contacts,
  events,
  contacts_per_s: { min: Math.round(Math.min(...perSecond)), ...quantilesOf(perSecond, { p50: 0.5, max: 1 }, 0) },
  ...where,
};
printResult(result, values.json);
