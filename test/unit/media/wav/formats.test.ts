/** Every usual kind of WAV, against sox, which writes and reads them independently of us. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSound, levelled, trimmed, withGain } from '../../../../media/wav/check-sound';
import { loudnessLufs } from '../../../../media/wav/loudness';
import { readSound } from '../../../../media/wav/read-sound';
import { writeWav } from '../../../../media/wav/wav-header';
import { monoSamples, readWav } from '../../../../media/wav/wav-reader';
import { dominantFrequencyHz, fromPcm16, levelDbfs, toPcm16, tone, toneLevelDbfs } from '../../../support/spectrum';
import { describeNeeding } from '../../../support/tools';
import { pcm16Wav } from '../../../support/wav';

describeNeeding('sox')('WAV files of sox', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'switchroom-wav-'));
    writeFileSync(join(dir, 'tone.wav'), pcm16Wav(toPcm16(tone({ frequencyHz: 1000, durationMs: 500 }))));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it.each([
    ['8 bits', ['-e', 'unsigned-integer', '-b', '8'], 30],
    ['16 bits', ['-b', '16'], 70],
    ['24 bits', ['-b', '24'], 70],
    ['32 bits', ['-e', 'signed-integer', '-b', '32'], 70],
    ['float of 32 bits', ['-e', 'floating-point', '-b', '32'], 70],
    ['float of 64 bits', ['-e', 'floating-point', '-b', '64'], 70],
    ['A-law', ['-e', 'a-law'], 30],
    ['µ-law', ['-e', 'mu-law'], 30],
  ])('%s, in mono at 8 kHz and in stereo at 44.1 and 48 kHz', async (_what, encoding, snrDb) => {
    for (const [rateHz, channels] of [
      [8000, 1],
      [44_100, 2],
      [48_000, 2],
    ] as const) {
      const file = join(dir, 'made.wav');
      const form = ['-r', String(rateHz), '-c', String(channels)];
      expect(spawnSync('sox', [join(dir, 'tone.wav'), ...encoding, ...form, file]).status).toBe(0);
      const sound = await readSound(readFileSync(file), () => 8000);
      if (!sound.ok) throw new Error(sound.fault.message);
      const heard = fromPcm16(sound.value.samples).subarray(400, 3600);
      expect(sound.value.samples.length).toBeCloseTo(4000, -2);
      expect(dominantFrequencyHz(heard)).toBe(1000);
      expect(toneLevelDbfs(heard, 1000)).toBeCloseTo(-9, 0);
      const own = rateHz === 8000 ? heard : undefined;
      if (own) {
        const wanted = tone({ frequencyHz: 1000, durationMs: 500 }).subarray(400, 3600);
        const noise = own.map((sample, index) => sample - (wanted[index] ?? 0));
        expect(levelDbfs(wanted) - levelDbfs(noise)).toBeGreaterThan(snrDb);
      }
    }
  });
});

it('a float that is no number is silence, and one beyond full scale is clipped', () => {
  const file = pcm16Wav(new Int16Array(6));
  file.writeUInt16LE(3, 20);
  file.writeUInt16LE(32, 34);
  [NaN, 2, -2].forEach((value, index) => file.writeFloatLE(value, 44 + index * 4));
  const wav = readWav(file);
  expect(wav.ok && [...monoSamples(wav.value)]).toEqual([0, 32_767, -32_768]);
});

it('long files are converted in turns: others have theirs after each second of sound', async () => {
  const file = pcm16Wav(new Int16Array(10 * 44_100).fill(100), { sampleRateHz: 44_100 });
  let turns = 0;
  let running = true;
  const watch = (): void => {
    turns += 1;
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  const sound = await readSound(file, () => 8000);
  running = false;
  expect(sound.ok && sound.value.samples.length).toBe(10 * 8000);
  expect(turns).toBeGreaterThanOrEqual(18);
});

it('a file of few bytes and many hours is refused before anything is made of it', async () => {
  const file = writeWav({ encoding: 'alaw', channels: 1, sampleRateHz: 1000 }, Buffer.alloc(61 * 60_000));
  const before = process.memoryUsage().arrayBuffers;
  expect(await readSound(file, () => 48_000)).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
});

describe('loudness (ITU-R BS.1770)', () => {
  it.each([8000, 16_000, 48_000])('a 997 Hz sine of 0 dBFS has -3 LUFS at %d Hz', (sampleRateHz) => {
    const sine = toPcm16(tone({ frequencyHz: 997, durationMs: 3000, sampleRateHz, amplitude: 1 }));
    expect(loudnessLufs(sine, sampleRateHz)).toBeCloseTo(-3.01, 0);
  });

  it('pauses do not count', () => {
    const speech = toPcm16(tone({ frequencyHz: 997, durationMs: 6000, amplitude: 0.1 }));
    const withPauses = new Int16Array(speech.length * 3);
    withPauses.set(speech, speech.length);
    expect(loudnessLufs(withPauses, 8000)).toBeCloseTo(loudnessLufs(speech, 8000), 0);
  });

  it('silence has none', () => expect(loudnessLufs(new Int16Array(8000), 8000)).toBe(-Infinity));
});

describe('checks of a recording', () => {
  const at = (frequencyHz: number, amplitude: number) => toPcm16(tone({ frequencyHz, durationMs: 1000, amplitude }));

  it('finds silence before, after and within, the peak and the loudness', async () => {
    const samples = new Int16Array(8000 * 5);
    samples.set(at(500, 0.25), 4000);
    samples.set(at(500, 0.25), 8000 * 3);
    const facts = await checkSound({ samples, sampleRateHz: 8000 });
    expect(facts).toMatchObject({
      ok: true,
      value: {
        durationMs: 5000,
        leadingSilenceMs: 500,
        trailingSilenceMs: 1000,
        longestSilenceMs: 1500,
        peakDbfs: -12,
      },
    });
  });

  it('refuses silence from end to end', async () => {
    expect(await checkSound({ samples: new Int16Array(800).fill(3), sampleRateHz: 8000 })).toMatchObject({
      ok: false,
      fault: { code: 'bad_input' },
    });
  });

  it.each([0.01, 0.05, 0.9])('a recording of amplitude %d comes to -21 LUFS', async (amplitude) => {
    const loudness = loudnessLufs(await levelled({ samples: at(997, amplitude), sampleRateHz: 8000 }), 8000);
    expect(loudness).toBeCloseTo(-21, 0);
  });

  it('peaks bound the levelling: nothing is clipped', async () => {
    const samples = at(997, 0.01);
    samples[4000] = 30_000;
    const result = await levelled({ samples, sampleRateHz: 8000 });
    expect(Math.max(...result)).toBeLessThanOrEqual(29_205);
  });

  it('leaves others their turn at least once for each second of a long recording', async () => {
    const sound = { samples: new Int16Array(10 * 8000).fill(9000), sampleRateHz: 8000 };
    for (const check of [checkSound, levelled, (long: typeof sound) => trimmed(long, 100)]) {
      let [turns, running] = [0, true];
      const count = (): void => {
        turns += 1;
        if (running) setImmediate(count);
      };
      setImmediate(count);
      await check(sound);
      running = false;
      expect(turns).toBeGreaterThanOrEqual(9);
    }
  });

  it('a recording is cut to what is in it, and a little around it', async () => {
    const samples = new Int16Array(8000 * 3);
    samples.set(at(500, 0.25), 8000);
    const cut = await trimmed({ samples, sampleRateHz: 8000 }, 100);
    expect(cut.samples.length).toBe(8000 + 2 * 800);
  });

  it.each([-20, -6, 6])('a volume of %d dB is that', async (gainDb) => {
    const samples = at(1000, 0.1);
    const change = levelDbfs(fromPcm16(await withGain(samples, gainDb))) - levelDbfs(fromPcm16(samples));
    expect(change).toBeCloseTo(gainDb, 1);
  });
});
