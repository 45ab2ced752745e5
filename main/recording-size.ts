/** What the file of a recording that nobody closed tells about it. */
import type { RecordingFiles } from '../api/ports';

const HEADER_BYTES = 58;
/** 8000 bytes a second and channel, two channels: G.711 as the recorder writes it. */
const BYTES_PER_SECOND = 16_000;

/** Undefined when there is no such file, or it cannot be read. */
export const measureRecording = async (
  recordings: RecordingFiles,
  path: string,
): Promise<{ durationMs: number; sizeBytes: number } | undefined> => {
  const file = await recordings.open(path).catch(() => undefined);
  if (!file) return undefined;
  await file.close();
  const durationMs = Math.round((Math.max(0, file.sizeBytes - HEADER_BYTES) / BYTES_PER_SECOND) * 1000);
  return { sizeBytes: file.sizeBytes, durationMs };
};
