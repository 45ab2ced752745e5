/** Who is banned, and above all who is not. */
import { SimulatedClock } from '../../../../base/clock';
import { LastingRecords } from '../../../../base/lasting';
import { silentLogger } from '../../../../base/log';
import type { Attempt, Ban, GuardRecord } from '../../../../signaling/guard/ban-book';
import { BAN_LENGTHS_MS, BanBook, FAILURES_TO_BAN, MAX_GUARD_RECORDS } from '../../../../signaling/guard/ban-book';
import { MemoryLastingStore } from '../../../support/memory-lasting';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const make = () => {
  const clock = new SimulatedClock();
  const alarms: { attempt: Attempt; bans: readonly Ban[] }[] = [];
  let changes = 0;
  const book = new BanBook(clock, {
    isExempt: (source) => source === '203.0.113.5',
    onAlarm: (alarm) => void alarms.push(alarm),
    onSourcesChanged: () => (changes += 1),
  });
  const fail = (source: string, account: string, times = 1): void => {
    for (let n = 0; n < times; n += 1) book.failed({ source, account });
  };
  return { clock, book, alarms, fail, changes: () => changes };
};

describe('one attacker', () => {
  it('raises the first alarm with the tenth failure, and is banned whole', () => {
    const { book, alarms, fail, changes } = make();
    fail('192.0.2.1', 'agent1', FAILURES_TO_BAN - 1);
    expect(alarms).toEqual([]);
    expect(book.mayTry({ source: '192.0.2.1', account: 'agent1' })).toBe(true);
    fail('192.0.2.1', 'agent1');
    expect(alarms).toHaveLength(1);
    expect(alarms[0]?.bans).toMatchObject([{ kind: 'source', network: '192.0.2.1', level: 1 }]);
    expect(changes()).toBe(1);
    expect(book.mayTry({ source: '192.0.2.1', account: 'somebody-else' })).toBe(false);
    expect(book.mayTry({ source: '192.0.2.2', account: 'agent1' })).toBe(true);
  });

  it('is caught when every failure is for another account', () => {
    const { book, fail } = make();
    for (let n = 0; n < 10; n += 1) fail('192.0.2.1', `user${n}`);
    expect(book.mayTry({ source: '192.0.2.1', account: 'user99' })).toBe(false);
  });

  it('is caught when patient: one guess an hour', () => {
    const { clock, book, alarms, fail } = make();
    for (let n = 0; n < 10; n += 1) {
      fail('192.0.2.1', 'agent1');
      clock.advance(HOUR_MS);
    }
    expect(alarms).toHaveLength(1);
    expect(book.mayTry({ source: '192.0.2.1', account: 'agent1' })).toBe(true);
    expect(alarms[0]?.bans[0]?.kind).toBe('source');
  });

  it('owns a whole IPv6 /64, whichever of its addresses it uses', () => {
    const { book, fail } = make();
    for (let n = 0; n < 10; n += 1) fail(`2001:db8:1:2::${n + 1}`, 'agent1');
    expect(book.mayTry({ source: '2001:db8:1:2:ffff::1', account: 'agent1' })).toBe(false);
    expect(book.mayTry({ source: '2001:db8:1:3::1', account: 'agent1' })).toBe(true);
  });

  it('is banned longer each time, and from the beginning after a quiet day', () => {
    const { clock, book, fail } = make();
    for (const lengthMs of [...BAN_LENGTHS_MS, BAN_LENGTHS_MS[3]]) {
      fail('192.0.2.1', 'agent1', 10);
      const [ban] = book.list();
      expect((ban?.untilMs ?? 0) - (ban?.sinceMs ?? 0)).toBe(lengthMs);
      clock.advance(lengthMs);
      expect(book.mayTry({ source: '192.0.2.1', account: 'agent1' })).toBe(true);
    }
    clock.advance(24 * HOUR_MS);
    fail('192.0.2.1', 'agent1', 10);
    expect(book.list()).toMatchObject([{ level: 1 }]);
  });
});

describe('many good users behind one address', () => {
  it('are left alone when one of them attacks: only that one is banned for that account', () => {
    const { book, alarms, fail, changes } = make();
    for (let n = 0; n < 200; n += 1) book.succeeded({ source: '192.0.2.1', account: `good${n}` });
    fail('192.0.2.1', 'boss', 50);
    expect(alarms.length).toBeGreaterThan(0);
    expect(changes()).toBe(0);
    expect(book.list()).toMatchObject([{ kind: 'pair', account: 'boss' }]);
    for (let n = 0; n < 200; n += 1) expect(book.mayTry({ source: '192.0.2.1', account: `good${n}` })).toBe(true);
    expect(book.mayTry({ source: '192.0.2.1', account: 'late-comer' })).toBe(true);
    expect(book.mayTry({ source: '192.0.2.1', account: 'boss' })).toBe(false);
    expect(book.mayTry({ source: '198.51.100.7', account: 'boss' })).toBe(true);
  });

  it('may mistype as often as they like, as long as each gets it right in the end', () => {
    const { book, alarms, fail } = make();
    for (let n = 0; n < 200; n += 1) {
      fail('192.0.2.1', `good${n}`, 3);
      book.succeeded({ source: '192.0.2.1', account: `good${n}` });
    }
    expect(alarms).toEqual([]);
    expect(book.list()).toEqual([]);
  });

  it('are alarmed about, though nobody can be banned, when one tries many accounts', () => {
    const { book, alarms, fail } = make();
    book.succeeded({ source: '192.0.2.1', account: 'good' });
    for (let n = 0; n < 10; n += 1) fail('192.0.2.1', `user${n}`);
    expect(alarms).toMatchObject([{ bans: [] }]);
    expect(book.list()).toEqual([]);
  });
});

it('never bans a carrier whole', () => {
  const { book, fail } = make();
  fail('203.0.113.5', 'agent1', 10);
  expect(book.list()).toMatchObject([{ kind: 'pair' }]);
});

describe('an account under attack from everywhere', () => {
  it('stays open to its owner from where the owner has been, and to nobody else', () => {
    const { clock, book, alarms, fail } = make();
    const owner = { source: '198.51.100.1', account: 'agent1' };
    book.succeeded(owner);
    for (let n = 0; n < 10; n += 1) fail(`192.0.2.${n}`, 'agent1');
    expect(alarms).toMatchObject([{ bans: [{ kind: 'account', account: 'agent1' }] }]);
    expect(book.mayTry({ source: '192.0.2.77', account: 'agent1' })).toBe(false);
    expect(book.mayTry(owner)).toBe(true);
    expect(book.mayTry({ source: '192.0.2.77', account: 'agent2' })).toBe(true);
    book.succeeded(owner);
    expect(book.mayTry({ source: '192.0.2.77', account: 'agent1' })).toBe(false);
    clock.advance(10 * MINUTE_MS);
    expect(book.mayTry({ source: '192.0.2.77', account: 'agent1' })).toBe(true);
  });

  it('is noticed however often the owner comes in between', () => {
    const { book, alarms, fail } = make();
    for (let n = 0; n < 10; n += 1) {
      fail(`192.0.2.${n}`, 'agent1');
      book.succeeded({ source: '198.51.100.1', account: 'agent1' });
    }
    expect(alarms).toHaveLength(1);
  });
});

it('lets an administrator lift a ban, and forgets what led to it', () => {
  const { book, fail, changes } = make();
  fail('192.0.2.1', 'agent1', 10);
  const id = book.list()[0]?.id ?? '';
  expect(book.lift('source:192.0.2.9')).toBe(false);
  expect(book.lift(id)).toBe(true);
  expect(book.lift(id)).toBe(false);
  expect([book.list(), changes()]).toEqual([[], 2]);
  fail('192.0.2.1', 'agent1', 9);
  expect(book.mayTry({ source: '192.0.2.1', account: 'agent1' })).toBe(true);
});

it('holds no more than it may, whatever names strangers make up', () => {
  const { book, fail } = make();
  for (let n = 0; n < 70_000; n += 1) fail(`2001:db8:${(n >> 8).toString(16)}:${(n & 255).toString(16)}::1`, `u${n}`);
  const counts = book as unknown as { failures: { keys: number } };
  expect(counts.failures.keys).toBeLessThanOrEqual(60_000);
  fail('192.0.2.1', '\ud800'.repeat(1_000), 10);
  expect(book.list()).toHaveLength(1);
});

describe('the next process', () => {
  const make = async () => {
    const clock = new SimulatedClock();
    const store = new MemoryLastingStore<GuardRecord>();
    const open = async () => {
      const log = silentLogger();
      const records = await LastingRecords.load({ store, clock, log, name: 'bans', maxRecords: MAX_GUARD_RECORDS });
      const nothing = () => undefined;
      const deps = { isExempt: () => false, onAlarm: nothing, onSourcesChanged: nothing, records };
      return { book: new BanBook(clock, deps), records };
    };
    return { clock, store, open, ...(await open()) };
  };
  const failTen = (book: BanBook, source: string, account = 'agent1'): void => {
    for (let n = 0; n < FAILURES_TO_BAN; n += 1) book.failed({ source, account });
  };

  it('keeps the bans, for the rest of their time, and knows the level of the next one', async () => {
    const { clock, open, book, records } = await make();
    failTen(book, '192.0.2.1');
    const before = book.list();
    await records.settled();
    clock.advance(BAN_LENGTHS_MS[0] - 1);
    const next = await open();
    expect(next.book.list()).toEqual(before);
    expect(next.book.mayTry({ source: '192.0.2.1', account: 'anybody' })).toBe(false);
    clock.advance(1);
    expect(next.book.mayTry({ source: '192.0.2.1', account: 'anybody' })).toBe(true);
    failTen(next.book, '192.0.2.1');
    await next.records.settled();
    expect((await open()).book.list()).toMatchObject([{ level: 2 }]);
  });

  it('has forgotten a ban that was lifted', async () => {
    const { open, book, records } = await make();
    failTen(book, '192.0.2.1');
    await records.settled();
    for (const { id } of book.list()) book.lift(id);
    await records.settled();
    expect((await open()).book.list()).toEqual([]);
  });

  it('still knows good users: their address is not banned whole for one attacker among them', async () => {
    const { clock, open, book, records } = await make();
    book.succeeded({ source: '198.51.100.7', account: 'anna' });
    await records.settled();
    clock.advance(6 * 24 * HOUR_MS);
    const next = await open();
    failTen(next.book, '198.51.100.7', 'bert');
    expect(next.book.list()).toMatchObject([{ kind: 'pair' }]);
    expect(next.book.mayTry({ source: '198.51.100.7', account: 'anna' })).toBe(true);
  });

  it('is told of a proof once an hour, not with every REGISTER', async () => {
    const { clock, store, book, records } = await make();
    for (let minute = 0; minute < 60; minute += 1) {
      book.succeeded({ source: '198.51.100.7', account: 'anna' });
      await records.settled();
      clock.advance(MINUTE_MS);
    }
    expect(store.writes).toBeLessThanOrEqual(4);
  });
});
