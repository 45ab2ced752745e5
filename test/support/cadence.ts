/** The rhythm of a tone: how long it sounds and how long it is silent, in turn. */
import { levelDbfs } from './spectrum';

const WINDOW_MS = 10;

export interface Beat {
  readonly sounds: boolean;
  readonly ms: number;
}

/** Of samples at 8 kHz. The first and the last beat may have been cut off by the listener, and are left out. */
export const beatsOf = (samples: Float64Array, minLevelDbfs = -40): Beat[] => {
  const size = WINDOW_MS * 8;
  const beats: { sounds: boolean; ms: number }[] = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    const sounds = levelDbfs(samples.subarray(from, from + size)) > minLevelDbfs;
    const last = beats.at(-1);
    if (last?.sounds === sounds) last.ms += WINDOW_MS;
    else beats.push({ sounds, ms: WINDOW_MS });
  }
  return beats.slice(1, -1);
};

/** Whether every beat lasts so long, give or take; there must be some of them. */
export const hasRhythm = (beats: readonly Beat[], ms: number, toleranceMs = 40): boolean =>
  beats.length >= 3 && beats.every((beat) => Math.abs(beat.ms - ms) <= toleranceMs);
