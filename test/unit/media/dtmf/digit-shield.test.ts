/** What is left of a peer's keys behind the shield, and that the rest of its sound passes. */
import { SimulatedClock } from '../../../../base/clock';
import { createDecoder, createEncoder } from '../../../../media/codec/codecs';
import { DigitShield } from '../../../../media/dtmf/digit-shield';
import { dtmfTone } from '../../../../media/dtmf/dtmf-tones';
import { serializeTelephoneEvent } from '../../../../media/dtmf/telephone-event';
import { ToneDetector } from '../../../../media/dtmf/tone-detector';
import type { StreamPacket } from '../../../../media/endpoint/endpoint';
import type { AudioCodec } from '../../../../media/ports';
import { levelDbfs, fromPcm16, tone, toPcm16, toneLevelDbfs } from '../../../support/spectrum';

const quiet = (ms: number): Int16Array => new Int16Array(ms * 8);
const voice = (ms: number): Int16Array => toPcm16(tone({ frequencyHz: 440, durationMs: ms }));
const joined = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));

/** A peer's stream: sound and events under one numbering, packet by packet of 20 ms. */
class Stream {
  readonly clock = new SimulatedClock();
  readonly shield = new DigitShield(this.clock);
  readonly passed: StreamPacket[] = [];
  private sequenceNumber = 65_530;
  private timestamp = 1_000;
  private readonly encoder;

  constructor(
    private readonly codec: AudioCodec = 'PCMA',
    private readonly sourceId = 1,
    private readonly packetMs = 20,
  ) {
    this.encoder = createEncoder(codec);
  }

  say(samples: Int16Array): void {
    const perPacket = (this.encoder.sampleRateHz * this.packetMs) / 1000;
    for (let start = 0; start + perPacket <= samples.length; start += perPacket) {
      const payload = this.encoder.encode(samples.slice(start, start + perPacket));
      this.send({ content: 'audio', payload, timestamp: this.timestamp, marker: false });
      this.timestamp += 8 * this.packetMs;
    }
  }

  press(event: number, durationMs = 100): void {
    const total = durationMs * 8;
    for (let index = 0; index < durationMs / 20 + 2; index += 1) {
      const duration = Math.min(total, (index + 1) * 160);
      const payload = serializeTelephoneEvent({ event, end: duration === total, duration });
      this.send({ content: 'telephone-event', payload, timestamp: this.timestamp, marker: index === 0 });
    }
    this.timestamp += total;
  }

  private send(packet: Omit<StreamPacket, 'sourceId' | 'sequenceNumber'>): void {
    this.clock.advance(20);
    const { sourceId, sequenceNumber } = this;
    this.sequenceNumber = (sequenceNumber + 1) & 0xffff;
    this.passed.push(...this.shield.accept({ ...packet, sourceId, sequenceNumber }, this.codec));
  }

  get heard(): Int16Array {
    const decoder = createDecoder(this.codec);
    const sound = this.passed.filter(({ content }) => content === 'audio');
    return Int16Array.from(sound.flatMap(({ payload }) => [...decoder.decode(payload)]));
  }

  get events(): number {
    return this.passed.filter(({ content }) => content === 'telephone-event').length;
  }

  get gaps(): number {
    const numbers = this.passed.map(({ sequenceNumber }) => sequenceNumber);
    return numbers.filter((number, index) => index > 0 && number !== (((numbers[index - 1] ?? 0) + 1) & 0xffff)).length;
  }
}

const keysIn = (samples: Int16Array): string => new ToneDetector().accept(samples).join('');

it('leaves nothing of tones, not even their beginning', () => {
  const stream = new Stream();
  stream.shield.hide();
  // Beginnings fall on every place within a packet.
  const keys = [...'0123456789*#ABCD'].flatMap((key, index) => [...quiet(80 + index * 3), ...dtmfTone(key, 80)]);
  stream.say(joined(Int16Array.from(keys), quiet(100)));
  expect(keysIn(stream.heard)).toBe('');
  expect(stream.heard.every((sample) => Math.abs(sample) < 50)).toBe(true);
});

it.each([10, 30, 40, 60])('leaves nothing of tones in packets of %d ms', (packetMs) => {
  const stream = new Stream('PCMA', 1, packetMs);
  stream.shield.hide();
  const keys = [...'0123456789*#ABCD'].flatMap((key, index) => [...quiet(120 + index * 7), ...dtmfTone(key, 80)]);
  stream.say(joined(Int16Array.from(keys), quiet(240)));
  expect(stream.heard.every((sample) => Math.abs(sample) < 50)).toBe(true);
});

it('leaves nothing of tones in G.722', () => {
  const stream = new Stream('G722');
  stream.shield.hide();
  stream.say(joined(new Int16Array(3200), dtmfTone('7', 100, 16_000), new Int16Array(6400)));
  expect(levelDbfs(fromPcm16(stream.heard))).toBeLessThan(-60);
});

it('leaves out events, without a gap in the numbers', () => {
  const stream = new Stream();
  stream.shield.hide();
  stream.say(voice(200));
  stream.press(5);
  stream.say(voice(200));
  stream.press(6);
  stream.say(voice(200));
  expect(stream.events).toBe(0);
  expect(stream.gaps).toBe(0);
});

it('leaves nothing of a key that comes as tone and as event at once', () => {
  const stream = new Stream();
  stream.shield.hide();
  stream.say(quiet(100));
  stream.say(dtmfTone('5', 60));
  stream.press(5);
  stream.say(joined(dtmfTone('5', 40), quiet(200)));
  expect(stream.events).toBe(0);
  expect(stream.heard.every((sample) => Math.abs(sample) < 50)).toBe(true);
});

it('lets a voice pass, 40 ms later', () => {
  const stream = new Stream();
  stream.shield.hide();
  stream.say(voice(1000));
  expect(stream.passed).toHaveLength(48);
  expect(toneLevelDbfs(fromPcm16(stream.heard), 440)).toBeGreaterThan(-12);
});

it('hides a key whose end comes when the shield has been put down, and no later one', () => {
  const stream = new Stream();
  stream.shield.hide();
  stream.say(joined(quiet(100), dtmfTone('1', 60)));
  stream.shield.show();
  stream.say(joined(dtmfTone('1', 400), quiet(400)));
  expect(keysIn(stream.heard)).toBe('');
  stream.say(joined(dtmfTone('2', 100), quiet(100)));
  expect(keysIn(stream.heard)).toBe('2');
  expect(stream.gaps).toBe(0);
});

it('hides the late copies of an event that was hidden, and passes the next one', () => {
  const stream = new Stream();
  stream.shield.hide();
  stream.say(quiet(100));
  stream.shield.show();
  stream.press(5, 400);
  expect(stream.events).toBe(0);
  stream.press(6);
  expect(stream.events).toBe(7);
  stream.say(voice(100));
  expect(stream.gaps).toBe(0);
});

it('is idle until it is needed', () => {
  const stream = new Stream();
  expect(stream.shield.isIdle).toBe(true);
  stream.shield.show();
  expect(stream.shield.isIdle).toBe(true);
  stream.shield.hide();
  expect(stream.shield.isIdle).toBe(false);
  stream.shield.close();
});
