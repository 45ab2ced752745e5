import { HeardSound } from '../../../infra/caller/heard-sound';
import { encodeG711 } from '../../../media/codec/g711';
import type { StreamPacket } from '../../../media/endpoint/endpoint';

/** A frame of one value, which G.711 keeps. */
const frame = (index: number, value: number, change: Partial<StreamPacket> = {}): StreamPacket => ({
  sourceId: 1,
  sequenceNumber: index & 0xffff,
  timestamp: (0xffff_ff00 + index * 160) >>> 0,
  marker: false,
  content: 'audio',
  payload: encodeG711('PCMA', new Int16Array(160).fill(value)),
  ...change,
});

const LOUD = 8_064;
const QUIET = 504;

/** The value of each frame of what was heard. */
const framesOf = (heard: HeardSound): number[] =>
  Array.from({ length: heard.pcm.length / 160 }, (_, index) => heard.pcm[index * 160 + 80] ?? NaN);

describe('what the caller hears', () => {
  it('is in the order of the timestamps, across their wrap', () => {
    const heard = new HeardSound();
    for (const index of [0, 1, 3, 2, 4]) heard.add(frame(index, index % 2 === 0 ? LOUD : QUIET), 'PCMA');
    expect(framesOf(heard)).toEqual([LOUD, QUIET, LOUD, QUIET, LOUD]);
    expect(heard.durationMs).toBe(100);
  });

  it('has silence where a packet was lost, and one copy of what came twice', () => {
    const heard = new HeardSound();
    for (const index of [0, 2, 2]) heard.add(frame(index, LOUD), 'PCMA');
    expect(framesOf(heard)).toEqual([LOUD, 0, LOUD]);
  });

  it('goes on without a gap when the source changes or its clock jumps', () => {
    const heard = new HeardSound();
    heard.add(frame(0, LOUD), 'PCMA');
    heard.add(frame(0, QUIET, { sourceId: 2, timestamp: 5 }), 'PCMA');
    heard.add(frame(0, LOUD, { sourceId: 2, timestamp: 5 + 80_001 }), 'PCMA');
    expect(framesOf(heard)).toEqual([LOUD, QUIET, LOUD]);
  });

  it('drops what is older than everything heard', () => {
    const heard = new HeardSound();
    heard.add(frame(3, LOUD), 'PCMA');
    heard.add(frame(2, QUIET), 'PCMA');
    expect(framesOf(heard)).toEqual([LOUD]);
  });

  it('has a level of what came last', () => {
    const heard = new HeardSound();
    expect(heard.recentLevelDbfs(20)).toBe(-Infinity);
    heard.add(frame(0, LOUD), 'PCMA');
    heard.add(frame(1, QUIET), 'PCMA');
    expect(heard.recentLevelDbfs(20)).toBeCloseTo(20 * Math.log10(QUIET / 32_768), 5);
    expect(heard.recentLevelDbfs(40)).toBeGreaterThan(heard.recentLevelDbfs(20) + 20);
  });

  it('grows as long as it must and ends after an hour', () => {
    const heard = new HeardSound();
    for (let index = 0; index < 200_000; index += 400) heard.add(frame(index, LOUD), 'PCMA');
    expect(heard.durationMs).toBeLessThanOrEqual(3_600_000);
    expect(heard.durationMs).toBeGreaterThan(3_590_000);
  });
});
