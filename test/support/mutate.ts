/** Breaks a message a little, as line noise and attackers do. */
import type { SeededRandom } from '../../base/random';

type Mutation = (bytes: Buffer, random: SeededRandom) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  // A bit flips.
  (bytes, random) => {
    const index = random.int(bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << random.int(8));
    return bytes;
  },
  // A byte becomes another, often an extreme one.
  (bytes, random) => {
    bytes[random.int(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.int(256)]);
    return bytes;
  },
  // The end is missing.
  (bytes, random) => bytes.subarray(0, random.int(bytes.length + 1)),
  // A piece is missing.
  (bytes, random) => {
    const start = random.int(bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random.int(8))]);
  },
  // A piece comes twice, or from elsewhere.
  (bytes, random) => {
    const [from, to] = [random.int(bytes.length), random.int(bytes.length)];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + 1 + random.int(24)), bytes.subarray(to)]);
  },
  // Random bytes get in.
  (bytes, random) => {
    const at = random.int(bytes.length);
    const noise = Buffer.from(Array.from({ length: 1 + random.int(6) }, () => random.int(256)));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
];

/** A copy with one to four mutations. */
export function mutate(original: Buffer, random: SeededRandom): Buffer {
  let mutant = Buffer.from(original);
  const count = 1 + random.int(4);
  for (let done = 0; done < count && mutant.length > 0; done += 1)
    mutant = Buffer.from(random.pick(MUTATIONS)(mutant, random));
  return mutant;
}
