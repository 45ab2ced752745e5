import { SimulatedClock } from '../../../../base/clock';
import { DigitDetector } from '../../../../media/dtmf/digit-detector';
import { DigitSender } from '../../../../media/dtmf/digit-sender';
import { eventOfDigit, parseTelephoneEvent, serializeTelephoneEvent } from '../../../../media/dtmf/telephone-event';
import type { StreamPacket } from '../../../../media/endpoint/endpoint';

describe('DigitDetector', () => {
  let clock: SimulatedClock;
  let heard: [string, number][];
  let detector: DigitDetector;
  beforeEach(() => {
    clock = new SimulatedClock();
    heard = [];
    detector = new DigitDetector({ clock, onDigit: (digit, durationMs) => heard.push([digit, durationMs]) });
  });

  const packet = (timestamp: number, event: number, options: { duration: number; end?: boolean; marker?: boolean }) =>
    detector.accept({
      sourceId: 1,
      timestamp,
      marker: options.marker ?? false,
      payload: serializeTelephoneEvent({ event, end: options.end ?? false, duration: options.duration }),
    });

  it('an event with three ends is one digit, reported at its first end', () => {
    packet(1000, 5, { duration: 160, marker: true });
    packet(1000, 5, { duration: 320 });
    expect(heard).toEqual([]);
    for (let copy = 0; copy < 3; copy += 1) packet(1000, 5, { duration: 800, end: true });
    expect(heard).toEqual([['5', 100]]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('the same digit twice is two digits', () => {
    packet(1000, 5, { duration: 800, end: true });
    packet(3000, 5, { duration: 800, end: true });
    expect(heard).toEqual([['5', 100], ['5', 100]]); // prettier-ignore
  });

  it('only the ends arrive: still one digit', () => {
    packet(1000, 11, { duration: 1600, end: true });
    packet(1000, 11, { duration: 1600, end: true });
    expect(heard).toEqual([['#', 200]]);
  });

  it('without an end, the digit is reported when its packets stop, with the duration so far', () => {
    packet(1000, 3, { duration: 640, marker: true });
    clock.advance(199);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual([['3', 80]]);
    packet(1000, 3, { duration: 640, end: true });
    expect(heard).toHaveLength(1);
  });

  it('a new event ends one whose ends were lost', () => {
    packet(1000, 3, { duration: 640, marker: true });
    packet(5000, 4, { duration: 160, marker: true });
    packet(5000, 4, { duration: 320, end: true });
    expect(heard).toEqual([['3', 80], ['4', 40]]); // prettier-ignore
  });

  it('a late copy of an earlier event is not a new digit', () => {
    packet(1000, 3, { duration: 640, end: true });
    packet(5000, 4, { duration: 160, marker: true });
    packet(1000, 3, { duration: 640, end: true });
    packet(5000, 4, { duration: 320, end: true });
    expect(heard).toEqual([['3', 80], ['4', 40]]); // prettier-ignore
  });

  it('a key held longer than one segment can say is one long digit', () => {
    packet(1000, 9, { duration: 160, marker: true });
    packet(1000, 9, { duration: 0xffff });
    packet(1000 + 0xffff, 9, { duration: 160 });
    packet(1000, 9, { duration: 0xffff });
    packet(1000 + 0xffff, 9, { duration: 8000, end: true });
    packet(1000 + 0xffff, 9, { duration: 8000, end: true });
    expect(heard).toEqual([['9', Math.round((0xffff + 8000) / 8)]]);
  });

  it('events that are no digits and payloads that are none are ignored', () => {
    packet(1000, 16, { duration: 800, end: true });
    detector.accept({ sourceId: 1, timestamp: 5, marker: true, payload: Buffer.from([1, 0x80]) });
    expect(heard).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('close leaves no timer and reports nothing', () => {
    packet(1000, 3, { duration: 640, marker: true });
    detector.close();
    clock.advance(1000);
    expect(heard).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('DigitSender', () => {
  it('sends an update every 20 ms and the end three times, then the next digit after a pause', async () => {
    const clock = new SimulatedClock();
    const sent: { atMs: number; packet: StreamPacket }[] = [];
    const send = (packet: StreamPacket): void => void sent.push({ atMs: clock.monotonicMs(), packet });
    const sender = new DigitSender({ clock, sourceId: 1, send });
    const both = Promise.all([sender.send('1', 60), sender.send('d', 40)]);
    await clock.advanceAsync(1000, 10);
    await both;
    const facts = sent.map(({ atMs, packet }) => {
      const event = parseTelephoneEvent(packet.payload);
      return event.ok && [atMs, event.value.event, event.value.duration, event.value.end, packet.marker];
    });
    expect(facts).toEqual([
      [20, 1, 160, false, true],
      [40, 1, 320, false, false],
      [60, 1, 480, true, false],
      [80, 1, 480, true, false],
      [100, 1, 480, true, false],
      [180, 15, 160, false, true],
      [200, 15, 320, true, false],
      [220, 15, 320, true, false],
      [240, 15, 320, true, false],
    ]);
    expect(sent[5]?.packet.timestamp).toBeGreaterThanOrEqual((sent[0]?.packet.timestamp ?? 0) + 480);
    expect([sender.pending, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('close stops at once and resolves what waits', async () => {
    const clock = new SimulatedClock();
    const sender = new DigitSender({ clock, sourceId: 1, send: () => undefined });
    const waiting = [sender.send('1', 100), sender.send('2', 100)];
    clock.advance(30);
    sender.close();
    await Promise.all(waiting);
    expect(clock.pendingTimers).toBe(0);
  });
});

it('every digit has its code and nothing else has one', () => {
  expect([...'0123456789*#ABCDabcd'].map(eventOfDigit)).toEqual([...Array(16).keys(), 12, 13, 14, 15]);
  expect(['', '12', 'E', ' '].map(eventOfDigit)).toEqual([undefined, undefined, undefined, undefined]);
});
