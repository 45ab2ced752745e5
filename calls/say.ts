/** Values that are read out: what is played for them, in the caller's language or, while that is not known, in both. */
import { readOut } from '../flows/reading/read-out';
import type { ReadOut } from '../flows/reading/read-out';
import type { PlaySource } from '../media/ports';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';

const BOTH = ['en', 'zh-CN'];

/** Text is in one language already; Chinese is known by its characters. */
const languageOfText = (text: string): string => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en');

/** Of a call whose language is not known everything is said in both. */
export const languagesOf = (call: Call): readonly string[] => {
  const { language } = call.log.interaction;
  return language === undefined ? BOTH : [language];
};

/** Fails as {@link readOut} does. */
export const sourcesToSay = (
  call: Call,
  what: Omit<ReadOut, 'language'> & { readonly language?: string | undefined },
): Result<readonly PlaySource[]> => {
  const { kind, value } = what;
  const known = what.language ?? call.log.interaction.language;
  const unknown = kind === 'text' ? [languageOfText(value)] : BOTH;
  const sources: PlaySource[] = [];
  for (const language of known === undefined ? unknown : [known]) {
    const reading = readOut({ ...what, language });
    if (!reading.ok) return fail(reading.fault.code, reading.fault.message);
    sources.push({ kind: 'phrase', language, ...reading.value });
  }
  return ok(sources);
};
