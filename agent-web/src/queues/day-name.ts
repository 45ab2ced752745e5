import type { TFunction } from 'i18next';

const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** @param day from 1 (Monday) to 7. */
export const dayName = (day: number, t: TFunction): string => {
  const name = NAMES[day - 1];
  return name ? t(`queueSettings.day.${name}`) : '';
};
