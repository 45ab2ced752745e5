import { useTranslation } from 'react-i18next';

const RESULTS = ['answered', 'abandoned', 'rejected', 'failed'] as const;
export type ResultChoice = (typeof RESULTS)[number] | '';

export const useOutcomeOptions = (): { value: ResultChoice; label: string }[] => {
  const { t } = useTranslation();
  return [
    { value: '', label: t('history.anyOutcome') },
    ...RESULTS.map((value) => ({ value, label: t(`history.result.${value}`) })),
  ];
};
