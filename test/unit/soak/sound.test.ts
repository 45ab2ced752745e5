import { fromPcm16, toPcm16, tone } from '../../support/spectrum';
import { Ear } from '../../soak/sound/ear';
import { Fft } from '../../soak/sound/fft';
import { VOICE_TONES_HZ, Voices, voiceSamples, WINDOW_SAMPLES } from '../../soak/sound/voices';

describe('the Fourier transform', () => {
  it('finds a sine where it is, and its power', () => {
    const samples = fromPcm16(toPcm16(tone({ frequencyHz: 1000, durationMs: 32, amplitude: 0.5 })));
    const power = new Fft(256).power(samples);
    const strongest = power.indexOf(Math.max(...power));
    expect(strongest).toBe(32);
    expect(Math.sqrt(power[32] ?? 0)).toBeCloseTo((0.5 * 256) / 2, 0);
  });

  it('refuses a size that is no power of two', () => {
    expect(() => new Fft(100)).toThrow(RangeError);
  });
});

describe('voices', () => {
  const mixed = (...names: string[]): Int16Array => {
    const sum = new Int16Array(WINDOW_SAMPLES);
    for (const name of names) {
      const voice = voiceSamples(voices.of(name));
      sum.forEach((sample, at) => (sum[at] = sample + (voice[at] ?? 0)));
    }
    return sum;
  };
  const voices = new Voices();
  for (let index = 0; index < VOICE_TONES_HZ.length; index += 1) voices.add(`v${index}`);

  it('are told from each other, each alone and several at once', () => {
    for (let index = 0; index < VOICE_TONES_HZ.length; index += 1)
      expect(voices.in(mixed(`v${index}`))).toEqual({ heard: [`v${index}`], faint: [] });
    expect(voices.in(mixed('v0', 'v1', 'v2', 'v3'))).toEqual({ heard: ['v0', 'v1', 'v2', 'v3'], faint: [] });
    expect(voices.in(mixed())).toEqual({ heard: [], faint: [] });
  });

  it('are sure without a spectrum when exactly those are there, and never when one is missing or too many', () => {
    const samples = mixed('v0', 'v1', 'v2');
    const other = mixed('v9');
    const faint = mixed('v0').map((sample, at) => sample + Math.round((other[at] ?? 0) / 4));
    expect(voices.areSurely(['v0', 'v1', 'v2'], samples)).toBe(true);
    expect(voices.areSurely([], mixed())).toBe(true);
    for (const wrong of [[], ['v0', 'v1'], ['v0', 'v1', 'v3'], ['v0', 'v1', 'v2', 'v3']])
      expect(voices.areSurely(wrong, samples)).toBe(false);
    expect(voices.in(faint)).toMatchObject({ heard: ['v0'], faint: [expect.stringMatching(/^v9 -3\d dBFS$/)] });
    expect(voices.areSurely(['v0'], faint)).toBe(false);
  });

  it('are all different, away from the ringing tone, and no more than there are', () => {
    expect(new Set(VOICE_TONES_HZ).size).toBe(VOICE_TONES_HZ.length);
    expect(VOICE_TONES_HZ.filter((hz) => Math.abs(hz - 425) < 16)).toEqual([]);
    expect(() => voices.add('one too many')).toThrow(RangeError);
  });

  it('loop without a seam', () => {
    const loop = voiceSamples(voices.of('v7'));
    expect(loop.length % 160).toBe(0);
    const twice = new Int16Array([...loop, ...loop]).subarray(loop.length - 800, loop.length + 800);
    expect(voices.in(twice)).toEqual({ heard: ['v7'], faint: [] });
  });
});

describe('an ear', () => {
  it('has the last fifth of a second in its order', () => {
    const ear = new Ear();
    ear.take(Int16Array.from({ length: WINDOW_SAMPLES + 5 }, (_, index) => index));
    expect(ear.window[0]).toBe(5);
    expect(ear.window.at(-1)).toBe(WINDOW_SAMPLES + 4);
  });

  it('opens packets only when somebody looks, once, and passes over those that cannot be opened', () => {
    const ear = new Ear();
    let opened = 0;
    for (let packet = 0; packet < 30; packet += 1)
      ear.take(() => {
        opened += 1;
        return packet === 29 ? undefined : new Int16Array(160).fill(packet);
      });
    expect(opened).toBe(0);
    const windows = [ear.window, ear.window];
    expect(opened).toBe(11);
    for (const window of windows) expect([window[0], window.at(-1)]).toEqual([19, 28]);
  });

  it('hears nothing when nothing comes', () => {
    expect(new Ear().window.every((sample) => sample === 0)).toBe(true);
  });
});
