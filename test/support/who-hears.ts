/** Who hears which voices, where several are heard at once: every voice is a tone of its own. */
import { toneLevelDbfs } from './spectrum';
import { until } from './wait';

/** A voice at least so loud is heard; the quietest microphone of the tests is far above. */
const HEARD_DBFS = -38;
/** A voice that is not there leaves less than this: coding noise and what concealment smears. */
const UNHEARD_DBFS = -50;
const WINDOW_MS = 400;
const TIMEOUT_MS = 10_000;

/** Pieces are measured each by itself, since sound that is caught up or concealed jumps in its phase. */
const PIECE_SAMPLES = 800;

/** Gives what was heard during the last milliseconds, at 8 kHz. */
export type Ear = (lastMs: number) => Float64Array | Promise<Float64Array>;

/**
 * Waits until an ear hears every one of these voices and not one of the others.
 * @throws Error with the level of each voice when it does not.
 */
export async function untilHears(
  ear: Ear,
  voices: Readonly<Record<string, number>>,
  heard: readonly string[],
): Promise<void> {
  let levels = '';
  const matches = async (): Promise<boolean> => {
    const samples = await ear(WINDOW_MS);
    const found = Object.entries(voices).map(([name, hz]) => ({ name, level: voiceLevelDbfs(samples, hz) }));
    levels = found.map(({ name, level }) => `${name} ${level.toFixed(0)} dBFS`).join(', ');
    const isRight = ({ name, level }: { name: string; level: number }): boolean =>
      heard.includes(name) ? level >= HEARD_DBFS : level < UNHEARD_DBFS;
    return samples.length > 0 && found.every(isRight);
  };
  try {
    await until('voices', matches, TIMEOUT_MS);
  } catch (cause) {
    throw new Error(`should hear ${heard.join(' and ') || 'nobody'}, and hears ${levels}`, { cause });
  }
}

/** A voice's average level in sound of at least 100 ms, at 8 kHz. */
export function voiceLevelDbfs(samples: Float64Array, hz: number): number {
  const pieces = Array.from({ length: Math.floor(samples.length / PIECE_SAMPLES) }, (_, index) =>
    samples.subarray(index * PIECE_SAMPLES, (index + 1) * PIECE_SAMPLES),
  );
  const power = pieces.reduce((sum, piece) => sum + 10 ** (toneLevelDbfs(piece, hz) / 10), 0);
  return 10 * Math.log10(power / pieces.length);
}
