import { estimateQuality } from '../../../../media/quality/e-model';

const mos = (lossShare: number, delayMs: number): number => estimateQuality({ codec: 'PCMA', lossShare, delayMs }).mos;

describe('the E-model', () => {
  it('without loss and delay gives the values of G.107: R 93.2, MOS 4.41', () => {
    const { rFactor, mos: best } = estimateQuality({ codec: 'PCMU', lossShare: 0, delayMs: 0 });
    expect(rFactor).toBeCloseTo(93.2, 5);
    expect(best).toBeCloseTo(4.41, 2);
  });

  it.each([
    [0.01, 50, 89.56],
    [0.03, 90, 83.06],
    [0.05, 90, 77.42],
    [0, 200, 90.18],
    [0, 400, 69.1],
  ])('loss %d and %d ms give R %d', (lossShare, delayMs, rFactor) => {
    expect(estimateQuality({ codec: 'PCMA', lossShare, delayMs }).rFactor).toBeCloseTo(rFactor, 0);
  });

  it('falls with every loss and every delay and stays within 1 and 4.41', () => {
    const losses = Array.from({ length: 101 }, (_, percent) => mos(percent / 100, 80));
    const delays = Array.from({ length: 100 }, (_, step) => mos(0, step * 20));
    for (const scores of [losses, delays])
      scores.forEach((score, index) => expect(score).toBeLessThanOrEqual(scores[Math.max(0, index - 1)] ?? 5));
    expect(Math.min(...losses, ...delays)).toBeGreaterThanOrEqual(1);
    expect(mos(1, 1000)).toBeLessThan(1.3);
  });
});
