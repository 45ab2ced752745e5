import { SimulatedClock } from '../../../../base/clock';
import { serializeTelephoneEvent } from '../../../../media/dtmf/telephone-event';
import type { StreamPacket } from '../../../../media/endpoint/endpoint';
import { StreamRewriter } from '../../../../media/rtp/stream-rewriter';
import type { RewrittenHeader } from '../../../../media/rtp/stream-rewriter';

const audio = (sourceId: number, sequenceNumber: number, timestamp: number): StreamPacket => ({
  sourceId,
  sequenceNumber,
  timestamp,
  marker: false,
  content: 'audio',
  payload: Buffer.alloc(160),
});

const digit = (sourceId: number, sequenceNumber: number, end: boolean): StreamPacket => ({
  ...audio(sourceId, sequenceNumber, 777),
  content: 'telephone-event',
  payload: serializeTelephoneEvent({ event: 1, end, duration: 160 }),
});

describe('StreamRewriter', () => {
  const clock = new SimulatedClock();
  let rewriter: StreamRewriter;
  beforeEach(() => (rewriter = new StreamRewriter(clock)));

  const sent = (packet: StreamPacket): RewrittenHeader => {
    const header = rewriter.rewrite(packet);
    if (!header) throw new Error('the packet was left out');
    return header;
  };
  const steps = (from: RewrittenHeader, to: RewrittenHeader): [number, number] => [
    (to.sequenceNumber - from.sequenceNumber) & 0xffff,
    (to.timestamp - from.timestamp) >>> 0,
  ];

  it('within a source, distances stay as they are, over the wrap of both counters', () => {
    const first = sent(audio(1, 65_535, 0xffff_ffff - 79));
    clock.advance(20);
    expect(steps(first, sent(audio(1, 0, 80)))).toEqual([1, 160]);
    clock.advance(60);
    // Two packets were lost on the way to us: they are missing for the peer too.
    expect(steps(first, sent(audio(1, 3, 560)))).toEqual([4, 640]);
  });

  it('on a change of source the sequence goes on by one, the timestamp by the time that has passed', () => {
    const first = sent(audio(1, 100, 1000));
    clock.advance(1500);
    const second = sent(audio(2, 9, 5));
    expect(steps(first, second)).toEqual([1, 12_000]);
    expect(second.marker).toBe(true);
    clock.advance(20);
    expect(steps(second, sent(audio(2, 10, 165)))).toEqual([1, 160]);
  });

  it('a source that follows at once begins no earlier than the last packet ends', () => {
    const first = sent(audio(1, 100, 1000));
    clock.advance(1);
    expect(steps(first, sent(audio(2, 9, 5)))).toEqual([1, 160]);
  });

  it('a late packet of the same source takes its own place', () => {
    const first = sent(audio(1, 10, 0));
    sent(audio(1, 12, 320));
    expect(steps(first, sent(audio(1, 11, 160)))).toEqual([1, 160]);
    expect(steps(first, sent(audio(1, 13, 480)))).toEqual([3, 480]);
  });

  it('a straggler from before the source was switched to is left out, also after half a sequence has passed', () => {
    sent(audio(1, 10, 0));
    sent(audio(2, 50, 0));
    expect(rewriter.rewrite(audio(2, 49, 0))).toBeUndefined();
    for (let sequence = 51; sequence < 40_100; sequence += 1) sent(audio(2, sequence, sequence * 160));
    expect(rewriter.rewrite(audio(2, 40_098, 0))).toBeDefined();
  });

  it('while a digit is sent, audio of other sources is left out until its last end', () => {
    const speech = sent(audio(1, 10, 0));
    clock.advance(20);
    const start = sent(digit(2, 1, false));
    expect(rewriter.rewrite(audio(1, 11, 160))).toBeUndefined();
    clock.advance(20);
    const ends = [2, 3, 4].map((sequence) => {
      const end = sent(digit(2, sequence, true));
      expect(rewriter.rewrite(audio(1, 12, 320))).toBeUndefined();
      clock.advance(20);
      return end;
    });
    expect(new Set([start, ...ends].map(({ timestamp }) => timestamp)).size).toBe(1);
    clock.advance(40);
    const resumed = sent(audio(1, 15, 800));
    expect(steps(speech, resumed)).toEqual([5, 140 * 8]);
  });

  it('a digit whose end never comes silences others for a moment only', () => {
    sent(digit(2, 1, false));
    clock.advance(101);
    expect(rewriter.rewrite(audio(1, 12, 320))).toBeDefined();
  });

  it('a packet that is omitted leaves no gap', () => {
    const first = sent(audio(1, 10, 0));
    rewriter.omit(digit(1, 11, false));
    rewriter.omit(digit(1, 12, false));
    expect(steps(first, sent(audio(1, 13, 480)))).toEqual([1, 480]);
  });
});
