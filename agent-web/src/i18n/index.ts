/** The desk's languages: the browser's at first, then the one that was chosen here. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readSetting, writeSetting } from '../api/settings';
import { en } from './en';
import { zh } from './zh';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's name in itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', zh: '简体中文' };
/** What `lang` and Intl are told. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };

const LANGUAGE_SETTING = 'language';

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((language) => language === text);

/** The language to begin with: the remembered one, else the first of the browser's that we speak, else English. */
export const firstLanguage = (remembered: string | undefined, preferred: readonly string[]): Language => {
  if (isLanguage(remembered)) return remembered;
  const spoken = preferred.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => isLanguage(tag));
  return isLanguage(spoken) ? spoken : 'en';
};

const applyToDocument = (language: Language): void => {
  document.documentElement.lang = LOCALES[language];
};

export const startLanguages = async (): Promise<void> => {
  const language = firstLanguage(readSetting(LANGUAGE_SETTING), navigator.languages);
  applyToDocument(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
  });
};

export const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : 'en');

export const chooseLanguage = async (language: Language): Promise<void> => {
  writeSetting(LANGUAGE_SETTING, language);
  applyToDocument(language);
  await i18next.changeLanguage(language);
};
