/** The simulation plays M/M/N queues through the engine, and must find what Erlang found on paper. */
import { asId } from '../../../base/ids';
import type { AgentId, QueueId } from '../../../base/ids';
import { erlang } from './reference/erlang';
import type { ErlangInput } from './reference/erlang';
import { simulate } from '../../../acd/simulate/run';
import type { ContactOutcome } from '../../../acd/simulate/run';

const MEAN_HANDLE_MS = 180_000;
const TARGET_MS = 20_000;
const BATCHES = 30;
/** Student's t for 29 degrees of freedom: 99 % lie within. */
const T_99 = 2.756;
const CONTACTS = 80_000;
const WARM_UP = 6000;

interface LoadPoint {
  readonly agents: number;
  readonly erlangs: number;
  readonly meanPatienceMs?: number;
  /** Where waits are rare, more contacts are needed for a narrow interval. */
  readonly contacts?: number;
}

const PATIENT: LoadPoint[] = [
  { agents: 1, erlangs: 0.5 },
  { agents: 1, erlangs: 0.7 },
  { agents: 2, erlangs: 1.2 },
  { agents: 3, erlangs: 2.1 },
  { agents: 5, erlangs: 4 },
  { agents: 8, erlangs: 6 },
  { agents: 10, erlangs: 8 },
  { agents: 15, erlangs: 12 },
  { agents: 20, erlangs: 16.5 },
  { agents: 30, erlangs: 24.5, contacts: 4 * CONTACTS },
];
const IMPATIENT: LoadPoint[] = [
  { agents: 1, erlangs: 0.9, meanPatienceMs: 120_000 },
  { agents: 2, erlangs: 2, meanPatienceMs: 60_000 },
  { agents: 3, erlangs: 3.5, meanPatienceMs: 180_000 },
  { agents: 5, erlangs: 5, meanPatienceMs: 90_000 },
  { agents: 5, erlangs: 7, meanPatienceMs: 120_000 },
  { agents: 10, erlangs: 9, meanPatienceMs: 60_000 },
  { agents: 10, erlangs: 12, meanPatienceMs: 240_000 },
  { agents: 15, erlangs: 15, meanPatienceMs: 120_000 },
  { agents: 20, erlangs: 20, meanPatienceMs: 300_000 },
  { agents: 30, erlangs: 33, meanPatienceMs: 120_000 },
];

const inputOf = (point: LoadPoint): ErlangInput => ({
  agents: point.agents,
  arrivalsPerMs: point.erlangs / MEAN_HANDLE_MS,
  meanHandleMs: MEAN_HANDLE_MS,
  targetMs: TARGET_MS,
  ...(point.meanPatienceMs === undefined ? {} : { meanPatienceMs: point.meanPatienceMs }),
});

const outcomesOf = (point: LoadPoint, seed: number): ContactOutcome[] => {
  const queueId = asId<QueueId>('q');
  const perHour = (point.erlangs / MEAN_HANDLE_MS) * 3_600_000;
  const outcomes: ContactOutcome[] = [];
  simulate(
    {
      seed,
      durationMs: (((point.contacts ?? CONTACTS) + WARM_UP) / perHour) * 3_600_000,
      intervalMs: 1_000_000_000_000,
      answerMs: 0,
      queues: [{ queueId, skills: {}, offerTimeoutMs: 1000, wrapUpMs: 0 }],
      agents: Array.from({ length: point.agents }, (_, index) => ({ agentId: asId<AgentId>(`a${index}`), skills: {} })),
      loads: [
        {
          queueId,
          arrivals: [{ fromMs: 0, perHour }],
          handle: { kind: 'exponential', meanMs: MEAN_HANDLE_MS },
          patience:
            point.meanPatienceMs === undefined
              ? { kind: 'endless' }
              : { kind: 'exponential', meanMs: point.meanPatienceMs },
        },
      ],
    },
    { onOutcome: (outcome) => outcomes.push(outcome) },
  );
  return outcomes.sort((a, b) => a.arrivedAtMs - b.arrivedAtMs).slice(WARM_UP);
};

/** Mean and half-width of the 99 % confidence interval, by the means of batches of neighbouring contacts. */
const interval = (samples: readonly number[]): { mean: number; half: number } => {
  const size = Math.floor(samples.length / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, batch) => {
    const part = samples.slice(batch * size, (batch + 1) * size);
    return part.reduce((a, b) => a + b, 0) / size;
  });
  const mean = means.reduce((a, b) => a + b, 0) / BATCHES;
  const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (BATCHES - 1);
  return { mean, half: T_99 * Math.sqrt(variance / BATCHES) };
};

const expectWithin = (what: string, samples: readonly number[], theory: number): void => {
  const { mean, half } = interval(samples);
  const off = Math.abs(mean - theory);
  if (off > half) throw new Error(`${what}: simulated ${mean} ± ${half}, in theory ${theory}`);
  // An interval that contains everything would prove nothing.
  expect(half).toBeLessThan(0.3 * Math.max(theory, 0.01));
};

describe('theory', () => {
  it('Erlang C of 8 Erlang on 10 agents is what the tables say', () => {
    const figures = erlang(inputOf({ agents: 10, erlangs: 8 }));
    expect(figures.waitProbability).toBeCloseTo(0.4092, 4);
    expect(figures.meanWaitMs).toBeCloseTo((0.40918 * MEAN_HANDLE_MS) / 2, -2);
    expect(figures.answeredInTarget).toBeCloseTo(1 - 0.40918 * Math.exp((-2 * TARGET_MS) / MEAN_HANDLE_MS), 4);
    expect(figures.abandonment).toBe(0);
  });

  it('refuses a load that patient customers would queue up for ever', () => {
    expect(() => erlang(inputOf({ agents: 2, erlangs: 2 }))).toThrow(RangeError);
  });
});

describe('simulated queues agree with theory within the 99 % confidence interval', () => {
  it.each(PATIENT.map((point, index) => ({ ...point, seed: index + 1 })))(
    'Erlang C: $erlangs Erlang on $agents agents (seed $seed)',
    (point) => {
      const outcomes = outcomesOf(point, point.seed);
      const theory = erlang(inputOf(point));
      expectWithin(
        'mean wait',
        outcomes.map(({ waitMs }) => waitMs),
        theory.meanWaitMs,
      );
      expectWithin(
        'service level',
        outcomes.map(({ waitMs }) => Number(waitMs <= TARGET_MS)),
        theory.answeredInTarget,
      );
    },
    30_000,
  );

  it.each(IMPATIENT.map((point, index) => ({ ...point, seed: index + 11 })))(
    'Erlang A: $erlangs Erlang on $agents agents, patience $meanPatienceMs ms (seed $seed)',
    (point) => {
      const outcomes = outcomesOf(point, point.seed);
      const theory = erlang(inputOf(point));
      const inTarget = ({ result, waitMs }: ContactOutcome): number =>
        Number(result === 'answered' && waitMs <= TARGET_MS);
      expectWithin(
        'mean wait',
        outcomes.map(({ waitMs }) => waitMs),
        theory.meanWaitMs,
      );
      expectWithin(
        'abandonment',
        outcomes.map(({ result }) => Number(result === 'abandoned')),
        theory.abandonment,
      );
      expectWithin('service level', outcomes.map(inTarget), theory.answeredInTarget);
    },
    30_000,
  );
});
