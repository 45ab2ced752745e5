/**
 * 100,000 messages, many of them damaged, through the stream framer in random pieces: nothing throws, nothing is held
 * beyond the limits, and how the stream was cut never changes what comes out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '../../base/random';
import { parseMessage } from '../../signaling/sip/parse';
import { StreamFramer, type StreamEvent } from '../../signaling/sip/stream-framer';
import { mutateText } from '../support/mutate';

const MESSAGES = 100_000;
const PER_STREAM = 10;

const FOLDER = join(__dirname, '../fixtures/rfc4475');
const SAMPLES = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file)));
/** Samples that a stream can carry: accepted, and written with a true Content-Length. */
const SOUND = SAMPLES.flatMap((bytes) => {
  const result = parseMessage(bytes);
  return result.ok ? [result.value.toBuffer()] : [];
});

/** Neighbouring pongs and pings depend on where pieces end, everything else must not. */
const pictureOf = (events: readonly StreamEvent[]): string =>
  events
    .filter((event) => event.kind !== 'ping' && event.kind !== 'pong')
    .map((event) =>
      event.kind === 'message' ? event.message.toBuffer().toString('latin1') : `${event.kind} ${event.fault.message}`,
    )
    .join('\n---\n');

const inPieces = (bytes: Buffer, random: SeededRandom): StreamEvent[] => {
  const framer = new StreamFramer();
  const events: StreamEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.int(random.pick([3, 100, 2000]));
    events.push(...framer.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return events;
};

test(`${MESSAGES} messages in ${MESSAGES / PER_STREAM} streams, some damaged, cut at random`, () => {
  const baseSeed = 183;
  const seen = { message: 0, fault: 0, broken: 0, ping: 0, pong: 0 };
  for (let index = 0; index < MESSAGES / PER_STREAM; index += 1) {
    const seed = baseSeed + index;
    const random = new SeededRandom(seed);
    const parts = Array.from({ length: PER_STREAM }, () =>
      random.next() < 0.2
        ? mutateText(SOUND, random)
        : random.next() < 0.1
          ? Buffer.from('\r\n\r\n')
          : random.pick(SOUND),
    );
    const bytes = Buffer.concat(parts);
    try {
      const events = inPieces(bytes, random);
      expect(pictureOf(events)).toBe(pictureOf(new StreamFramer().push(bytes)));
      for (const event of events) seen[event.kind] += 1;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
}, 300_000);

test('whole streams of sound messages come out whole, however they are cut', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = new SeededRandom(seed);
    const sent = Array.from({ length: PER_STREAM }, () => random.pick(SOUND));
    const events = inPieces(Buffer.concat(sent), random);
    const received = events.map((event) =>
      event.kind === 'message' ? event.message.toBuffer() : Buffer.from(event.kind),
    );
    expect({ seed, same: Buffer.concat(received).equals(Buffer.concat(sent)) }).toEqual({ seed, same: true });
  }
});
