import { COMFORT_NOISE_PAYLOAD_TYPE, comfortNoise } from '../../../../media/codec/comfort-noise';
import { decodeG711 } from '../../../../media/codec/g711';
import { fromPcm16, levelDbfs } from '../../../support/spectrum';

const levelOf = (payload: Buffer): number => {
  const frames = Array.from({ length: 20 }, () => [...decodeG711('PCMA', comfortNoise('PCMA', payload))]);
  return levelDbfs(fromPcm16(Int16Array.from(frames.flat())));
};

describe('comfort noise', () => {
  it.each([
    [40, -40],
    [55, -55],
  ])('of level %d is a frame of noise at %d dB of overload', (level, expected) => {
    expect(comfortNoise('PCMU', Buffer.from([level]))).toHaveLength(160);
    expect(Math.abs(levelOf(Buffer.from([level])) - expected)).toBeLessThan(2);
  });

  it('is never loud, whatever a packet says, and silence without a level', () => {
    expect(levelOf(Buffer.from([0]))).toBeLessThan(-28);
    expect(levelOf(Buffer.alloc(0))).toBeLessThan(-65);
    expect(COMFORT_NOISE_PAYLOAD_TYPE).toBe(13);
  });
});
