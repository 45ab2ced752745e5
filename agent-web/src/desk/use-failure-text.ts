/** Why somebody was not reached, as a sentence. */
import { useTranslation } from 'react-i18next';

const FAILURES = ['busy', 'declined', 'no-answer', 'hung-up', 'not-found', 'no-route', 'forbidden'] as const;

export const useFailureText = (reason: string): string => {
  const { t } = useTranslation();
  const known = FAILURES.find((failure) => failure === reason);
  return t(`consult.failure.${known ?? 'other'}`);
};
