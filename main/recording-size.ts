/** What the file of a recording that nobody closed tells about it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** 8000 bytes a second and channel, two channels: G.711 as the recorder writes it. */
const BYTES_PER_SECOND = 16_000;

/** Undefined when there is no such file. */
export const measureRecording = async (
  recordingsDir: string,
  path: string,
): Promise<{ durationMs: number; sizeBytes: number } | undefined> => {
  const file = await stat(join(recordingsDir, path)).catch(() => undefined);
  return file && { sizeBytes: file.size, durationMs: Math.round((file.size / BYTES_PER_SECOND) * 1000) };
};
