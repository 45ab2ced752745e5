/** Ringing tones of countries: frequencies and rhythm. */
import { ringBackTone } from '../../../media/prompts/ring-back';
import { fromPcm16, hearsTone, levelDbfs, toneLevelDbfs } from '../../support/spectrum';

const piece = (country: string | undefined, fromMs: number, toMs: number): Float64Array =>
  fromPcm16(ringBackTone(country).subarray(fromMs * 8, toMs * 8));

it.each([
  [undefined, 425, 1000, 5000],
  ['49', 425, 1000, 5000],
  ['86', 450, 1000, 5000],
  ['33', 440, 1500, 5000],
])('%s: one frequency', (country, hz, soundMs, periodMs) => {
  expect(ringBackTone(country)).toHaveLength(periodMs * 8);
  expect(hearsTone(piece(country, 0, soundMs), hz)).toBe(true);
  expect(levelDbfs(piece(country, soundMs, periodMs))).toBe(-Infinity);
});

it.each([
  ['1', [440, 480], 6000],
  ['44', [400, 450], 3000],
])('%s: two frequencies of one level', (country, frequencies, periodMs) => {
  expect(ringBackTone(country)).toHaveLength(periodMs * 8);
  const [low = 0, high = 0] = frequencies.map((hz) => toneLevelDbfs(piece(country, 0, 400), hz));
  expect(Math.abs(low - high)).toBeLessThan(1);
  expect(low).toBeGreaterThan(-25);
});

it('is loud enough to be heard and leaves room', () => {
  const level = levelDbfs(piece(undefined, 0, 1000));
  expect(level).toBeGreaterThan(-22);
  expect(level).toBeLessThan(-12);
});
