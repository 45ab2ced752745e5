/** Short tones between silence, by which one hears how late a voice arrives. */
import { fromPcm16, tone, toPcm16 } from '../../support/spectrum';

export const CHIRP_MS = 60;
/** Not a multiple of 20 ms, so that chirps begin anywhere within a frame. */
export const CHIRP_PERIOD_MS = 730;
export const CHIRP_HZ = 1_000;
const SAMPLES_PER_MS = 8;
const FRAME_MS = 20;
/** Far above silence and comfort noise, far below the chirp. */
const SOUND_PEAK = 0.05;
/** So much silence, and the next sound is another chirp. */
const SILENCE_MS = 200;

/** A voice of 8 kHz that is a whole number of frames and of periods long, to be said again and again. */
export const chirpVoice = (): Int16Array => {
  const samples = new Int16Array(CHIRP_PERIOD_MS * 2 * SAMPLES_PER_MS);
  const chirp = toPcm16(tone({ frequencyHz: CHIRP_HZ, durationMs: CHIRP_MS }));
  for (const startMs of [0, CHIRP_PERIOD_MS]) samples.set(chirp, startMs * SAMPLES_PER_MS);
  return samples;
};

/** The frames of the voice in which a chirp begins, and how far into the frame. */
export const chirpBeginsIn = (frame: number): { readonly offsetMs: number } | undefined => {
  const startMs = (frame * FRAME_MS) % CHIRP_PERIOD_MS;
  const offsetMs = startMs === 0 ? 0 : CHIRP_PERIOD_MS - startMs;
  return offsetMs < FRAME_MS ? { offsetMs } : undefined;
};

/** Finds where chirps begin in packets as they arrive. */
export class ChirpWatch {
  readonly onsetsMs: number[] = [];
  private quietMs = SILENCE_MS;

  /** @param nowMs the system clock. */
  constructor(private readonly nowMs: () => number) {}

  take(samples: Int16Array): void {
    const atMs = this.nowMs();
    const first = fromPcm16(samples).findIndex((sample) => Math.abs(sample) > SOUND_PEAK);
    if (first < 0) {
      this.quietMs += samples.length / SAMPLES_PER_MS;
      return;
    }
    // The packet's first sample could be heard when it came, this one so much later.
    if (this.quietMs >= SILENCE_MS) this.onsetsMs.push(atMs + first / SAMPLES_PER_MS);
    this.quietMs = 0;
  }
}

/** How late each chirp was heard: the first one heard after each that was said, and before the next. */
export const delaysOf = (saidMs: readonly number[], heardMs: readonly number[]): number[] =>
  saidMs.flatMap((said) => {
    const heard = heardMs.find((at) => at >= said && at < said + CHIRP_PERIOD_MS);
    return heard === undefined ? [] : [heard - said];
  });
