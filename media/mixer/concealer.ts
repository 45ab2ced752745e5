/**
 * Hides lost sound as ITU-T G.711 Appendix I proposes: the last pitch period goes on, slowly fading; afterwards there
 * is noise as loud as the speaker's background, since a dead line sounds like a lost call.
 */
import { findPitch, pitchWindow } from './pitch';

/** Appendix I: full volume for the first 10 ms, nothing of the voice after 60 ms. */
const FULL_MS = 10;
const GONE_MS = 60;
/** Voice that comes back is blended with what concealed it. */
const BLEND_MS = 5;
/** The background level rises so slowly that speech does not count as background. */
const NOISE_RISE = 1.005;
const LOUDEST_NOISE_RMS = 60;

export class Concealer {
  private readonly history: Int16Array;
  private period: Int16Array | undefined;
  private position = 0;
  private concealedRun = 0;
  private noiseRms = 0;
  private noiseSeed = 0x2545_f491;

  constructor(private readonly sampleRateHz: number) {
    this.history = new Int16Array(pitchWindow(sampleRateHz) * 2);
  }

  /** Sound that arrived. After a concealment its beginning is blended in; changes `samples` in place. */
  hear(samples: Int16Array): void {
    if (samples.length === 0) return;
    if (this.concealedRun > 0) {
      const blend = this.make(Math.min(samples.length, this.samplesIn(BLEND_MS)));
      blend.forEach((concealed, index) => {
        const share = (index + 1) / (blend.length + 1);
        samples[index] = Math.round((samples[index] ?? 0) * share + concealed * (1 - share));
      });
    }
    this.period = undefined;
    this.concealedRun = 0;
    this.noteBackground(samples);
    this.remember(samples);
  }

  /** Sound in the place of what is missing. */
  conceal(count: number): Int16Array {
    return this.make(count);
  }

  /** The background alone: for a pause whose beginning somebody else has filled. */
  rest(count: number): Int16Array {
    this.concealedRun = Math.max(this.concealedRun, this.samplesIn(GONE_MS));
    return this.make(count);
  }

  private make(count: number): Int16Array {
    const period = (this.period ??= this.lastPeriod());
    const made = new Int16Array(count);
    const [fullFor, goneAfter] = [this.samplesIn(FULL_MS), this.samplesIn(GONE_MS)];
    for (let index = 0; index < count; index += 1) {
      const run = this.concealedRun + index;
      const fade = Math.min(1, Math.max(0, (goneAfter - run) / (goneAfter - fullFor)));
      const voice = fade === 0 ? 0 : (period[this.position] ?? 0) * fade;
      made[index] = Math.round(voice + this.noise() * (1 - fade));
      this.position = (this.position + 1) % period.length;
    }
    this.concealedRun += count;
    return made;
  }

  /** The newest period, its end blended with the end of the one before, so that its repetition has no edge. */
  private lastPeriod(): Int16Array {
    this.position = 0;
    const lag = findPitch(this.history, this.sampleRateHz);
    const period = this.history.slice(this.history.length - lag);
    const overlap = Math.max(1, lag >> 2);
    for (let index = 0; index < overlap; index += 1) {
      const share = (index + 1) / (overlap + 1);
      const place = lag - overlap + index;
      const before = this.history[this.history.length - lag - overlap + index] ?? 0;
      period[place] = Math.round((period[place] ?? 0) * (1 - share) + before * share);
    }
    return period;
  }

  private remember(samples: Int16Array): void {
    const newest = samples.subarray(Math.max(0, samples.length - this.history.length));
    this.history.copyWithin(0, newest.length);
    this.history.set(newest, this.history.length - newest.length);
  }

  private noteBackground(samples: Int16Array): void {
    let energy = 0;
    for (const sample of samples) energy += sample * sample;
    const rms = Math.sqrt(energy / samples.length);
    this.noiseRms = Math.min(LOUDEST_NOISE_RMS, rms, this.noiseRms * NOISE_RISE + 0.1);
  }

  /** White, uniform: its peak is the root of three times its root mean square. */
  private noise(): number {
    this.noiseSeed ^= this.noiseSeed << 13;
    this.noiseSeed ^= this.noiseSeed >>> 17;
    this.noiseSeed ^= this.noiseSeed << 5;
    return (this.noiseSeed / 0x8000_0000) * this.noiseRms * Math.sqrt(3);
  }

  private samplesIn(durationMs: number): number {
    return Math.round((durationMs * this.sampleRateHz) / 1000);
  }
}
