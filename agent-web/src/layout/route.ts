/** Which page is shown: the address's fragment, so that a reload stays where it was. */
import { useSyncExternalStore } from 'react';

export const PAGES = [
  'desk',
  'calls',
  'recordings',
  'team',
  'waiting',
  'wallboard',
  'reports',
  'conferences',
  'prompts',
  'queues',
  'notices',
  'policies',
] as const;
export type Page = (typeof PAGES)[number];

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

const readHash = (): string => location.hash;

/** The address's page, or the first of those allowed. */
export const pageOf = (hash: string, allowed: readonly Page[]): Page => {
  const name = hash.replace(/^#\/?/, '');
  return allowed.find((page) => page === name) ?? allowed[0] ?? 'calls';
};

export const usePage = (allowed: readonly Page[]): Page => pageOf(useSyncExternalStore(subscribe, readHash), allowed);

export const pageHref = (page: Page): string => `#/${page}`;
