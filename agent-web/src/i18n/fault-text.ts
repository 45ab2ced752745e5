/** What a failure is called in the agent's language. */
import type { TFunction } from 'i18next';
import { messageOf } from '../../../base/errors';
import { ApiError } from '../api/http';
import { currentLanguage } from './index';
import { en } from './en';
import { hasKey } from './has-key';

/** What the server said in parts, in the reader's words; undefined when this page does not know the sentence. */
export const aboutText = (about: ApiError['details']['about'], t: TFunction): string | undefined => {
  if (about && hasKey(en.settingsAbout, about.key)) return settingsText(about.key, about.values, t);
  if (!about || !hasKey(en.faultAbout, about.key)) return undefined;
  const { number = '', rule = '', limit = '', class: name = '', policy = '', name: thing = '' } = about.values;
  const numberClass = hasKey(en.numberClass, name) ? t(`numberClass.${name}`) : name;
  return t(`faultAbout.${about.key}`, { number, rule, limit, class: numberClass, policy, name: thing });
};

/** Of queues, agents and hours. */
const settingsText = (
  key: keyof typeof en.settingsAbout,
  values: Readonly<Record<string, string>>,
  t: TFunction,
): string => {
  const { skill = '', least = '', strategy = '', score = '', most = '', ring = '', rule = '' } = values;
  const { first = '', queue = '', agent = '', name = '', channel = '', by = '', tenant = '' } = values;
  const about = { skill, least, strategy, score, most, ring, rule, first, queue, agent, name, channel, by, tenant };
  return t(`settingsAbout.${key}`, about);
};

/** Codes that this page makes itself: no server has words for them. */
const OWN_CODES: readonly string[] = ['unreachable', 'timeout'];

/**
 * The server explains itself in English, often naming the thing at fault: those words for English readers, the meaning
 * of the code for all others.
 */
export const faultText = (error: unknown, t: TFunction): string => {
  if (!(error instanceof ApiError)) return messageOf(error);
  const about = aboutText(error.details.about, t);
  if (about !== undefined) return about;
  const exact = currentLanguage() === 'en' && !OWN_CODES.includes(error.code);
  if (exact) return error.message;
  return t(`fault.${hasKey(en.fault, error.code) ? error.code : 'internal'}`);
};
