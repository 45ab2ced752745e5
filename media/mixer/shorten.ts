/** Takes one pitch period out of sound that waits, so that it is over sooner and its pitch stays. */
import { findPitch, shortestPitch } from './pitch';
import type { SampleQueue } from './sample-queue';

/** Blends the first period into the second and drops the first, unless it is longer than `most` samples. */
export function shortenByPitch(
  queue: SampleQueue,
  { sampleRateHz, most }: { readonly sampleRateHz: number; readonly most: number },
): void {
  if (most < shortestPitch(sampleRateHz)) return;
  const lag = findPitch(queue.peek(queue.length), sampleRateHz);
  if (lag > most || queue.length < lag * 2) return;
  const both = queue.peek(lag * 2);
  for (let index = 0; index < lag; index += 1) {
    const share = (index + 1) / (lag + 1);
    both[lag + index] = Math.round((both[index] ?? 0) * (1 - share) + (both[lag + index] ?? 0) * share);
  }
  queue.take(lag);
}
