/** What is wrong with one queue, as far as that can be said without the others. */
import type { OverflowRule, QueueConfig } from './config';
import type { AcdRules } from './model';
import { badLevels, problemsOf } from './problem';
import type { AcdProblem } from './problem';
import { SCORES } from './scores/table';
import { DEFAULT_STRATEGY, STRATEGIES, findStrategy } from './strategies/table';

/** Sums of weighted scores stay exact whole numbers below this weight. */
const HIGHEST_WEIGHT = 1_000_000_000;
const HIGHEST_TIME_WEIGHT = 1000;

export const queueProblems = (queue: QueueConfig, rules: AcdRules = {}): AcdProblem[] =>
  problemsOf(`Queue ${queue.queueId}`, [
    ...badLevels('skills', queue.skills),
    ...badTimes(queue),
    ...checkStrategy(queue, rules),
    ...checkWeights(queue),
    ...checkRings(queue),
    ...checkOverflow(queue.overflow ?? []),
    ...checkNumbers(queue),
  ]);

const badTimes = ({ offerTimeoutMs, wrapUpMs, preferredAgentMs, callback }: QueueConfig): AcdProblem[] => {
  const times: [path: string, ms: number | undefined, least: number][] = [
    ['offerTimeoutMs', offerTimeoutMs, 1],
    ['wrapUpMs', wrapUpMs, 0],
    ['preferredAgentMs', preferredAgentMs, 0],
    ['callback.retryMs', callback?.retryMs, 0],
  ];
  return times.flatMap(([path, ms, least]) =>
    ms === undefined || (Number.isSafeInteger(ms) && ms >= least)
      ? []
      : {
          path,
          key: 'time',
          values: { least },
          message: `${path} must be a whole number of milliseconds, at least ${least}, not ${ms}.`,
        },
  );
};

const checkStrategy = (queue: QueueConfig, rules: AcdRules): AcdProblem[] => {
  const { strategy = DEFAULT_STRATEGY.name, agentOrder, ringAtOnce } = queue;
  const values = { strategy };
  if (!findStrategy(strategy, rules.strategies)) {
    const known = [...(rules.strategies ?? []), ...STRATEGIES].map(({ name }) => name).join(', ');
    const message = `there is no strategy ${strategy}; choose one of ${known}.`;
    return [{ path: 'strategy', key: 'strategy-unknown', values, message }];
  }
  const problems: AcdProblem[] = [];
  const add = (path: string, key: string, message: string): void => void problems.push({ path, key, values, message });
  if (agentOrder !== undefined && strategy !== 'linear') {
    const cure = 'choose linear, or leave it out';
    add('agentOrder', 'order-without-linear', `agentOrder means nothing to the strategy ${strategy}; ${cure}.`);
  }
  if (strategy === 'linear' && (agentOrder ?? []).length === 0)
    add('agentOrder', 'linear-without-order', 'the strategy linear needs agentOrder.');
  if (ringAtOnce !== undefined && strategy !== 'ring-several') {
    const cure = 'choose ring-several, or leave it out';
    add('ringAtOnce', 'ring-at-once-without-several', `ringAtOnce means nothing to the strategy ${strategy}; ${cure}.`);
  }
  if (strategy === 'ring-several' && !(Number.isInteger(ringAtOnce) && (ringAtOnce ?? 0) >= 2)) {
    const message = 'the strategy ring-several needs ringAtOnce, a whole number of at least 2.';
    add('ringAtOnce', 'several-without-ring-at-once', message);
  }
  return problems;
};

const checkWeights = ({ weights = {} }: QueueConfig): AcdProblem[] => {
  const problems = Object.entries(weights).flatMap(([score, weight]): AcdProblem | AcdProblem[] => {
    const path = `weights.${score}`;
    if (!Object.hasOwn(SCORES, score)) {
      const message = `there is no score ${score}; choose among ${Object.keys(SCORES).join(', ')}.`;
      return { path, key: 'score-unknown', values: { score }, message };
    }
    const most = score === 'waiting' || score === 'idle' ? HIGHEST_TIME_WEIGHT : HIGHEST_WEIGHT;
    if (Number.isSafeInteger(weight) && Math.abs(weight) <= most) return [];
    const message = `the weight of ${score} must be a whole number of at most ${most}, not ${weight}.`;
    return { path, key: 'weight', values: { score, most }, message };
  });
  if (weights.waiting !== undefined && weights.waiting < 1) {
    const message = 'the weight of waiting must be at least 1, or somebody could wait for ever.';
    problems.push({ path: 'weights.waiting', key: 'weight-of-waiting', values: {}, message });
  }
  return problems;
};

const checkRings = (queue: QueueConfig): AcdProblem[] => {
  let before = { afterMs: 0, skills: queue.skills };
  return (queue.rings ?? []).flatMap((ring, place) => {
    const values = { ring: place + 1 };
    const what = `ring ${values.ring}`;
    const path = `rings.${place}`;
    const problems = badLevels(`${path}.skills`, ring.skills);
    if (!Number.isSafeInteger(ring.afterMs) || ring.afterMs <= before.afterMs) {
      const later = `${what} must begin later than what comes before it (${before.afterMs} ms)`;
      const message = `${later}, not at ${ring.afterMs} ms.`;
      problems.push({ path: `${path}.afterMs`, key: 'ring-too-early', values, message });
    }
    for (const [skill, level] of Object.entries(ring.skills)) {
      if (level <= (before.skills[skill] ?? 0)) continue;
      const message = `${what} asks for more ${skill} than before; rings can only relax.`;
      problems.push({ path: `${path}.skills`, key: 'ring-asks-more', values: { ...values, skill }, message });
    }
    before = ring;
    return problems;
  });
};

const checkOverflow = (rules: readonly OverflowRule[]): AcdProblem[] =>
  rules.flatMap(({ when }, place) => {
    const rule = place + 1;
    const path = `overflow.${place}`;
    const amount = amountOf(when);
    const problems: AcdProblem[] = [];
    if (!(Number.isSafeInteger(amount) && amount >= 0)) {
      const message = `overflow rule ${rule}: ${amount} is not a whole number from 0.`;
      problems.push({ path, key: 'overflow-amount', values: { rule }, message });
    }
    const first = rules.findIndex((other) => JSON.stringify(other.when) === JSON.stringify(when)) + 1;
    if (first < rule && when.kind !== 'waited') {
      const message = `overflow rule ${rule} is never reached: rule ${first} has the same condition.`;
      problems.push({ path, key: 'overflow-unreached', values: { rule, first }, message });
    }
    return problems;
  });

const amountOf = (when: OverflowRule['when']): number => {
  switch (when.kind) {
    case 'waited':
      return when.afterMs;
    case 'length':
      return when.most;
    case 'expected-wait':
      return when.mostMs;
    default:
      return 0;
  }
};

const checkNumbers = ({ priority, callback, serviceLevel }: QueueConfig): AcdProblem[] => {
  const problems: AcdProblem[] = [];
  const add = (path: string, key: string, message: string): void =>
    void problems.push({ path, key, values: {}, message });
  if (priority !== undefined && !Number.isSafeInteger(priority))
    add('priority', 'priority', 'priority must be a whole number.');
  if (callback && !(Number.isInteger(callback.maxAttempts) && callback.maxAttempts >= 1)) {
    const message = 'callback.maxAttempts must be a whole number of at least 1.';
    add('callback.maxAttempts', 'callback-attempts', message);
  }
  if (serviceLevel && !(serviceLevel.targetMs > 0 && serviceLevel.percent > 0 && serviceLevel.percent <= 100)) {
    const message = 'serviceLevel needs a targetMs above 0 and a percent above 0 and up to 100.';
    add('serviceLevel', 'service-level', message);
  }
  return problems;
};
