import { SimulatedClock } from '../../../base/clock';
import { LastingRecords } from '../../../base/lasting';
import { silentLogger } from '../../../base/log';
import { ContextBook, sizeOf } from '../../../calls/context-book';
import type { KeptContext, NumberRange } from '../../../calls/context-book';
import { MemoryLastingStore } from '../../support/memory-lasting';

const CONTEXT = { caller: '+49301', data: { account: '42' } };

const bookWith = (...ranges: NumberRange[]) => {
  const clock = new SimulatedClock();
  return { clock, book: new ContextBook({ clock, ranges: () => ranges }) };
};

const reserved = (book: ContextBook, forNumber?: string, ttlMs = 60_000) => {
  const result = book.reserve(CONTEXT, { ttlMs, forNumber });
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

it('a context is found by its token, once', () => {
  const { book } = bookWith();
  const { token, temporaryNumber } = reserved(book);
  expect(token).toMatch(/^[0-9a-f]{32}$/);
  expect(temporaryNumber).toBeUndefined();
  expect(book.take(token.toUpperCase())).toEqual({ ...CONTEXT, number: undefined });
  expect(book.take(token)).toBeUndefined();
  expect(book.size).toBe(0);
});

it('a temporary number leads to the number it was lent for, once, and its token is used up with it', () => {
  const { book } = bookWith({ first: '+4930990', last: '+4930991' });
  const { token, temporaryNumber = '' } = reserved(book, '4000');
  expect(temporaryNumber).toBe('+4930990');
  expect(book.takeByNumber(temporaryNumber)).toEqual({ ...CONTEXT, number: '4000' });
  expect(book.takeByNumber(temporaryNumber)).toBeUndefined();
  expect(book.take(token)).toBeUndefined();
});

it('numbers take turns, so that one just used rests; when all are lent the next is refused', () => {
  const { book } = bookWith({ first: '098', last: '099' }, { first: '200', last: '200' });
  const first = reserved(book, '4000');
  expect(first.temporaryNumber).toBe('098');
  book.take(first.token);
  expect(['099', '200', '098']).toEqual([1, 2, 3].map(() => reserved(book, '4000').temporaryNumber));
  expect(book.reserve(CONTEXT, { ttlMs: 1000, forNumber: '4000' })).toMatchObject({ fault: { code: 'overloaded' } });
});

it('what has expired is gone, and its number free again', () => {
  const { book, clock } = bookWith({ first: '1', last: '1' });
  const { token } = reserved(book, '4000', 5_000);
  clock.advance(5_000);
  expect(book.take(token)).toBeUndefined();
  expect(reserved(book, '4000').temporaryNumber).toBe('1');
});

it('no more than ten thousand are kept', () => {
  const { book } = bookWith();
  for (let n = 0; n < 10_000; n += 1) reserved(book);
  expect(book.reserve(CONTEXT, { ttlMs: 1000 })).toMatchObject({ ok: false, fault: { code: 'overloaded' } });
});

it('nothing is left after close, which may come twice', () => {
  const { book, clock } = bookWith();
  reserved(book);
  book.close();
  book.close();
  expect([book.size, clock.pendingTimers]).toEqual([0, 0]);
});

it.each([
  [{ first: '4900', last: '4949' }, 50],
  [{ first: '+1', last: '1' }, 0],
  [{ first: '9', last: '10' }, 0],
  [{ first: '20', last: '10' }, 0],
  [{ first: '00000', last: '99999' }, 0],
])('the range %j has %i numbers', (range, size) => expect(sizeOf(range)).toBe(size));

describe('after a restart', () => {
  const RANGE = { first: '+4930990', last: '+4930991' };
  const make = async () => {
    const clock = new SimulatedClock();
    const store = new MemoryLastingStore<KeptContext>();
    const open = async () => {
      const log = silentLogger();
      const records = await LastingRecords.load({ store, clock, log, name: 'contexts', maxRecords: 10 });
      return new ContextBook({ clock, ranges: () => [RANGE], records });
    };
    return { clock, store, open, book: await open() };
  };

  it('a context is still found by its token and by its temporary number, once', async () => {
    const { open, book } = await make();
    const plain = reserved(book);
    const lent = reserved(book, '4000');
    await book.settled();
    const next = await open();
    expect(next.take(plain.token)).toMatchObject(CONTEXT);
    expect(next.takeByNumber(lent.temporaryNumber ?? '')).toEqual({ ...CONTEXT, number: '4000' });
    await next.settled();
    const third = await open();
    expect(third.take(plain.token)).toBeUndefined();
    expect(third.take(lent.token)).toBeUndefined();
  });

  it('a number that is lent is not lent again, and expires when it was to', async () => {
    const { clock, open, book } = await make();
    expect(reserved(book, '4000').temporaryNumber).toBe('+4930990');
    await book.settled();
    const next = await open();
    expect(reserved(next, '4000').temporaryNumber).toBe('+4930991');
    clock.advance(60_000);
    expect(next.takeByNumber('+4930990')).toBeUndefined();
    expect(next.size).toBe(0);
    expect((await open()).size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('nobody who reads the store learns a token', async () => {
    const { store, book } = await make();
    const { token } = reserved(book);
    await book.settled();
    expect([...store.records].join()).not.toContain(token);
  });
});
