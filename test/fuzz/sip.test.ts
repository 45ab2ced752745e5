/**
 * 100,000 mutated SIP messages: nothing throws, nothing takes long, and whatever parses serialises and parses to the
 * same value. Every failure prints its seed; the seed alone makes it happen again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '../../base/random';
import { SipResponse, type SipMessage } from '../../signaling/sip/message';
import { HEADER_TABLE, type KnownHeader } from '../../signaling/sip/headers/table';
import { parseMessage } from '../../signaling/sip/parse';
import { mutateText } from '../support/mutate';

const MESSAGES = 100_000;
/** Generous, for machines that are busy with other things: a message takes microseconds. */
const SLOWEST_MS = 1000;

const FOLDER = join(__dirname, '../fixtures/rfc4475');
const SEEDS = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file)));

/** Everything that a message says, all known headers parsed. */
const picture = (message: SipMessage): string => {
  const parsed: Record<string, unknown> = {};
  for (const key of Object.keys(HEADER_TABLE) as KnownHeader[]) {
    if (key === 'content-length') continue;
    const values = message.read(key);
    parsed[key] = values.ok ? values.value : values.fault.message;
  }
  const start = message.kind === 'request' ? [message.method, message.uri] : [message.status, message.reason];
  const fields = message.headers.filter((field) => field.key !== 'content-length');
  return JSON.stringify([start, fields, message.body.toString('latin1'), parsed], (_key, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
};

const check = (bytes: Buffer): 'parsed' | 'refused' => {
  const first = parseMessage(bytes);
  if (!first.ok) {
    if (first.fault.partial) SipResponse.from(first.fault.partial, first.fault.status).toBuffer();
    return 'refused';
  }
  const written = first.value.toBuffer();
  const second = parseMessage(written);
  if (!second.ok) throw new Error(`what was written is refused: ${second.fault.message}`);
  if (picture(second.value) !== picture(first.value)) throw new Error('what was written means something else');
  if (!second.value.toBuffer().equals(written)) throw new Error('writing twice differs');
  return 'parsed';
};

test(`${MESSAGES} mutated messages`, () => {
  const baseSeed = 4475;
  const counts = { parsed: 0, refused: 0 };
  for (let index = 0; index < MESSAGES; index += 1) {
    const seed = baseSeed + index;
    const bytes = mutateText(SEEDS, new SeededRandom(seed));
    const startedMs = performance.now();
    try {
      counts[check(bytes)] += 1;
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error });
    }
    const tookMs = performance.now() - startedMs;
    if (tookMs > SLOWEST_MS) throw new Error(`seed ${seed} took ${tookMs} ms`);
  }
  // Both ways through the parser must have been walked, or the mutations are no good.
  expect(counts.parsed).toBeGreaterThan(MESSAGES / 20);
  expect(counts.refused).toBeGreaterThan(MESSAGES / 20);
}, 300_000);

test.each([
  ['one header of a megabyte', `X: ${'a'.repeat(1_000_000)}\r\n`],
  ['a value of a million commas', `Contact: ${','.repeat(1_000_000)}\r\n`],
  ['a value of a million quotes', `Contact: ${'"'.repeat(1_000_000)}\r\n`],
  ['a value of a million semicolons', `Contact: <sip:a@b>${';a'.repeat(500_000)}\r\n`],
  ['a value of a million backslashes', `Contact: "${'\\'.repeat(1_000_000)}\r\n`],
  ['a value of a million spaces', `Contact: <sip:a@b>${' '.repeat(1_000_000)}x\r\n`],
  ['a URI of a million digits', `Contact: tel:+${'1'.repeat(1_000_000)}\r\n`],
  ['a value folded a hundred thousand times', `X: a${'\r\n b'.repeat(100_000)}\r\n`],
  ['a hundred thousand headers', 'X: 1\r\n'.repeat(100_000)],
])('%s takes bounded time', (_name, header) => {
  const text =
    'INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n' +
    `Call-ID: 1\r\nCSeq: 1 INFO\r\n${header}\r\n`;
  const startedMs = performance.now();
  parseMessage(Buffer.from(text));
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
