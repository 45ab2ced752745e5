/** What a failed sign-in is called: a text's key with its values. */
import type { TFunction } from 'i18next';
import { ApiError } from '../api/http';
import { faultText } from '../i18n/fault-text';

export const signInErrorText = (error: unknown, t: TFunction): string => {
  if (!(error instanceof ApiError)) return t('signIn.failed', { message: faultText(error, t) });
  switch (error.code) {
    case 'unauthenticated':
    case 'forbidden':
      return t('signIn.wrong');
    case 'overloaded': {
      const seconds = error.details.retryAfterSeconds;
      return seconds === undefined ? t('signIn.tooMany') : t('signIn.tooManyWait', { count: seconds });
    }
    case 'unreachable':
      return t('signIn.unreachable');
    case 'unavailable':
    case 'timeout':
      return t('signIn.unavailable');
    default:
      return t('signIn.failed', { message: faultText(error, t) });
  }
};
