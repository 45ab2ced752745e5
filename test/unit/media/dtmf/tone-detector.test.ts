/** Keys in sound against the criteria of ITU-T Q.24, on generated tones. */
import { decodeG711, encodeG711 } from '../../../../media/codec/g711';
import { ToneDetector } from '../../../../media/dtmf/tone-detector';
import { dtmfTone } from '../../../../media/dtmf/dtmf-tones';
import { COLUMN_HZ, KEYS, ROW_HZ } from '../../../../media/dtmf/tone-window';

const RATE_HZ = 8000;
const PEAK_OF_0_DBM0 = 22_470;
const ALL_KEYS = KEYS.join('');

interface KeyTone {
  readonly key: string;
  readonly ms?: number;
  /** Levels of the two frequencies. */
  readonly rowDbm0?: number;
  readonly columnDbm0?: number;
  /** Both frequencies by this share. */
  readonly off?: number;
  readonly offRow?: number;
  readonly offColumn?: number;
}

const peakOf = (dbm0: number): number => PEAK_OF_0_DBM0 * 10 ** (dbm0 / 20);

/** A sound of its own, independent of what the product sends. */
const keyTone = ({ key, ms = 50, rowDbm0 = -10, columnDbm0 = -10, off = 0, ...more }: KeyTone): number[] => {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const rowHz = (ROW_HZ[row] ?? 0) * (1 + (more.offRow ?? off));
  const columnHz = (COLUMN_HZ[KEYS[row]?.indexOf(key) ?? -1] ?? 0) * (1 + (more.offColumn ?? off));
  return Array.from({ length: Math.round((ms * RATE_HZ) / 1000) }, (_, index) => {
    const turn = (2 * Math.PI * index) / RATE_HZ;
    return peakOf(rowDbm0) * Math.sin(rowHz * turn + 0.3) + peakOf(columnDbm0) * Math.sin(columnHz * turn + 1.1);
  });
};

const quiet = (ms: number): number[] => Array<number>(Math.round((ms * RATE_HZ) / 1000)).fill(0);

/** A seeded source, so that a failure can be repeated. */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
};

const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** White noise of this power below two frequencies of -10 dBm0 each. */
const withNoise = (samples: readonly number[], snrDb: number, random: () => number): number[] => {
  const rms = peakOf(-10) * 10 ** (-snrDb / 20);
  return samples.map((sample) => sample + rms * gaussian(random));
};

/** Through A-law and in packets of 20 ms, as a leg brings it; the last one may be short. */
const hear = (samples: readonly number[]): string => {
  const pcm = decodeG711(
    'PCMA',
    encodeG711(
      'PCMA',
      Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample)))),
    ),
  );
  const detector = new ToneDetector();
  const heard: string[] = [];
  for (let start = 0; start < pcm.length; start += 160)
    heard.push(...detector.accept(pcm.subarray(start, start + 160)));
  return heard.join('');
};

/** Every key at beginnings that lie differently to the windows; the share that is recognised once. */
const shareHeard = (tone: Omit<KeyTone, 'key'>, snrDb?: number): number => {
  const random = randomOf(7);
  let heard = 0;
  let all = 0;
  for (const key of ALL_KEYS) {
    for (let lead = 0; lead < 51; lead += 10) {
      const sound = [...Array<number>(400 + lead).fill(0), ...keyTone({ key, ...tone }), ...quiet(60)];
      all += 1;
      if (hear(snrDb === undefined ? sound : withNoise(sound, snrDb, random)) === key) heard += 1;
    }
  }
  return heard / all;
};

describe('a tone detector recognises', () => {
  it.each([
    ['the shortest tone, 40 ms', { ms: 40 }],
    ['a loud one, 0 dBm0 a frequency', { ms: 40, rowDbm0: -3, columnDbm0: -3 }],
    ['a quiet one, -29 dBm0 a frequency', { ms: 45, rowDbm0: -29, columnDbm0: -29 }],
    ['columns 6 dB stronger', { ms: 40, rowDbm0: -14, columnDbm0: -8.5 }],
    ['columns 10 dB weaker', { ms: 40, rowDbm0: -8, columnDbm0: -18 }],
    ['frequencies 1.8 % too high', { ms: 40, off: 0.018 }],
    ['frequencies 1.8 % too low', { ms: 40, off: -0.018 }],
  ] as const)('%s', (_, tone) => {
    expect(shareHeard(tone)).toBe(1);
  });

  it.each([
    [20, 1],
    [15, 0.995],
    [12, 0.97],
  ])('tones of 50 ms in white noise, %d dB below', (snrDb, least) => {
    expect(shareHeard({ ms: 50 }, snrDb)).toBeGreaterThanOrEqual(least);
  });

  it('every key once, with tones of 50 ms and pauses of 40 ms', () => {
    const sound = [...ALL_KEYS].flatMap((key) => [...keyTone({ key }), ...quiet(40)]);
    expect(hear([...quiet(33), ...sound, ...quiet(60)])).toBe(ALL_KEYS);
  });

  it('the same key five times, with pauses of 40 ms', () => {
    const sound = [...'55555'].flatMap((key) => [...keyTone({ key, ms: 45 }), ...quiet(40)]);
    expect(hear([...quiet(20), ...sound, ...quiet(60)])).toBe('55555');
  });

  it('one key in a tone that is interrupted for 10 ms, wherever that is', () => {
    for (let lead = 0; lead < 20; lead += 1) {
      const sound = keyTone({ key: '8', ms: 150 });
      sound.fill(0, 480 + 8 * lead, 560 + 8 * lead);
      expect(hear([...quiet(20), ...sound, ...quiet(60)])).toBe('8');
    }
  });

  it('a key that follows another without a pause', () => {
    expect(hear([...quiet(20), ...keyTone({ key: '1' }), ...keyTone({ key: '2' }), ...quiet(60)])).toBe('12');
  });

  it('what the product itself sends', () => {
    const sound = [...ALL_KEYS].flatMap((key) => [...dtmfTone(key, 60), ...quiet(60)]);
    expect(hear([...quiet(20), ...sound])).toBe(ALL_KEYS);
  });
});

describe('a tone detector takes for no key', () => {
  it.each([
    ['a tone of 20 ms', { ms: 20 }],
    ['a tone of 23 ms', { ms: 23 }],
    ['rows 3.5 % too high', { offRow: 0.035 }],
    ['columns 3.5 % too low', { offColumn: -0.035 }],
    ['frequencies 3.5 % too high', { off: 0.035 }],
    ['one that is too quiet, -36 dBm0 a frequency', { rowDbm0: -36, columnDbm0: -36 }],
    ['columns 9 dB stronger', { rowDbm0: -18, columnDbm0: -9 }],
    ['columns 14 dB weaker', { rowDbm0: -6, columnDbm0: -20 }],
  ] as const)('%s', (_, tone) => {
    expect(shareHeard(tone)).toBe(0);
  });

  it('one frequency alone, noise, and the tones of calls', () => {
    const sines = (...hz: number[]): number[] =>
      Array.from({ length: RATE_HZ }, (_, index) =>
        hz.reduce((sum, one) => sum + peakOf(-10) * Math.sin((2 * Math.PI * one * index) / RATE_HZ), 0),
      );
    for (const hz of [...ROW_HZ, ...COLUMN_HZ]) expect(hear(sines(hz))).toBe('');
    for (const pair of [
      [350, 440],
      [440, 480],
      [480, 620],
      [425, 450],
      [1209, 1336],
      [697, 941],
    ] as const)
      expect(hear(sines(...pair))).toBe('');
    const random = randomOf(11);
    expect(hear(Array.from({ length: 60 * RATE_HZ }, () => peakOf(-10) * gaussian(random)))).toBe('');
  });
});
