import { readFileSync } from 'node:fs';
import { SimulatedClock } from '../../../base/clock';
import {
  ACCOUNT_LIMITS,
  ADDRESS_LIMITS,
  KNOWN_MS,
  PAIR_LIMITS,
  SignInLimits,
} from '../../../api/sessions/sign-in-limits';

const OFFICE = '192.0.2.1';
const MINUTE_MS = 60_000;

const setUp = () => {
  const clock = new SimulatedClock();
  const limits = new SignInLimits(clock);
  const fails = (count: number, attempt: (index: number) => readonly [string, string]): void => {
    for (let index = 0; index < count; index += 1) limits.begin(...attempt(index));
  };
  const waitMs = (userName: string, address = OFFICE): number => {
    const attempt = limits.begin(userName, address);
    if ('takeBack' in attempt) attempt.takeBack();
    return attempt.waitMs;
  };
  const succeed = (userName: string, address = OFFICE): void => {
    const attempt = limits.begin(userName, address);
    if (!('succeeded' in attempt)) throw new Error('the attempt was limited');
    attempt.succeeded();
  };
  return { clock, fails, waitMs, succeed };
};

describe('failed sign-ins', () => {
  it('of one account from one address are limited there, and nowhere else', () => {
    const { fails, waitMs } = setUp();
    fails(10, () => ['Anna', OFFICE]);
    expect(waitMs('anna')).toBe(15 * MINUTE_MS);
    expect([waitMs('ben'), waitMs('anna', '198.51.100.9')]).toEqual([0, 0]);
  });

  it('of one account from many addresses are limited everywhere', () => {
    const { clock, fails, waitMs } = setUp();
    fails(50, (index) => ['anna', `198.51.100.${index}`]);
    expect(waitMs('anna', '203.0.113.1')).toBe(60 * MINUTE_MS);
    expect(waitMs('ben', '203.0.113.1')).toBe(0);
    clock.advance(60 * MINUTE_MS);
    expect(waitMs('anna', '203.0.113.1')).toBe(0);
  });

  it('of one address are limited when it tries very many names', () => {
    const { fails, waitMs } = setUp();
    fails(299, (index) => [`name-${index}`, OFFICE]);
    expect(waitMs('ben')).toBe(0);
    fails(1, () => ['name', OFFICE]);
    expect(waitMs('ben')).toBe(15 * MINUTE_MS);
  });

  it('of others lock nobody out who has signed in from this address', () => {
    const { clock, fails, waitMs, succeed } = setUp();
    succeed('anna');
    fails(50, (index) => ['anna', `198.51.100.${index}`]);
    fails(300, (index) => [`name-${index}`, OFFICE]);
    expect(waitMs('anna')).toBe(0);
    expect(waitMs('ben')).toBeGreaterThan(0);
    fails(10, () => ['anna', OFFICE]);
    expect(waitMs('anna')).toBe(15 * MINUTE_MS);
    clock.advance(KNOWN_MS);
    fails(300, (index) => [`name-${index}`, OFFICE]);
    expect(waitMs('anna')).toBeGreaterThan(0);
  });

  it('are forgiven by a success, but not those from elsewhere', () => {
    const { fails, waitMs, succeed } = setUp();
    fails(9, () => ['anna', OFFICE]);
    succeed('anna');
    fails(9, () => ['anna', OFFICE]);
    expect(waitMs('anna')).toBe(0);
    fails(41, (index) => ['anna', `198.51.100.${index}`]);
    expect(waitMs('anna', '203.0.113.1')).toBeGreaterThan(0);
  });
});

it('docs/api.md gives the limits of the code', () => {
  const text = readFileSync('docs/api.md', 'utf8');
  const rows = [...text.matchAll(/^\| one a[^|]*\| (\d+) +\| (\d+) minutes \|$/gm)].map(([, count, minutes]) => [
    Number(count),
    Number(minutes) * MINUTE_MS,
  ]);
  expect(rows).toEqual(
    [PAIR_LIMITS, ACCOUNT_LIMITS, ADDRESS_LIMITS].map(({ maxFailures, windowMs }) => [maxFailures, windowMs]),
  );
  expect(text).toContain(`within the last ${KNOWN_MS / (24 * 60 * MINUTE_MS)} days`);
});
