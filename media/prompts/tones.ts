/**
 * Call progress tones by country: frequencies and rhythms as the supplement to ITU-T E.180 lists them ("Various tones
 * used in national networks", ITU-T E.180 Supplement 2), and where it names none those that E.180 recommends.
 */
import type { ToneName } from '../../base/progress-tones';

/** Of one frequency, about -13 dBm0, as E.180 has it from -15 to -5 dBm0; two have the same power together. */
const PEAK = 5000;
/** Frames are 20 ms: periods that are no multiple are repeated until they are one, so that a loop has no break. */
const FRAME_MS = 20;

/** Frequencies that sound together for some time; none is silence. */
type Part = readonly [frequenciesHz: readonly number[], durationMs: number];
export type Tone = readonly Part[];

const steady = (...hz: number[]): Tone => [[hz, 1000]];

/** Sound and silence in turn. */
const rhythm = (hz: readonly number[], ...ms: number[]): Tone =>
  ms.map((durationMs, index) => [index % 2 === 0 ? hz : [], durationMs]);

/** E.180, clause 7: three tones one after the other, each 330 ms, then a second of silence. */
const SPECIAL: Tone = [
  [[950], 330],
  [[1400], 330],
  [[1800], 330],
  [[], 1010],
];

const RECOMMENDED: Readonly<Record<ToneName, Tone>> = {
  dial: steady(425),
  'ring-back': rhythm([425], 1000, 4000),
  busy: rhythm([425], 500, 500),
  congestion: rhythm([425], 250, 250),
  'special-information': SPECIAL,
  'call-waiting': rhythm([425], 200, 600, 200, 3000),
  /** E.180: 1400 Hz, a short sound every 15 s or so. */
  record: rhythm([1400], 400, 15_000),
  /** Before somebody is recorded: once, and no silence that would be recorded after it. */
  beep: [[[1000], 300]],
};

type Tones = Partial<Record<ToneName, Tone>>;

const NORTH_AMERICA: Tones = {
  dial: steady(350, 440),
  'ring-back': rhythm([440, 480], 2000, 4000),
  busy: rhythm([480, 620], 500, 500),
  congestion: rhythm([480, 620], 250, 250),
  'call-waiting': rhythm([440], 300, 9700),
};

const BRITISH_RING = rhythm([400, 450], 400, 200, 400, 2000);

/** By calling code; what a country has as E.180 recommends is left out. */
const BY_COUNTRY: Readonly<Record<string, Tones>> = {
  '1': NORTH_AMERICA,
  '7': { 'ring-back': rhythm([425], 800, 3200), busy: rhythm([425], 400, 400), congestion: rhythm([425], 200, 200) },
  '31': { dial: steady(425), 'call-waiting': rhythm([425], 500, 9500) },
  '33': { dial: steady(440), 'ring-back': rhythm([440], 1500, 3500), busy: rhythm([440], 500, 500) },
  '34': { 'ring-back': rhythm([425], 1500, 3000), busy: rhythm([425], 200, 200) },
  '39': { dial: rhythm([425], 200, 200, 600, 1000), congestion: rhythm([425], 200, 200) },
  '41': { 'call-waiting': rhythm([425], 200, 200, 200, 4000) },
  '44': {
    dial: steady(350, 440),
    'ring-back': BRITISH_RING,
    busy: rhythm([400], 375, 375),
    congestion: rhythm([400], 400, 350, 225, 525),
    'call-waiting': rhythm([400], 100, 2000),
  },
  '49': { busy: rhythm([425], 480, 480), congestion: rhythm([425], 240, 240) },
  '55': { busy: rhythm([425], 250, 250), 'call-waiting': rhythm([425], 50, 1000) },
  '61': {
    dial: steady(425, 450),
    'ring-back': BRITISH_RING,
    busy: rhythm([425], 375, 375),
    congestion: rhythm([425], 375, 375),
  },
  '64': {
    dial: steady(400),
    'ring-back': BRITISH_RING,
    busy: rhythm([400], 500, 500),
    congestion: rhythm([400], 250, 250),
  },
  '65': { 'ring-back': rhythm([425], 400, 200, 400, 2000), busy: rhythm([425], 750, 750) },
  '81': {
    dial: steady(400),
    'ring-back': rhythm([385, 415], 1000, 2000),
    busy: rhythm([400], 500, 500),
    congestion: rhythm([400], 500, 500),
  },
  '82': {
    dial: steady(350, 440),
    'ring-back': rhythm([440, 480], 1000, 2000),
    busy: rhythm([480, 620], 500, 500),
    congestion: rhythm([480, 620], 300, 200),
  },
  '86': {
    dial: steady(450),
    'ring-back': rhythm([450], 1000, 4000),
    busy: rhythm([450], 350, 350),
    congestion: rhythm([450], 700, 700),
    'call-waiting': rhythm([450], 400, 4000),
  },
  '91': { 'ring-back': rhythm([400], 400, 200, 400, 2000), busy: rhythm([400], 750, 750), dial: steady(400) },
  '852': {
    dial: steady(350, 440),
    'ring-back': rhythm([440, 480], 400, 200, 400, 3000),
    busy: rhythm([480, 620], 500, 500),
    congestion: rhythm([480, 620], 250, 250),
  },
  '886': {
    dial: steady(350, 440),
    'ring-back': rhythm([440, 480], 1000, 2000),
    busy: rhythm([480, 620], 500, 500),
    congestion: rhythm([480, 620], 250, 250),
  },
};

/** @param country calling code without a plus; that of most countries without one. */
export const toneOf = (name: ToneName, country?: string): Tone =>
  (country === undefined ? undefined : BY_COUNTRY[country]?.[name]) ?? RECOMMENDED[name];

/** One period, or several that end with a frame, to be played in a loop. */
export function toneSamples(tone: Tone, sampleRateHz: number): Int16Array {
  const periodMs = tone.reduce((sum, [, durationMs]) => sum + durationMs, 0);
  let rounds = 1;
  while ((rounds * periodMs) % FRAME_MS !== 0) rounds += 1;
  const samples = new Int16Array((rounds * periodMs * sampleRateHz) / 1000);
  let offset = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const [frequenciesHz, durationMs] of tone) {
      const length = (durationMs * sampleRateHz) / 1000;
      sound(samples.subarray(offset, offset + length), frequenciesHz, sampleRateHz);
      offset += length;
    }
  return samples;
}

function sound(samples: Int16Array, frequenciesHz: readonly number[], sampleRateHz: number): void {
  if (frequenciesHz.length === 0) return;
  const peak = PEAK / Math.sqrt(frequenciesHz.length);
  for (let at = 0; at < samples.length; at += 1) {
    const sum = frequenciesHz.reduce((total, hz) => total + Math.sin((2 * Math.PI * hz * at) / sampleRateHz), 0);
    samples[at] = Math.round(peak * sum);
  }
}
