import { useTranslation } from 'react-i18next';
import type { Choice } from '../lists/filter-fields';

const RESULTS = ['answered', 'abandoned', 'rejected', 'failed'] as const;
export type ResultChoice = (typeof RESULTS)[number];

export const useOutcomeChoices = (): Choice<ResultChoice>[] => {
  const { t } = useTranslation();
  return RESULTS.map((value) => ({ value, label: t(`history.result.${value}`) }));
};
