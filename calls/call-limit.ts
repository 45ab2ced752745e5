/** Which limits hold for an account and a class of numbers. Pure. */
import type { CallLimit } from '../store/call-limits';

export interface LimitFigures {
  readonly maxConcurrent: number;
  readonly maxPerMinute: number;
  readonly maxCostPerDay: number;
}

const UNLIMITED: LimitFigures = { maxConcurrent: Infinity, maxPerMinute: Infinity, maxCostPerDay: Infinity };

/** What fraud is after has a limit from the first day on, far above what one account needs. */
const BUILT_IN: Readonly<Record<string, LimitFigures>> = {
  international: { maxConcurrent: 20, maxPerMinute: 60, maxCostPerDay: 1_000 },
  premium: { maxConcurrent: 5, maxPerMinute: 10, maxCostPerDay: 100 },
};

/**
 * Each figure by itself: the account's own before everybody's, the class's own before that of all classes, and what
 * nobody has set as it is built in. Of two limits that are as exact, the lower one.
 */
export const limitsFor = (
  limits: readonly CallLimit[],
  of: { readonly account: string; readonly numberClass: string },
): LimitFigures => {
  const { account, numberClass } = of;
  const fitting = limits.filter(
    ({ accounts, classes }) =>
      (accounts.length === 0 || accounts.includes(account)) && (classes.length === 0 || classes.includes(numberClass)),
  );
  const exactness = ({ accounts, classes }: CallLimit): number =>
    (accounts.length > 0 ? 2 : 0) + (classes.length > 0 ? 1 : 0);
  const builtIn = (Object.hasOwn(BUILT_IN, numberClass) ? BUILT_IN[numberClass] : undefined) ?? UNLIMITED;
  const figure = (name: keyof LimitFigures): number => {
    const set = fitting.flatMap((limit) => {
      const value = limit[name];
      return value === undefined ? [] : [{ value, exact: exactness(limit) }];
    });
    set.sort((one, other) => other.exact - one.exact || one.value - other.value);
    return set[0]?.value ?? builtIn[name];
  };
  return {
    maxConcurrent: figure('maxConcurrent'),
    maxPerMinute: figure('maxPerMinute'),
    maxCostPerDay: figure('maxCostPerDay'),
  };
};
