import fs, {
  appendFileSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../../../base/clock';
import { silentLogger } from '../../../../../base/log';
import { SeededRandom } from '../../../../../base/random';
import { Journal } from '../../../../../signaling/edge/journal/journal';
import { applyRecords, encodeRecord, FORMAT_LINE } from '../../../../../signaling/edge/journal/journal-format';

let dir: string;
let clock: SimulatedClock;
/** What can be written: nothing that takes more room, or that and the beginning of a file. */
let disk: 'has room' | 'is full' | 'has room for beginnings';

const open = (maxFileBytes?: number): ReturnType<typeof Journal.open> =>
  Journal.open({ dir, clock, log: silentLogger(), ...(maxFileBytes === undefined ? {} : { maxFileBytes }) });

/** What a process would find that starts now, without disturbing the one that writes. */
const found = (): Record<string, unknown> => {
  const before = disk;
  disk = 'has room';
  const copy = mkdtempSync(join(tmpdir(), 'journal-'));
  for (const name of readdirSync(dir)) writeFileSync(join(copy, name), readFileSync(join(dir, name)));
  const { journal, entries } = Journal.open({ dir: copy, clock: new SimulatedClock(), log: silentLogger() });
  journal.close();
  rmSync(copy, { recursive: true });
  disk = before;
  return Object.fromEntries(entries);
};

const readBack = (file: Buffer): Record<string, unknown> => {
  const entries = new Map<string, unknown>();
  applyRecords(file, entries);
  return Object.fromEntries(entries);
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'));
  clock = new SimulatedClock();
  disk = 'has room';
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a journal', () => {
  it('has what was put, at once, for a process that starts after a kill', () => {
    const { journal } = open();
    journal.put('a', () => ({ cseq: 1 }));
    journal.put('b', () => 'two');
    journal.put('a', () => ({ cseq: 2 }));
    expect(found()).toEqual({ a: { cseq: 2 }, b: 'two' });
  });

  it('writes what may wait within 10 ms, as it is then', () => {
    const { journal } = open();
    let value = 1;
    journal.putSoon('a', () => value);
    journal.put('b', () => 0);
    journal.remove('b');
    expect(found()).toEqual({ a: 1, b: 0 });
    value = 2;
    journal.putSoon('a', () => value);
    clock.advance(10);
    expect(found()).toEqual({ a: 2 });
  });

  it('forgets what was put and removed before it was written', () => {
    const { journal } = open();
    journal.putSoon('a', () => 1);
    journal.remove('a');
    journal.put('b', () => 1);
    journal.remove('b');
    journal.putSoon('b', () => 2);
    journal.remove('b');
    clock.advance(10);
    expect(found()).toEqual({});
    expect(journal.size).toBe(0);
  });

  it('is readable by its owner only, and is gone when it is closed with nothing in it', () => {
    const { journal } = open();
    journal.put('a', () => 1);
    const [name] = readdirSync(dir);
    expect(statSync(join(dir, name ?? '')).mode & 0o777).toBe(0o600);
    journal.remove('a');
    journal.close();
    journal.close();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('keeps what lives when it is closed', () => {
    const { journal } = open();
    journal.put('a', () => 1);
    journal.close();
    expect(open().entries).toEqual(new Map([['a', 1]]));
  });

  it('starts a new file at each start and deletes the old one when all that lives on has been put', () => {
    const first = open();
    first.journal.put('a', () => 1);
    first.journal.put('b', () => 2);
    const second = open();
    expect(second.entries).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    second.journal.putSoon('a', () => 1);
    expect(readdirSync(dir)).toHaveLength(2);
    second.journal.settle();
    expect(readdirSync(dir)).toHaveLength(1);
    expect(found()).toEqual({ a: 1 });
  });

  it('that is killed before it has settled loses nothing', () => {
    open().journal.put('a', () => 1);
    open();
    expect(found()).toEqual({ a: 1 });
  });

  it('stays bounded, and whole in every moment, while much changes', () => {
    const { journal } = open(10_000);
    journal.settle();
    const model: Record<string, unknown> = {};
    for (let i = 0; i < 5_000; i += 1) {
      const key = `key-${i % 120}`;
      model[key] = { i, pad: 'x'.repeat(50) };
      journal.put(key, () => model[key]);
      if (i % 7 === 0) clock.advance(5);
      if (i % 500 === 0) expect(found()).toEqual(model);
    }
    clock.advance(1_000);
    expect(found()).toEqual(model);
    const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(bytes).toBeLessThan(60_000);
  });

  it('of another format is not read, and not in the way', () => {
    writeFileSync(join(dir, '00000001.log'), 'switchroom-edge-journal 9\nwhatever\n');
    const { journal, entries } = open();
    expect(entries.size).toBe(0);
    journal.put('a', () => 1);
    journal.settle();
    expect(found()).toEqual({ a: 1 });
  });

  it('is tried again when it cannot be written, and has all that lives then', () => {
    const { journal } = open(100);
    journal.settle();
    // The open file can still be written; the next one cannot be made.
    rmSync(dir, { recursive: true });
    for (let i = 0; i < 4; i += 1) journal.put('a', () => 'x'.repeat(300));
    journal.put('b', () => 2);
    journal.remove('b');
    clock.advance(5_000);
    mkdirSync(dir);
    expect(found()).toEqual({});
    clock.advance(5_000);
    expect(found()).toEqual({ a: 'x'.repeat(300) });
  });

  it('on a full disk leaves nothing running when it is closed', () => {
    const { journal } = open(1_000);
    journal.settle();
    for (const key of ['a', 'b']) journal.put(key, () => 'x'.repeat(600));
    const full = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    // What is left is less than half of the file: time for a new one, which cannot be written either.
    journal.remove('a');
    clock.advance(10);
    journal.close();
    full.mockRestore();
    const left = readdirSync(dir);
    clock.advance(60_000);
    expect(readdirSync(dir)).toEqual(left);
  });
});

describe('a journal on a full disk', () => {
  const { writeSync } = fs;
  type Write = [file: number, bytes: Buffer, offset: number, length: number, position: number];

  beforeEach(() => {
    const write = (...args: Write): number => {
      const [file, bytes, offset, length, position] = args;
      if (disk === 'has room' || (disk !== 'is full' && position === 0)) return writeSync(...args);
      const room = fstatSync(file).size - position;
      if (room <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return writeSync(file, bytes, offset, Math.min(length, room), position);
    };
    jest.spyOn(fs, 'writeSync').mockImplementation(write as typeof writeSync);
  });

  afterEach(() => jest.restoreAllMocks());

  it('does not bring back what is gone, and keeps what lives', () => {
    const { journal } = open();
    journal.settle();
    for (const key of ['a', 'b', '中文', 'd']) journal.put(key, () => ({ of: key }));
    disk = 'is full';
    journal.remove('a');
    journal.put('e', () => 'not written');
    journal.remove('中文');
    clock.advance(10);
    expect(found()).toEqual({ b: { of: 'b' }, d: { of: 'd' } });
    journal.remove('d');
    journal.remove('e');
    journal.put('a', () => 'again');
    clock.advance(20_000);
    expect(found()).toEqual({ b: { of: 'b' } });
    disk = 'has room';
    clock.advance(5_000);
    expect(found()).toEqual({ b: { of: 'b' }, a: 'again' });
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('that is whole again knows in every moment what is gone', () => {
    const { journal } = open();
    journal.settle();
    for (let i = 0; i < 200; i += 1) journal.put(`k${i}`, () => i);
    // Nothing can be written, not even over what is there.
    const broken = jest.spyOn(fs, 'openSync').mockImplementation(() => {
      throw Object.assign(new Error('input/output error'), { code: 'EIO' });
    });
    disk = 'is full';
    for (let i = 0; i < 100; i += 1) journal.remove(`k${i}`);
    clock.advance(10);
    clock.advance(4_999);
    broken.mockRestore();
    disk = 'has room';
    for (let step = 0; step < 20; step += 1) {
      clock.advance(1);
      expect(Object.keys(found()).sort()).toEqual(Array.from({ length: 100 }, (_, i) => `k${i + 100}`));
    }
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('at its start does not bring back what is gone, once there is room', () => {
    const before = open().journal;
    for (const key of ['a', 'b', 'c']) before.put(key, () => key);
    disk = 'is full';
    const { journal } = open();
    journal.put('a', () => 'a');
    journal.put('b', () => 'b');
    journal.settle();
    journal.remove('b');
    for (let i = 0; i < 100; i += 1) journal.put(`more-${i}`, () => i);
    clock.advance(4_999);
    disk = 'has room';
    clock.advance(1);
    expect(found()).toMatchObject({ a: 'a' });
    expect(found()).not.toHaveProperty('b');
    expect(found()).not.toHaveProperty('c');
  });

  it('makes no file after the other', () => {
    const { journal } = open();
    journal.settle();
    for (let i = 0; i < 100; i += 1) journal.put(`k${i}`, () => i);
    disk = 'is full';
    journal.put('k0', () => 'new');
    disk = 'has room for beginnings';
    clock.advance(60_000);
    expect(readdirSync(dir)).toHaveLength(1);
    expect(Object.keys(found())).toHaveLength(100);
  });

  it('holds nothing that was removed before, whatever happens', () => {
    const random = new SeededRandom(20_261_123);
    const { journal } = open(2_000);
    journal.settle();
    const model = new Map<string, number>();
    for (let i = 0; i < 1_000; i += 1) {
      const key = `k${random.int(40)}`;
      if (random.int(3) === 0) {
        model.delete(key);
        journal.remove(key);
      } else {
        model.set(key, i);
        journal.put(key, () => model.get(key));
      }
      if (random.int(100) === 0) disk = disk === 'is full' ? 'has room' : 'is full';
      if (random.int(5) > 0) continue;
      clock.advance(random.int(3) === 0 ? 6_000 : 10);
      const left = found();
      expect(Object.keys(left).filter((each) => !model.has(each))).toEqual([]);
      if (disk === 'has room' && random.int(10) === 0) {
        clock.advance(6_000);
        expect(found()).toEqual(Object.fromEntries(model));
      }
    }
  }, 60_000);
});

describe('a journal that was torn', () => {
  it('at any byte holds a state that it once had', () => {
    const random = new SeededRandom(20_261_122);
    const states: string[] = ['[]'];
    const model: Record<string, unknown> = {};
    const { journal } = open();
    journal.settle();
    for (let i = 0; i < 60; i += 1) {
      const key = `k${random.int(6)}`;
      if (random.int(4) === 0 && key in model) {
        delete model[key];
        journal.remove(key);
        clock.advance(10);
      } else {
        model[key] = `value ${i} – 中文 ${'y'.repeat(random.int(40))}`;
        journal.put(key, () => model[key]);
      }
      states.push(JSON.stringify(sorted(model)));
    }
    const [name = ''] = readdirSync(dir);
    const whole = readFileSync(join(dir, name));
    for (let length = whole.length; length >= 0; length -= 1 + random.int(3)) {
      expect(states).toContain(JSON.stringify(sorted(readBack(whole.subarray(0, length)))));
    }
  });

  it('or overwritten with anything is read up to the damage, and never throws', () => {
    const random = new SeededRandom(7);
    const lines = Array.from({ length: 20 }, (_, i) => encodeRecord(`k${i}`, { i }));
    const whole = Buffer.from(FORMAT_LINE + lines.join(''));
    for (let round = 0; round < 300; round += 1) {
      const damaged = Buffer.from(whole);
      const at = random.int(damaged.length);
      const count = 1 + random.int(30);
      for (let i = at; i < Math.min(at + count, damaged.length); i += 1) damaged[i] = random.int(256);
      const entries = Object.entries(readBack(damaged));
      for (const [index, [key, value]] of entries.entries()) expect([key, value]).toEqual([`k${index}`, { i: index }]);
      const intact = damaged.equals(whole)
        ? 20
        : lines.findIndex((_, i) => FORMAT_LINE.length + lines.slice(0, i + 1).join('').length > at);
      if (at >= FORMAT_LINE.length) expect(entries.length).toBeGreaterThanOrEqual(intact);
    }
  });

  it('goes on behind what is left', () => {
    open().journal.put('a', () => 1);
    const [name = ''] = readdirSync(dir);
    appendFileSync(join(dir, name), '12345678 ["b",');
    const { journal, entries } = open();
    expect(entries).toEqual(new Map([['a', 1]]));
    journal.putSoon('a', () => 1);
    journal.put('c', () => 3);
    expect(found()).toEqual({ a: 1, c: 3 });
  });
});

const sorted = (record: Record<string, unknown>): [string, unknown][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
