/** G.722 by what it must do to sound: both bands pass, at their level, with the recommendation's distortion. */
import { createDecoder, createEncoder } from '../../../../media/codec/codecs';
import { SeededRandom } from '../../../../base/random';
import { fromPcm16, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../../../support/spectrum';

const RATE = 16_000;

function roundTrip(samples: Int16Array): Float64Array {
  const [encoder, decoder] = [createEncoder('G722'), createDecoder('G722')];
  const heard: number[] = [];
  for (let at = 0; at + 320 <= samples.length; at += 320) {
    const payload = encoder.encode(samples.subarray(at, at + 320));
    expect(payload).toHaveLength(160);
    heard.push(...fromPcm16(decoder.decode(payload)));
  }
  return Float64Array.from(heard);
}

describe('G.722', () => {
  it.each([
    [200, 30],
    [1000, 30],
    [2500, 25],
    [3500, 22],
    [5000, 12],
    [6500, 10],
  ])('%d Hz passes at its level, %d dB above what the coding adds', (frequencyHz, leastDb) => {
    const heard = roundTrip(toPcm16(tone({ frequencyHz, durationMs: 1000, sampleRateHz: RATE, amplitude: 0.25 })));
    const steady = heard.subarray(4000);
    const level = toneLevelDbfs(steady, frequencyHz, RATE);
    expect(level).toBeCloseTo(-15, 0);
    const rest = 10 * Math.log10(Math.max(1e-12, 10 ** (levelDbfs(steady) / 10) - 10 ** (level / 10)));
    expect(level - rest).toBeGreaterThan(leastDb);
  });

  it('the delay of both filters is 22 samples', () => {
    const random = new SeededRandom(5);
    let last = 0;
    const source = Int16Array.from({ length: 8000 }, () => (last = 0.9 * last + 800 * (random.next() - 0.5)));
    const heard = roundTrip(source);
    const likeness = (delay: number): number =>
      heard.subarray(1000, 7000).reduce((sum, sample, index) => sum + sample * (source[1000 + index - delay] ?? 0), 0);
    const delays = Array.from({ length: 60 }, (_, delay) => delay);
    const best = delays.reduce((found, delay) => (likeness(delay) > likeness(found) ? delay : found), 0);
    expect(best).toBe(22);
  });

  it('silence stays silent and full scale does not wrap', () => {
    expect(levelDbfs(roundTrip(new Int16Array(3200)))).toBeLessThan(-70);
    const loud = roundTrip(toPcm16(tone({ frequencyHz: 800, durationMs: 400, sampleRateHz: RATE, amplitude: 0.95 })));
    expect(toneLevelDbfs(loud.subarray(1600), 800, RATE)).toBeGreaterThan(-5);
  });

  it('any bytes decode to as many samples as they stand for', () => {
    const random = new SeededRandom(11);
    const decoder = createDecoder('G722');
    for (let round = 0; round < 200; round += 1) {
      const payload = Buffer.from(Array.from({ length: random.int(300) }, () => random.int(256)));
      expect(decoder.decode(payload)).toHaveLength(payload.length * 2);
    }
  });
});
