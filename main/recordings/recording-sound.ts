/** Tracks and outlines of recordings for the API; outlines are remembered. */
import { ok } from '../../base/result';
import { peaksOf, singleTrack } from '../../media/recording/stereo-wav';
import type { Peaks } from '../../media/recording/stereo-wav';
import type { RecordingSound } from '../../api/ports';

const MOST_REMEMBERED = 200;

export const createRecordingSound = (): RecordingSound => {
  /** The one asked for last comes last. In memory alone: they tell a little of what is encrypted on the disk. */
  const remembered = new Map<string, Peaks>();
  return {
    async track(file, track) {
      const single = await singleTrack(file, track);
      if (!single.ok) return single;
      const { modifiedAtMs, version } = file;
      const { sizeBytes, read } = single.value;
      return ok({ sizeBytes, modifiedAtMs, version: `${version}-${track}`, read, close: () => file.close() });
    },
    async peaks(file, points) {
      const name = `${file.version}:${file.sizeBytes}:${points}`;
      const known = remembered.get(name);
      if (known) {
        remembered.delete(name);
        remembered.set(name, known);
        return ok(known);
      }
      const peaks = await peaksOf(file, points);
      if (!peaks.ok) return peaks;
      remembered.set(name, peaks.value);
      for (const oldest of remembered.keys()) {
        if (remembered.size <= MOST_REMEMBERED) break;
        remembered.delete(oldest);
      }
      return peaks;
    },
  };
};
