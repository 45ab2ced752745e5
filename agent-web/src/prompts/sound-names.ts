/** What a sound's path means to a reader: what kind it is, of which language, and its name. */
import type { TFunction } from 'i18next';
import { currentLanguage, LOCALES } from '../i18n';

const LANGUAGE = /^[a-z]{2}(-[A-Z]{2})?$/;

interface SoundPath {
  readonly kind: 'prompts' | 'music';
  readonly language: string | undefined;
  readonly name: string;
}

const partsOf = (path: string): SoundPath => {
  const [kind, first = '', ...rest] = path.split('/');
  const isLanguage = LANGUAGE.test(first);
  return {
    kind: kind === 'music' ? 'music' : 'prompts',
    language: isLanguage ? first : undefined,
    name: (isLanguage ? rest : [first, ...rest]).join('/'),
  };
};

/** Such as `closed-today`, or of music `jazz/first-piece`. */
export const soundNameOf = (path: string): string => partsOf(path).name;

const languageName = (code: string): string => {
  try {
    return new Intl.DisplayNames([LOCALES[currentLanguage()]], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
};

/** Such as `Prompt · Chinese (China)`. @param path of a sound, or of its folder. */
export const soundKindOf = (path: string, t: TFunction): string => {
  const { kind, language } = partsOf(path);
  if (language === undefined) return t(`prompts.kinds.${kind}`);
  return `${t(`prompts.kinds.${kind}`)} · ${languageName(language)}`;
};
