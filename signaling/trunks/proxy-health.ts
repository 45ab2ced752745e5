/** Whether a carrier's proxy can be given calls: a pure machine, fed by OPTIONS probes and by the calls themselves. */
import type { TrunkCause } from './trunk-cause';

/**
 * ```
 * unknown --answer--> up --failures in a row--> down --answers in a row--> up
 *    |                                           ▲ |
 *    +-------------failures in a row-------------+ +--pause over, nothing probes it--> unknown
 * ```
 */
export type ProxyHealth =
  | { readonly name: 'unknown'; readonly sinceMs: number; readonly failures: number }
  | { readonly name: 'up'; readonly sinceMs: number; readonly failures: number }
  /** `untilMs`: when a proxy that nothing probes is given a chance again. */
  | {
      readonly name: 'down';
      readonly sinceMs: number;
      readonly answers: number;
      readonly untilMs: number | undefined;
      readonly cause: TrunkCause;
    };

export type HealthInput =
  /** A probe or a call was answered. */
  | { readonly type: 'answered' }
  /** A probe or a call was not, or with 408 or 5xx. */
  | { readonly type: 'failed'; readonly cause: TrunkCause }
  /** Time has passed. */
  | { readonly type: 'looked-at' };

export interface HealthRules {
  readonly downAfter: number;
  readonly upAfter: number;
  /** Whether probes will tell when it is up again. */
  readonly probed: boolean;
}

/** How long a proxy that nothing probes is passed over. */
const PAUSE_MS = 60_000;

export const newHealth = (nowMs: number): ProxyHealth => ({ name: 'unknown', sinceMs: nowMs, failures: 0 });

export const stepHealth = (
  health: ProxyHealth,
  input: HealthInput,
  at: { readonly nowMs: number; readonly rules: HealthRules },
): ProxyHealth => {
  const { nowMs, rules } = at;
  switch (input.type) {
    case 'answered':
      return onAnswer(health, nowMs, rules);
    case 'failed':
      return onFailure(health, input.cause, at);
    case 'looked-at': {
      const isOver = health.name === 'down' && health.untilMs !== undefined && nowMs >= health.untilMs;
      return isOver ? newHealth(nowMs) : health;
    }
  }
};

const onAnswer = (health: ProxyHealth, nowMs: number, { upAfter }: HealthRules): ProxyHealth => {
  if (health.name === 'up') return health.failures === 0 ? health : { ...health, failures: 0 };
  if (health.name === 'down' && health.answers + 1 < upAfter) return { ...health, answers: health.answers + 1 };
  return { name: 'up', sinceMs: nowMs, failures: 0 };
};

const onFailure = (
  health: ProxyHealth,
  cause: TrunkCause,
  { nowMs, rules }: { readonly nowMs: number; readonly rules: HealthRules },
): ProxyHealth => {
  const untilMs = rules.probed ? undefined : nowMs + PAUSE_MS;
  if (health.name === 'down') return { ...health, answers: 0, untilMs };
  const failures = health.failures + 1;
  if (failures < rules.downAfter) return { ...health, failures };
  return { name: 'down', sinceMs: nowMs, answers: 0, untilMs, cause };
};
