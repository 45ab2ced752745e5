/** Damages sample messages the way networks, bugs and attackers do; all choices come from the seeded source. */
import type { SeededRandom } from '../../base/random';

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

const insertAt = (bytes: Buffer, at: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

type Mutation = (bytes: Buffer, random: SeededRandom, samples: readonly Buffer[]) => Buffer;

const cut = (bytes: Buffer, random: SeededRandom): Buffer => {
  const start = random.int(bytes.length + 1);
  return bytes.subarray(start, start + random.int(40));
};

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.int(copy.length)] = random.int(256);
    return copy;
  },
  (bytes, random) => insertAt(bytes, random.int(bytes.length + 1), Buffer.from(random.pick(SNIPPETS), 'latin1')),
  (bytes, random) => {
    const at = random.int(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.int(20))]);
  },
  (bytes, random) => bytes.subarray(0, random.int(bytes.length + 1)),
  (bytes, random) => insertAt(bytes, random.int(bytes.length + 1), cut(bytes, random)),
  (bytes, random, samples) => insertAt(bytes, random.int(bytes.length + 1), cut(random.pick(samples), random)),
  (bytes, random) => {
    const lines = bytes.toString('latin1').split('\r\n');
    const from = random.int(lines.length);
    lines.splice(random.int(lines.length), 0, ...lines.splice(from, 1));
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
];

/** One sample, damaged in one to four places. */
export const mutate = (samples: readonly Buffer[], random: SeededRandom): Buffer => {
  let bytes = random.pick(samples);
  for (let left = 1 + random.int(4); left > 0; left -= 1) bytes = random.pick(MUTATIONS)(bytes, random, samples);
  return bytes;
};
