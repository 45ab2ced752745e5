/** How a call ended, in the reader's language. */
import type { TFunction } from 'i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { en } from '../i18n/en';
import { hasKey } from '../i18n/has-key';

type Outcome = NonNullable<InteractionView['outcome']>;

/** The reason and whose doing it was; flows end calls for reasons of their own, which are shown as they are. */
export const outcomeText = ({ reason, party }: Outcome, t: TFunction): string => {
  const why = hasKey(en.history.reason, reason) ? t(`history.reason.${reason}`) : reason;
  return t('history.endedBy', { why, who: t(`history.party.${party}`) });
};
