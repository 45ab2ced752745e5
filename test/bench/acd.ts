/**
 * `npm run bench -- acd [--seconds 60] [--json]`: decisions of the ACD in a large center, in real time: 10,000 agents,
 * 1,000 queues, 100 skills, 1,000 arrivals a second. docs/benchmarks.md says more.
 */
import { parseArgs } from 'node:util';
import { sleep, systemClock } from '../../base/clock';
import { asId } from '../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../base/ids';
import { SeededRandom } from '../../base/random';
import type { AcdEffect, AcdEvent } from '../../acd/core/model';
import { emptyState, nextDeadlineMs, step } from '../../acd/core/step';
import { EventHeap } from '../../acd/simulate/event-heap';
import { quantilesOf } from './support/percentiles';
import { printResult } from './support/report';
import { whereItRuns } from './support/where';

const AGENTS = 10_000;
const QUEUES = 1000;
const SKILLS = 100;
const SKILLS_PER_AGENT = 5;
const ARRIVALS_PER_S = 1000;
/** Answering, talking and wrap-up add up to 8.5 s: 85 % of the agents are occupied. */
const ANSWER_MS = 500;
const TALK_MS = 7000;
const WRAP_UP_MS = 1000;

const random = new SeededRandom(5);
const events = new EventHeap<AcdEvent>();
let state = emptyState();
const allUs: number[] = [];
const decisionUs: number[] = [];
let offers = 0;

const react = (effect: AcdEffect, nowMs: number): void => {
  if (effect.type !== 'offer') return;
  offers += 1;
  const { contactId, offerId } = effect;
  events.add(nowMs + ANSWER_MS, { type: 'offer-accepted', contactId, offerId });
  events.add(nowMs + ANSWER_MS + Math.floor(random.exponential(TALK_MS)), { type: 'contact-ended', contactId });
};

/** Applies an event; the time is kept only once the run has begun. */
const apply = (event: AcdEvent, nowMs: number, measured: boolean): void => {
  const startedMs = performance.now();
  const [next, effects] = step(state, event, nowMs);
  const us = (performance.now() - startedMs) * 1000;
  state = next;
  if (measured) {
    allUs.push(us);
    if (effects.some(({ type }) => type === 'offer')) decisionUs.push(us);
  }
  for (const effect of effects) react(effect, nowMs);
};

const setUp = (): void => {
  for (let index = 0; index < QUEUES; index += 1) {
    const queueId = asId<QueueId>(`queue${index}`);
    const skills = { [`skill${index % SKILLS}`]: 1 + (index % 5) };
    apply(
      { type: 'queue-configured', queue: { queueId, skills, offerTimeoutMs: 20_000, wrapUpMs: WRAP_UP_MS } },
      0,
      false,
    );
  }
  for (let index = 0; index < AGENTS; index += 1) {
    const agentId = asId<AgentId>(`agent${index}`);
    const skills: Record<string, number> = {};
    for (let count = 0; count < SKILLS_PER_AGENT; count += 1) skills[`skill${random.int(SKILLS)}`] = 1 + random.int(10);
    apply({ type: 'agent-configured', agent: { agentId, skills } }, 0, false);
    apply({ type: 'device-changed', agentId, registered: true }, 0, false);
    apply({ type: 'agent-signed-in', agentId }, 0, false);
    apply({ type: 'agent-ready', agentId }, 0, false);
  }
};

const percentiles = (samples: readonly number[], digits: number): Record<'p50' | 'p99' | 'max', number> =>
  quantilesOf(samples, { p50: 0.5, p99: 0.99, max: 1 }, digits);

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '60' } },
  });
  const seconds = Number(values.seconds);
  const where = whereItRuns();
  setUp();
  let arrivals = 0;
  let nextArrivalMs = 0;
  const lagMs: number[] = [];
  const startedMs = systemClock.monotonicMs();
  for (let nowMs = 0; nowMs < seconds * 1000;) {
    nowMs = systemClock.monotonicMs() - startedMs;
    for (; nextArrivalMs <= nowMs; nextArrivalMs += random.exponential(1000 / ARRIVALS_PER_S)) {
      arrivals += 1;
      const contactId = asId<ContactId>(`c${arrivals}`);
      const queueId = asId<QueueId>(`queue${random.int(QUEUES)}`);
      events.add(nextArrivalMs, { type: 'contact-arrived', contactId, queueId, priority: random.int(3) });
    }
    for (let next = events.takeUntil(nowMs); next; next = events.takeUntil(nowMs)) {
      lagMs.push(systemClock.monotonicMs() - startedMs - next.atMs);
      apply(next.item, Math.floor(nowMs), true);
    }
    if ((nextDeadlineMs(state) ?? Infinity) <= nowMs) apply({ type: 'time-passed' }, Math.floor(nowMs), true);
    await sleep(systemClock, 1);
  }
  const { heapUsed, rss } = process.memoryUsage();
  const toMs = (us: number): number => us / 1000;
  const result = {
    bench: 'acd',
    agents: AGENTS,
    queues: QUEUES,
    skills: SKILLS,
    seconds,
    arrivals_per_s: ARRIVALS_PER_S,
    arrivals,
    offers,
    waiting_at_end: [...state.queues.values()].reduce((sum, { length }) => sum + length, 0),
    decision_ms: percentiles(decisionUs.map(toMs), 4),
    event_ms: percentiles(allUs.map(toMs), 4),
    event_lag_ms: percentiles(lagMs, 2),
    heap_mb: Math.round(heapUsed / 1e6),
    rss_mb: Math.round(rss / 1e6),
    ...where,
  };
  printResult(result, values.json);
};

void run();
