/** What a simulated day is made of. */
import type { QueueId } from '../../base/ids';
import type { SeededRandom } from '../../base/random';
import type { AgentConfig, QueueConfig } from '../core/config';
import type { ContactAttributes } from '../core/model';

export type Distribution =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  /** Logarithms are normal: most handling times look like this. `sigma` is their standard deviation. */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  | { readonly kind: 'endless' };

/** From `fromMs` until the next part, contacts arrive at random (Poisson) with this rate. */
export interface CurvePart {
  readonly fromMs: number;
  readonly perHour: number;
}

/** From `fromMs` until `untilMs` of the day. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface StaffedAgent extends AgentConfig {
  /** When the agent is signed in and ready, in order; the whole day when absent, never when empty. Who is busy at the end finishes first. */
  readonly shifts?: readonly Span[];
}

export interface HourlyQueue extends QueueConfig {
  /** When the queue is open, in order; always when absent, never when empty. */
  readonly hours?: readonly Span[];
}

export interface Load {
  readonly queueId: QueueId;
  readonly arrivals: readonly CurvePart[];
  /** Conversation, without wrap-up, which the queue's configuration gives. */
  readonly handle: Distribution;
  /** How long a customer waits before giving up. */
  readonly patience: Distribution;
  readonly priority?: number;
  readonly attributes?: ContactAttributes;
}

/** A contact of a recorded day. */
export interface RecordedContact {
  readonly atMs: number;
  readonly queueId: QueueId;
  readonly priority: number;
  readonly attributes: ContactAttributes;
  /** Undefined when nobody spoke with the customer; then the mean of the queue is taken. */
  readonly handleMs: number | undefined;
  /** Undefined when the customer did not give up; then the customer is taken to be endlessly patient. */
  readonly patienceMs: number | undefined;
}

export interface Scenario {
  readonly seed: number;
  readonly durationMs: number;
  readonly intervalMs: number;
  /** Time between the ring and the agent's answer. */
  readonly answerMs: number;
  readonly queues: readonly HourlyQueue[];
  readonly agents: readonly StaffedAgent[];
  readonly loads: readonly Load[];
  readonly recorded?: readonly RecordedContact[];
}

export const draw = (random: SeededRandom, from: Distribution): number => {
  switch (from.kind) {
    case 'constant':
      return from.ms;
    case 'exponential':
      return random.exponential(from.meanMs);
    case 'lognormal':
      return from.medianMs * Math.exp(from.sigma * normal(random));
    case 'endless':
      return Infinity;
  }
};

/** Standard normal, after Box and Muller. */
const normal = (random: SeededRandom): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** The next arrival after `afterMs`, by thinning a Poisson stream of the highest rate; undefined when none follows. */
export const nextArrivalMs = (
  random: SeededRandom,
  curve: readonly CurvePart[],
  of: { readonly afterMs: number; readonly untilMs: number },
): number | undefined => {
  const highest = Math.max(0, ...curve.map(({ perHour }) => perHour));
  if (highest === 0) return undefined;
  let atMs = of.afterMs;
  while (atMs < of.untilMs) {
    atMs += random.exponential(3_600_000 / highest);
    const rate = rateAt(curve, atMs);
    if (atMs < of.untilMs && (rate === highest || random.next() * highest < rate)) return atMs;
  }
  return undefined;
};

const rateAt = (curve: readonly CurvePart[], atMs: number): number => {
  let rate = 0;
  for (const { fromMs, perHour } of curve) if (fromMs <= atMs) rate = perHour;
  return rate;
};
