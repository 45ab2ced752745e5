/** The parser: nothing throws, and whatever it accepts says the same after it was written and read again. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SeededRandom } from '../../../base/random';
import { HEADER_TABLE, type KnownHeader } from '../../../signaling/sip/headers/table';
import { SipResponse, type SipMessage } from '../../../signaling/sip/message';
import { parseMessage } from '../../../signaling/sip/parse';
import { mutateText } from '../../support/mutate';
import { anyMessage, shuffleLines } from './grammar';
import type { Execution } from './campaign';

const KEYS = Object.keys(HEADER_TABLE) as KnownHeader[];

/** The messages of RFC 4475. */
const loadSamples = (): Buffer[] => {
  const folder = resolve('test/fixtures/rfc4475');
  return readdirSync(folder).map((file) => readFileSync(resolve(folder, file)));
};
let samples: readonly Buffer[] | undefined;

export const parserInput = (seed: number): Buffer => {
  const random = new SeededRandom(seed);
  samples ??= loadSamples();
  let bytes = random.next() < 0.3 ? random.pick(samples) : anyMessage(random);
  for (let left = random.int(3); left > 0; left -= 1) bytes = shuffleLines(bytes, random);
  return random.next() < 0.4 ? mutateText([bytes], random) : bytes;
};

export const parserExecution = (seed: number): Execution => {
  const bytes = parserInput(seed);
  return { show: () => JSON.stringify(bytes.toString('latin1')), run: () => check(bytes) };
};

/** Everything that a message says, all known headers parsed. */
const pictureOf = (message: SipMessage): string => {
  const parsed = KEYS.filter((key) => key !== 'content-length' && message.has(key)).map((key) => {
    const values = message.read(key);
    return [key, values.ok ? values.value : values.fault.message];
  });
  const start = message.kind === 'request' ? [message.method, message.uri] : [message.status, message.reason];
  return JSON.stringify([start, message.body.toString('latin1'), parsed], (_key, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
};

const check = (bytes: Buffer): number => {
  const first = parseMessage(bytes);
  if (!first.ok) {
    if (first.fault.partial) SipResponse.from(first.fault.partial, first.fault.status).toBuffer();
    return 1;
  }
  const written = first.value.toBuffer();
  const second = parseMessage(written);
  if (!second.ok) throw new Error(`what was written is refused: ${second.fault.message}`);
  if (pictureOf(second.value) !== pictureOf(first.value)) throw new Error('what was written means something else');
  if (!second.value.toBuffer().equals(written)) throw new Error('writing twice differs');
  return 1;
};
