import { EventClock } from '../../../../media/dtmf/event-clock';
import { parseTelephoneEvent, serializeTelephoneEvent } from '../../../../media/dtmf/telephone-event';
import type { StreamPacket } from '../../../../media/endpoint/endpoint';

const packet = (timestamp: number, duration: number, more: { end?: boolean; marker?: boolean } = {}): StreamPacket => ({
  sourceId: 1,
  sequenceNumber: 1,
  timestamp,
  marker: more.marker ?? false,
  content: 'telephone-event',
  payload: serializeTelephoneEvent({ event: 5, end: more.end ?? false, duration }),
});

const durationOf = ({ payload }: StreamPacket): number => {
  const parsed = parseTelephoneEvent(payload);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value.duration;
};

describe('an event of telephone-event/48000', () => {
  it('lasts as long inside, counted at 8 kHz, and goes out again as it came', () => {
    const clock = new EventClock();
    const inside = clock.inward(packet(96_000, 4800, { end: true }), 48_000);
    expect(durationOf(inside)).toBe(800);
    expect(inside.timestamp).toBe(96_000);
    expect(clock.outward(inside, 48_000)).toEqual(packet(96_000, 4800, { end: true }));
  });

  it('goes on over segments of 65535 units as one event (RFC 4733, section 2.5.1.3)', () => {
    const clock = new EventClock();
    clock.inward(packet(1000, 960, { marker: true }), 48_000);
    clock.inward(packet(1000, 65_535), 48_000);
    const second = clock.inward(packet(66_535, 30_465, { end: true }), 48_000);
    expect(second.timestamp).toBe(1000);
    expect(durationOf(second)).toBe(16_000);
    // Another press of the same key, whose marker says so.
    const next = clock.inward(packet(132_070, 960, { marker: true }), 48_000);
    expect(next.timestamp).toBe(132_070);
    expect(durationOf(next)).toBe(160);
  });

  it('is sent in segments when it is long', () => {
    const out = new EventClock().outward(packet(1000, 16_000, { end: true }), 48_000);
    expect(out.timestamp).toBe(1000 + 65_535);
    expect(durationOf(out)).toBe(96_000 - 65_535);
  });
});

it('an event of telephone-event/8000 stays as it is, and so does what is none', () => {
  const clock = new EventClock();
  const plain = packet(1000, 800);
  expect(clock.inward(plain, 8000)).toBe(plain);
  expect(clock.outward(plain, 8000)).toBe(plain);
  const broken = { ...plain, payload: Buffer.from([1]) };
  expect(clock.inward(broken, 48_000)).toBe(broken);
});
