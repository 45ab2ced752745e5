/** A key counts once, however many forms a gateway sends it in. */
import { RecentKeys } from '../../../calls/recent-keys';
import type { DigitForm } from '../../../media/ports';

/** What counts of keys that come as `digit form @ms`. */
const counted = (...keys: [digit: string, form: DigitForm, atMs: number, durationMs?: number][]): string => {
  const recent = new RecentKeys();
  return keys
    .filter(([digit, form, atMs, durationMs = 100]) => recent.isNew({ digit, form, durationMs }, atMs))
    .map(([digit]) => digit)
    .join('');
};

it('one key in three forms is one', () => {
  expect(counted(['5', 'inband', 100], ['5', 'rfc4733', 140], ['5', 'info', 600])).toBe('5');
});

it('the same key twice in one form is two, however fast', () => {
  expect(counted(['5', 'rfc4733', 100], ['5', 'rfc4733', 150])).toBe('55');
});

it('the same key twice in two forms is two, in whichever order they come', () => {
  expect(counted(['5', 'info', 0], ['5', 'info', 200], ['5', 'rfc4733', 210], ['5', 'rfc4733', 400])).toBe('55');
  expect(counted(['5', 'info', 0], ['5', 'rfc4733', 120], ['5', 'info', 200], ['5', 'rfc4733', 320])).toBe('55');
});

it('a form that has lost a key does not swallow the next one', () => {
  expect(counted(['5', 'info', 0], ['5', 'info', 5000], ['5', 'rfc4733', 5100])).toBe('55');
});

it('a long key that INFO tells at its beginning and the event at its end is one', () => {
  expect(counted(['5', 'info', 0, 160], ['5', 'rfc4733', 4000, 4000])).toBe('5');
});

it('another key, and the same in another form much later, are new', () => {
  expect(counted(['5', 'info', 0], ['6', 'rfc4733', 50], ['5', 'inband', 3000])).toBe('565');
});

it('forgets what was long ago', () => {
  const recent = new RecentKeys();
  for (let atMs = 0; atMs < 100_000; atMs += 10) recent.isNew({ digit: '1', form: 'info', durationMs: 5 }, atMs);
  expect(recent.isNew({ digit: '1', form: 'rfc4733', durationMs: 5 }, 200_000)).toBe(true);
});
