/** Digits of one leg in every form and both directions, packet by packet. */
import { SimulatedClock } from '../../../../base/clock';
import { createEncoder, createDecoder } from '../../../../media/codec/codecs';
import { dtmfTone } from '../../../../media/dtmf/dtmf-tones';
import { LegDigits } from '../../../../media/dtmf/leg-digits';
import type { ReceivedDigit } from '../../../../media/dtmf/leg-digits';
import { parseTelephoneEvent, serializeTelephoneEvent } from '../../../../media/dtmf/telephone-event';
import { ToneDetector } from '../../../../media/dtmf/tone-detector';
import type { StreamPacket } from '../../../../media/endpoint/endpoint';
import type { AudioCodec, DtmfMode } from '../../../../media/ports';
import { levelDbfs, fromPcm16, tone, toPcm16 } from '../../../support/spectrum';

const quiet = (ms: number): Int16Array => new Int16Array(ms * 8);
const joined = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));

/** Sound as packets of 20 ms, from this timestamp on. */
const packetsOf = (samples: Int16Array, codec: AudioCodec = 'PCMA', timestamp = 1000): StreamPacket[] => {
  const encoder = createEncoder(codec);
  const perPacket = encoder.sampleRateHz / 50;
  return Array.from({ length: Math.floor(samples.length / perPacket) }, (_, index) => ({
    sourceId: 1,
    sequenceNumber: index,
    timestamp: timestamp + index * 160,
    marker: index === 0,
    content: 'audio',
    payload: encoder.encode(samples.slice(index * perPacket, (index + 1) * perPacket)),
  }));
};

const legOf = (mode: DtmfMode, agreed: { events: boolean; codec?: AudioCodec }) => {
  const clock = new SimulatedClock();
  const digits: ReceivedDigit[] = [];
  const due: string[] = [];
  const leg = new LegDigits({
    mode,
    clock,
    onDigit: (digit) => digits.push(digit),
    onDue: (digit) => due.push(digit),
  });
  leg.agree(agreed.events, agreed.codec ?? 'PCMA');
  const take = (packets: readonly StreamPacket[]): StreamPacket[] =>
    packets.map((packet) => {
      clock.advance(20);
      return leg.incoming(packet);
    });
  return { leg, digits, due, take, clock };
};

const eventsOf = (event: number, timestamp: number, durationMs = 100): StreamPacket[] =>
  Array.from({ length: durationMs / 20 + 2 }, (_, index) => ({
    sourceId: 1,
    sequenceNumber: 500 + index,
    timestamp,
    marker: index === 0,
    content: 'telephone-event',
    payload: serializeTelephoneEvent({
      event,
      end: index >= durationMs / 20 - 1,
      duration: Math.min(durationMs * 8, (index + 1) * 160),
    }),
  }));

/** What is to be heard of A-law packets. */
const soundOf = (packets: readonly StreamPacket[]): Int16Array => {
  const sound = packets.filter(({ content }) => content === 'audio');
  return Int16Array.from(sound.flatMap(({ payload }) => [...createDecoder('PCMA').decode(payload)]));
};

describe('tones on a leg without telephone-event', () => {
  const SOUND = joined(quiet(90), dtmfTone('5', 100), quiet(110), dtmfTone('#', 60), quiet(200));

  it.each(['rfc4733', 'auto', 'inband'] as const)('are keys in the mode %s', (mode) => {
    const { digits, take } = legOf(mode, { events: false });
    take(packetsOf(SOUND));
    expect(digits.map(({ digit, form }) => [digit, form])).toEqual([
      ['5', 'inband'],
      ['#', 'inband'],
    ]);
    expect(digits[0]?.durationMs).toBeGreaterThanOrEqual(80);
    expect(digits[0]?.durationMs).toBeLessThanOrEqual(160);
  });

  it('are none in the mode info, whose keys come otherwise', () => {
    const { digits, take, leg } = legOf('info', { events: false });
    const packets = packetsOf(SOUND);
    expect(take(packets)).toEqual(packets);
    expect(digits).toEqual([]);
    expect([leg.takesEvents, leg.form]).toEqual([false, 'info']);
  });

  it('become events with a beginning, three ends and one timestamp; of their sound less than 25 ms is left', () => {
    const { take } = legOf('inband', { events: false });
    const made = take(packetsOf(joined(quiet(90), dtmfTone('5', 100), quiet(200))));
    const events = made.filter(({ content }) => content === 'telephone-event');
    const parsed = events.map(({ payload }) => parseTelephoneEvent(payload));
    expect(parsed.every((event) => event.ok && event.value.event === 5)).toBe(true);
    expect(parsed.filter((event) => event.ok && event.value.end)).toHaveLength(3);
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(events.map(({ marker }) => marker).indexOf(true)).toBe(0);
    const pcm = soundOf(made);
    expect(pcm.filter((sample) => Math.abs(sample) > 500).length).toBeLessThan(25 * 8);
    expect(new ToneDetector().accept(pcm)).toEqual([]);
    // One stream, without a gap in its numbers.
    expect(made.map(({ sequenceNumber }) => sequenceNumber)).toEqual(made.map((_, index) => index));
  });

  it('are keys in G.722 as well', () => {
    const { digits, take } = legOf('inband', { events: false, codec: 'G722' });
    const wide = joined(quiet(200), dtmfTone('7', 100, 16_000), quiet(400));
    take(packetsOf(wide, 'G722'));
    expect(digits.map(({ digit }) => digit)).toEqual(['7']);
  });

  it('are one key though a packet in their middle is lost or comes too late', () => {
    const packets = packetsOf(joined(quiet(100), dtmfTone('8', 160), quiet(200)));
    const lost = legOf('inband', { events: false });
    lost.take(packets.filter((_, index) => index !== 8));
    expect(lost.digits.map(({ digit }) => digit)).toEqual(['8']);
    const late = legOf('inband', { events: false });
    const [seventh, eighth] = [packets[7], packets[8]];
    if (!seventh || !eighth) throw new Error('too few packets');
    late.take([...packets.slice(0, 7), eighth, seventh, ...packets.slice(9)]);
    expect(late.digits.map(({ digit }) => digit)).toEqual(['8']);
  });

  it('end when the stream stops in their middle', () => {
    const { digits, take, clock } = legOf('inband', { events: false });
    take(packetsOf(joined(quiet(100), dtmfTone('4', 100))));
    expect(digits).toEqual([]);
    clock.advance(250);
    expect(digits.map(({ digit }) => digit)).toEqual(['4']);
  });

  it('leave other sound as it is', () => {
    const { take, digits } = legOf('inband', { events: false });
    const packets = packetsOf(toPcm16(tone({ frequencyHz: 440, durationMs: 1000 })));
    expect(take(packets)).toEqual(packets);
    expect(digits).toEqual([]);
  });
});

describe('a leg with telephone-event', () => {
  it('takes no tones for keys in the mode rfc4733', () => {
    const { digits, take } = legOf('rfc4733', { events: true });
    const packets = packetsOf(joined(quiet(100), dtmfTone('5', 100), quiet(100)));
    expect(take(packets)).toEqual(packets);
    expect(digits).toEqual([]);
  });

  it('makes tones events in the mode auto until an event has come, and leaves the sound as it is from then on', () => {
    const { digits, take } = legOf('auto', { events: true });
    const made = take(packetsOf(joined(quiet(100), dtmfTone('5', 100), quiet(100))));
    expect(made.filter(({ content }) => content === 'telephone-event').length).toBeGreaterThan(3);
    expect(new ToneDetector().accept(soundOf(made))).toEqual([]);
    take(eventsOf(6, 90_000));
    const packets = packetsOf(joined(quiet(100), dtmfTone('7', 100), quiet(100)), 'PCMA', 200_000);
    expect(take(packets)).toEqual(packets);
    expect(digits.map(({ digit, form }) => [digit, form])).toEqual([
      ['5', 'inband'],
      ['6', 'rfc4733'],
    ]);
  });
});

describe('events that a peer has not agreed to', () => {
  it('are told once each, for another form', () => {
    const { leg, due } = legOf('inband', { events: false });
    for (const packet of [...eventsOf(5, 0), ...eventsOf(11, 4000)]) leg.outgoing(packet);
    expect(due).toEqual(['5', '#']);
    expect(leg.form).toBe('inband');
  });
});

it('what is sent as a tone has the levels that receivers expect', () => {
  const level = levelDbfs(fromPcm16(dtmfTone('1', 200)));
  // -9 and -7 dBm0 make -4.9 dBm0, which is -8 dB of a full-scale sine's power.
  expect(level).toBeGreaterThan(-12.5);
  expect(level).toBeLessThan(-9.5);
});
