/** The store's wire protocol against mutated messages: refused with a clear error, never more. */
import { serialize, type Document } from 'bson';
import { MongoClient } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { SeededRandom } from '../../base/random';
import { startEmbeddedStore } from '../../store/embedded/server';
import { crc32c } from '../../store/embedded/wire/crc32c';
import { MalformedMessageError, decodeMessage } from '../../store/embedded/wire/message';

jest.setTimeout(120_000);

const SEED = Number(process.env.FUZZ_SEED ?? 20_261);
const IN_PROCESS = 100_000;
const OVER_SOCKET = 3_000;

const frame = (opCode: number, content: Buffer): Buffer => {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + content.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(opCode, 12);
  return Buffer.concat([head, content]);
};

const flags = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const body = (document: Document): Buffer => Buffer.concat([Buffer.from([0]), Buffer.from(serialize(document))]);

const sequence = (name: string, documents: Document[]): Buffer => {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => Buffer.from(serialize(document))),
  ]);
  return Buffer.concat([Buffer.from([1]), flags(content.length + 4), content]);
};

const withChecksum = (message: Buffer): Buffer => {
  const extended = Buffer.concat([message, Buffer.alloc(4)]);
  extended.writeInt32LE(extended.length, 0);
  extended.writeUInt32LE(crc32c(extended.subarray(0, -4)), extended.length - 4);
  return extended;
};

const insert = { insert: 'c', ordered: true, $db: 'fuzz' };
const SAMPLES: readonly Buffer[] = [
  frame(2013, Buffer.concat([flags(0), body({ ping: 1, $db: 'admin' })])),
  frame(
    2013,
    Buffer.concat([flags(0), body(insert), sequence('documents', [{ a: 1, b: 'text' }, { c: [1, { d: null }] }])]),
  ),
  withChecksum(
    frame(2013, Buffer.concat([flags(1), body({ find: 'c', filter: { a: { $gt: 1 } }, sort: { a: 1 }, $db: 'fuzz' })])),
  ),
  frame(
    2013,
    Buffer.concat([flags(2), body({ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } } }], $db: 'fuzz' })]),
  ),
  frame(
    2013,
    Buffer.concat([flags(0), body({ aggregate: 'c', pipeline: [{ $group: { _id: '$a' } }], cursor: {}, $db: 'fuzz' })]),
  ),
  frame(
    2004,
    Buffer.concat([flags(0), Buffer.from('admin.$cmd\0'), flags(0), flags(1), Buffer.from(serialize({ hello: 1 }))]),
  ),
];

const mutate = (sample: Buffer, random: SeededRandom): Buffer => {
  let bytes = Buffer.from(sample);
  for (let changes = 1 + random.int(4); changes > 0; changes -= 1) {
    const at = random.int(bytes.length);
    const kind = random.int(5);
    if (kind === 0) bytes[at] = random.int(256);
    else if (kind === 1) bytes = Buffer.from(bytes.subarray(0, at + 1));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.int(bytes.length))]);
    else if (kind === 3 && at + 4 <= bytes.length)
      bytes.writeInt32LE(random.pick([0, -1, 5, 0x7fffffff, -0x80000000, 48_000_001]), at);
    else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([random.int(256)]), bytes.subarray(at)]);
  }
  // Most mutants keep a right length in the header, so that they get past it.
  if (bytes.length >= 16 && random.int(10) > 0) bytes.writeInt32LE(bytes.length, 0);
  return bytes;
};

test('the samples themselves are read', () => {
  for (const sample of SAMPLES) expect(Object.keys(decodeMessage(sample).command).length).toBeGreaterThan(0);
  expect(decodeMessage(SAMPLES[1] as Buffer).sequences.get('documents')).toHaveLength(2);
});

test(`${IN_PROCESS} mutated messages are read or refused as malformed (seed ${SEED})`, () => {
  const random = new SeededRandom(SEED);
  let refused = 0;
  for (let round = 0; round < IN_PROCESS; round += 1) {
    const mutant = mutate(random.pick(SAMPLES), random);
    try {
      decodeMessage(mutant);
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) {
        throw new Error(`seed ${SEED}, round ${round}: ${mutant.toString('hex')}`, { cause: error });
      }
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(IN_PROCESS / 10);
  expect(refused).toBeLessThan(IN_PROCESS);
});

/** Sends bytes on a connection of their own; resolves when the server has closed it or answered. */
const send = (port: number, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', () => socket.destroy());
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });

test(`the server goes on answering after ${OVER_SOCKET} mutated messages (seed ${SEED})`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-fuzz-'));
  const store = await startEmbeddedStore({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    log: silentLogger(),
  });
  const client = await new MongoClient(store.uri).connect();
  const random = new SeededRandom(SEED + 1);
  for (let round = 0; round < OVER_SOCKET; round += 50) {
    await Promise.all(Array.from({ length: 50 }, () => send(store.port, mutate(random.pick(SAMPLES), random))));
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  }
  await client.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
