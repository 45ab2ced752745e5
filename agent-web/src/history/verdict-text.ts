/** Why the ACD did not choose a candidate, in a few words. */
import type { TFunction } from 'i18next';
import type { Verdict } from '../../../api/contract/decisions';
import { en } from '../i18n/en';
import { hasKey } from '../i18n/has-key';

/** Ready-made strategies have a name in each language; those of an installation have one only. */
const strategyName = (strategy: string, t: TFunction): string =>
  hasKey(en.decisions.strategy, strategy) ? t(`decisions.strategy.${strategy}`) : strategy;

export const verdictText = (
  verdict: Verdict,
  { t, nameOf }: { readonly t: TFunction; readonly nameOf: (agentId: string) => string },
): string => {
  switch (verdict.kind) {
    case 'not-ready':
      return t('decisions.verdict.not-ready', { reason: t(`state.reason.${verdict.reason}`) });
    case 'no-capacity':
      return t('decisions.verdict.no-capacity', { count: verdict.contacts.length });
    case 'kept-for':
      return t('decisions.verdict.kept-for', { agent: nameOf(verdict.agentId) });
    case 'skill-missing':
      return t('decisions.verdict.skill-missing', { ...verdict });
    case 'lower-score':
      return t('decisions.verdict.lower-score', { count: Math.round(verdict.by / 1000) });
    case 'ranked-later':
      return t('decisions.verdict.ranked-later', { strategy: strategyName(verdict.strategy, t) });
    case 'idle-shorter':
      return t('decisions.verdict.idle-shorter', { count: Math.max(1, Math.round(verdict.byMs / 1000)) });
    default:
      return t(`decisions.verdict.${verdict.kind}`);
  }
};
