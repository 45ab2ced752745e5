/** Damages sample messages the way line noise, bugs and attackers do; all choices come from the seeded source. */
import type { SeededRandom } from '../../base/random';

type Mutation = (bytes: Buffer, random: SeededRandom, samples: readonly Buffer[]) => Buffer;

const insertAt = (bytes: Buffer, at: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

/** Anywhere between two bytes, or at an end. */
const somewhere = (bytes: Buffer, random: SeededRandom): number => random.int(bytes.length + 1);

const pieceOf = (bytes: Buffer, random: SeededRandom): Buffer => {
  const start = somewhere(bytes, random);
  return bytes.subarray(start, start + 1 + random.int(40));
};

const withByte = (bytes: Buffer, random: SeededRandom, change: (byte: number) => number): Buffer => {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  const at = random.int(copy.length);
  copy[at] = change(copy[at] ?? 0);
  return copy;
};

const BYTE_MUTATIONS: readonly Mutation[] = [
  // A bit flips.
  (bytes, random) => withByte(bytes, random, (byte) => byte ^ (1 << random.int(8))),
  // A byte becomes another, often an extreme one.
  (bytes, random) => withByte(bytes, random, () => random.pick([0, 1, 0x7f, 0x80, 0xff, random.int(256)])),
  // The end is missing.
  (bytes, random) => bytes.subarray(0, somewhere(bytes, random)),
  // A piece is missing.
  (bytes, random) => {
    const at = somewhere(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.int(20))]);
  },
  // A piece comes twice.
  (bytes, random) => insertAt(bytes, somewhere(bytes, random), pieceOf(bytes, random)),
  // A piece of another message gets in.
  (bytes, random, samples) => insertAt(bytes, somewhere(bytes, random), pieceOf(random.pick(samples), random)),
  // Random bytes get in.
  (bytes, random) => {
    const noise = Buffer.from(Array.from({ length: 1 + random.int(6) }, () => random.int(256)));
    return insertAt(bytes, somewhere(bytes, random), noise);
  },
];

const SPECIAL = ['\r\n', '\r', '\n', '\0', ' ', '\t', ',', ';', ':', '"', '<', '>', '@', '=', '%', '\\', '[', ']', '?'];
const SNIPPETS = [
  ...SPECIAL,
  '\r\n\r\n',
  '\r\n ',
  ';;',
  ',,',
  '%zz',
  '\xff',
  '\u00e9',
  'sip:',
  'Via: ',
  '0',
  '-1',
  '9'.repeat(30),
];

const insertSnippet: Mutation = (bytes, random) =>
  insertAt(bytes, somewhere(bytes, random), Buffer.from(random.pick(SNIPPETS), 'latin1'));

/** A line stands elsewhere. */
const moveLine: Mutation = (bytes, random) => {
  const lines = bytes.toString('latin1').split('\r\n');
  const from = random.int(lines.length);
  lines.splice(random.int(lines.length), 0, ...lines.splice(from, 1));
  return Buffer.from(lines.join('\r\n'), 'latin1');
};

/** What means something in a protocol of lines comes more often than noise. */
const TEXT_MUTATIONS: readonly Mutation[] = [...BYTE_MUTATIONS, insertSnippet, insertSnippet, moveLine];

const mutator =
  (mutations: readonly Mutation[]) =>
  (samples: readonly Buffer[], random: SeededRandom): Buffer => {
    let bytes = random.pick(samples);
    for (let left = 1 + random.int(4); left > 0; left -= 1) bytes = random.pick(mutations)(bytes, random, samples);
    return Buffer.from(bytes);
  };

/** One sample of a binary protocol, damaged in one to four places. */
export const mutateBytes = mutator(BYTE_MUTATIONS);

/** One sample of a protocol of lines, damaged in one to four places. */
export const mutateText = mutator(TEXT_MUTATIONS);
