/** Call progress tones of countries: frequencies and rhythm. */
import { TONE_NAMES } from '../../../base/progress-tones';
import { toneOf, toneSamples } from '../../../media/prompts/tones';
import { fromPcm16, hearsTone, levelDbfs, toneLevelDbfs } from '../../support/spectrum';

const ringBackTone = (country: string | undefined): Int16Array => toneSamples(toneOf('ring-back', country), 8000);

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

it.each([
  ['busy', undefined, [425], 500, 1000],
  ['busy', '1', [480, 620], 500, 1000],
  ['busy', '86', [450], 350, 700],
  ['busy', '49', [425], 480, 960],
  ['congestion', '81', [400], 500, 1000],
  ['congestion', undefined, [425], 250, 500],
] as const)('%s of %s sounds, then is silent', (name, country, frequencies, soundMs, periodMs) => {
  const samples = fromPcm16(toneSamples(toneOf(name, country), 8000));
  expect(samples.length % (periodMs * 8)).toBe(0);
  for (const hz of frequencies) expect(toneLevelDbfs(samples.subarray(0, soundMs * 8), hz)).toBeGreaterThan(-24);
  expect(levelDbfs(samples.subarray(soundMs * 8, periodMs * 8))).toBe(-Infinity);
});

it('special information is three rising tones of 330 ms and a second of silence', () => {
  const samples = fromPcm16(toneSamples(toneOf('special-information'), 8000));
  [950, 1400, 1800].forEach((hz, index) =>
    expect(hearsTone(samples.subarray(index * 2640, (index + 1) * 2640), hz)).toBe(true),
  );
  expect(levelDbfs(samples.subarray(3 * 2640))).toBe(-Infinity);
});

it.each(TONE_NAMES)('%s fills whole frames in every country and at every rate, and goes on where it began', (name) => {
  for (const country of [undefined, '1', '7', '34', '44', '61', '65', '86', '91', '852'])
    for (const rateHz of [8000, 16_000]) {
      const samples = toneSamples(toneOf(name, country), rateHz);
      expect(samples.length % (rateHz / 50)).toBe(0);
      expect(Math.abs(samples[0] ?? 1)).toBe(0);
    }
  // A tone without pauses has whole waves, so that its loop has no click.
  const dial = fromPcm16(toneSamples(toneOf('dial', '44'), 8000));
  const twice = Float64Array.from([...dial, ...dial]);
  expect(toneLevelDbfs(twice.subarray(4000, 12_000), 350)).toBeCloseTo(toneLevelDbfs(dial, 350), 1);
});
