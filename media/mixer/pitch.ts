/** The period of a voice, by normalised correlation: what concealment repeats and time-stretching leaves out. */

/** Periods of voices, in seconds: 400 Hz to 66 Hz. */
const SHORTEST_S = 0.0025;
const LONGEST_S = 0.015;
const COMPARED_S = 0.01;

const longestPitch = (sampleRateHz: number): number => Math.round(LONGEST_S * sampleRateHz);
export const shortestPitch = (sampleRateHz: number): number => Math.round(SHORTEST_S * sampleRateHz);
const comparedSamples = (sampleRateHz: number): number => Math.round(COMPARED_S * sampleRateHz);

/** What {@link findPitch} needs to look at. */
export const pitchWindow = (sampleRateHz: number): number => longestPitch(sampleRateHz) + comparedSamples(sampleRateHz);

/**
 * The lag, in samples, at which the end of the signal resembles what came before it most. Searched coarsely, then
 * around the best; always within the bounds of voices, whatever the signal is.
 */
export function findPitch(samples: Int16Array, sampleRateHz: number): number {
  const compared = Math.min(comparedSamples(sampleRateHz), Math.floor(samples.length / 2));
  const longest = Math.min(longestPitch(sampleRateHz), samples.length - compared);
  const shortest = Math.min(shortestPitch(sampleRateHz), longest);
  const decimation = Math.max(2, Math.round(sampleRateHz / 4000));
  const likeness = (lag: number, step: number): number => likenessAt(samples, { compared, lag, step });
  const coarse = bestLag({ from: shortest, to: longest, step: decimation }, (lag) => likeness(lag, decimation));
  const around = { from: Math.max(shortest, coarse - decimation), to: Math.min(longest, coarse + decimation), step: 1 };
  return bestLag(around, (lag) => likeness(lag, 1));
}

function bestLag(range: { from: number; to: number; step: number }, likeness: (lag: number) => number): number {
  let best = range.from;
  let bestLikeness = -Infinity;
  for (let lag = range.from; lag <= range.to; lag += range.step) {
    const value = likeness(lag);
    if (value > bestLikeness) [best, bestLikeness] = [lag, value];
  }
  return best;
}

function likenessAt(samples: Int16Array, at: { compared: number; lag: number; step: number }): number {
  const start = samples.length - at.compared;
  let product = 0;
  let energy = 1;
  for (let index = start; index < samples.length; index += at.step) {
    const earlier = samples[index - at.lag] ?? 0;
    product += (samples[index] ?? 0) * earlier;
    energy += earlier * earlier;
  }
  return product / Math.sqrt(energy);
}
