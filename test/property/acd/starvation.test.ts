/**
 * Nobody waits for ever. Whoever is preferred by h milliseconds is served before another only while the other one's wait
 * is at most h longer, so no wait exceeds the longest of the preferred ones by more than h and the time until the
 * next agent is free; docs/acd.md, "Score".
 */
import { asId } from '../../../base/ids';
import type { AgentId, QueueId } from '../../../base/ids';
import { simulate } from '../../../acd/simulate/run';
import type { ContactOutcome } from '../../../acd/simulate/run';
import type { Load } from '../../../acd/simulate/scenario';

const AGENTS = 10;
const HANDLE_MS = 120_000;
const PRIORITY_MS = 60_000;

/** `share` of what the agents can do. */
const load = (queueId: QueueId, share: number, priority: number): Load => ({
  queueId,
  priority,
  arrivals: [{ fromMs: 0, perHour: (share * AGENTS * 3_600_000) / HANDLE_MS }],
  handle: { kind: 'exponential', meanMs: HANDLE_MS },
  patience: { kind: 'endless' },
});

const longestWaits = (
  seed: number,
  loads: readonly Load[],
): { readonly waits: ReadonlyMap<QueueId, number>; readonly betweenAnswersMs: number } => {
  const waits = new Map<QueueId, number>();
  let betweenAnswersMs = 0;
  let answeredAtMs = 0;
  const onOutcome = ({ queueId, arrivedAtMs, waitMs }: ContactOutcome): void => {
    waits.set(queueId, Math.max(waitMs, waits.get(queueId) ?? 0));
    betweenAnswersMs = Math.max(betweenAnswersMs, arrivedAtMs + waitMs - answeredAtMs);
    answeredAtMs = arrivedAtMs + waitMs;
  };
  const queues = [...new Set(loads.map(({ queueId }) => queueId))].map((queueId) => ({
    ...{ queueId, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: 0 },
  }));
  const agents = Array.from({ length: AGENTS }, (_, index) => ({
    agentId: asId<AgentId>(`agent${index}`),
    skills: {},
  }));
  simulate(
    { seed, durationMs: 12 * 3_600_000, intervalMs: 3_600_000, answerMs: 0, queues, agents, loads },
    { onOutcome },
  );
  return { waits, betweenAnswersMs };
};

describe('no starvation', () => {
  const gold = asId<QueueId>('gold');
  const plain = asId<QueueId>('plain');
  const seeds = Array.from({ length: 8 }, (_, index) => index + 1);

  it.each([1, 3, 10])(
    'a wait is longer than those of %i steps more by their head start at most, even when it is always busy',
    (steps) => {
      let gained = 0;
      for (const seed of seeds) {
        // More than the agents can do: the preferred alone would keep them busy.
        const { waits, betweenAnswersMs } = longestWaits(seed, [load(gold, 1.05, steps), load(plain, 0.1, 0)]);
        const ofPlain = waits.get(plain) ?? 0;
        const ofGold = waits.get(gold) ?? 0;
        const mostMs = ofGold + steps * PRIORITY_MS + betweenAnswersMs;
        expect({ seed, bounded: ofPlain <= mostMs }).toEqual({ seed, bounded: true });
        if (ofPlain > ofGold) gained += 1;
      }
      // The head start is no ornament either.
      expect(gained).toBeGreaterThan(seeds.length / 2);
    },
  );
});
