/** The ready-made strategies, by their names. */
import { fairShare } from './fair-share';
import { fewestContacts } from './fewest-contacts';
import { linear } from './linear';
import { longestIdle } from './longest-idle';
import { mostSkilled } from './most-skilled';
import { ringSeveral } from './ring-several';
import { roundRobin } from './round-robin';
import type { Strategy } from './strategy';

export const DEFAULT_STRATEGY = longestIdle;

export const STRATEGIES: readonly Strategy[] = [
  longestIdle,
  fewestContacts,
  mostSkilled,
  roundRobin,
  ringSeveral,
  linear,
  fairShare,
];

/** The strategy of that name; those of the installation come before the ready-made ones. */
export const findStrategy = (name: string, own: readonly Strategy[] = []): Strategy | undefined =>
  [...own, ...STRATEGIES].find((strategy) => strategy.name === name);
