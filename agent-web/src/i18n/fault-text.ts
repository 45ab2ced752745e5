/** What a failure is called in the agent's language. */
import type { TFunction } from 'i18next';
import { messageOf } from '../../../base/errors';
import { ApiError } from '../api/http';
import { currentLanguage } from './index';
import { en } from './en';
import { hasKey } from './has-key';

/** What the server said in parts, in the reader's words; undefined when this page does not know the sentence. */
const aboutText = ({ details }: ApiError, t: TFunction): string | undefined => {
  const { about } = details;
  if (!about || !hasKey(en.faultAbout, about.key)) return undefined;
  const { number = '', rule = '', limit = '', class: name = '', policy = '', name: thing = '' } = about.values;
  const numberClass = hasKey(en.numberClass, name) ? t(`numberClass.${name}`) : name;
  return t(`faultAbout.${about.key}`, { number, rule, limit, class: numberClass, policy, name: thing });
};

/** Codes that this page makes itself: no server has words for them. */
const OWN_CODES: readonly string[] = ['unreachable', 'timeout'];

/**
 * The server explains itself in English, often naming the thing at fault: those words for English readers, the meaning
 * of the code for all others.
 */
export const faultText = (error: unknown, t: TFunction): string => {
  if (!(error instanceof ApiError)) return messageOf(error);
  const about = aboutText(error, t);
  if (about !== undefined) return about;
  const exact = currentLanguage() === 'en' && !OWN_CODES.includes(error.code);
  if (exact) return error.message;
  return t(`fault.${hasKey(en.fault, error.code) ? error.code : 'internal'}`);
};
