/** Works out what a queue's configuration means. */
import { SwitchroomError } from '../../base/errors';
import type { OverflowRule, QueueConfig } from './config';
import type { AcdRules, QueuePlan, WeightedTerm } from './model';
import { DEFAULT_WEIGHTS, SCORES } from './scores/table';
import type { ScoreName } from './scores/table';
import type { Score } from './scores/score';
import { DEFAULT_STRATEGY, findStrategy } from './strategies/table';

/** @throws SwitchroomError with `bad_input` for a strategy that does not exist; `checkAcdConfig` finds it before. */
export const planOf = (config: QueueConfig, rules: AcdRules): QueuePlan => {
  const name = config.strategy ?? DEFAULT_STRATEGY.name;
  const strategy = findStrategy(name, rules.strategies);
  if (!strategy) throw new SwitchroomError('bad_input', `Queue ${config.queueId}: there is no strategy ${name}.`);
  const contactTerms = termsOf('contact', config);
  const agentTerms = termsOf('agent', config);
  const fitTerms = termsOf('fit', config);
  return {
    strategy,
    contactTerms,
    agentTerms,
    fitTerms,
    pairTerms: termsOf('pair', config),
    contactSlope: slopeOf(contactTerms),
    agentSlope: slopeOf(agentTerms),
    bySite: fitTerms.some((term) => term.score === SCORES.sameSite),
    rings: [{ afterMs: 0, skills: config.skills }, ...(config.rings ?? [])],
    timedOverflows: (config.overflow ?? []).flatMap(timed).sort((a, b) => a.afterMs - b.afterMs || a.rule - b.rule),
  };
};

const termsOf = <Kind extends Score['kind']>(kind: Kind, config: QueueConfig): WeightedTerm<Kind>[] =>
  (Object.keys(SCORES) as ScoreName[]).flatMap((name) => {
    const score: Score = SCORES[name];
    const weight = config.weights?.[name] ?? DEFAULT_WEIGHTS[name];
    return score.kind === kind && weight !== 0 ? [{ score, weight } as WeightedTerm<Kind>] : [];
  });

const slopeOf = (terms: readonly { readonly score: { readonly perMs: number }; readonly weight: number }[]): number =>
  terms.reduce((sum, { score, weight }) => sum + weight * score.perMs, 0);

const timed = ({ when }: OverflowRule, rule: number): { afterMs: number; rule: number }[] =>
  when.kind === 'waited' ? [{ afterMs: when.afterMs, rule }] : [];
