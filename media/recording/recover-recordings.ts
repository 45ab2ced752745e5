/** After a crash: makes the headers of recordings that were being written agree with what is in them. */
import { open, readFile, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf } from '../../base/errors';
import { SEALED_HEADER_BYTES, readSealedHeader, wholeChunksBytes } from '../../base/sealed-file';
import { SAMPLE_RATE_HZ } from '../codec/g711';
import type { WavEncoding } from '../wav/format';
import { BYTES_PER_SAMPLE, FORMAT_TAGS } from '../wav/format';
import { WAV_HEADER_BYTES, wavHeader } from '../wav/wav-header';
import { OPEN_MARKER_SUFFIX, SEALED_SUFFIX } from './recording-path';

const CHANNELS = 2;

export type RecoveredRecording =
  | { readonly path: string; readonly outcome: 'recovered'; readonly durationMs: number; readonly sizeBytes: number }
  | { readonly path: string; readonly outcome: 'unreadable'; readonly detail: string };

/**
 * Looks through the folder for recordings left open, repairs them and takes their marks away.
 * @param owns whether what a process of this name has left is to be repaired here; those of others may still be growing.
 */
export async function recoverRecordings(
  recordingsDir: string,
  owns: (owner: string) => boolean = () => true,
): Promise<readonly RecoveredRecording[]> {
  const recovered: RecoveredRecording[] = [];
  for (const marker of await findMarkers(recordingsDir)) {
    const owner = await readFile(marker, 'utf8').catch(() => '');
    if (!owns(owner)) continue;
    const file = marker.slice(0, -OPEN_MARKER_SUFFIX.length);
    const path = relative(recordingsDir, file);
    try {
      const size = file.endsWith(SEALED_SUFFIX) ? await lookAt(file) : await repair(file);
      recovered.push({ path, outcome: 'recovered', ...size });
    } catch (error) {
      recovered.push({ path, outcome: 'unreadable', detail: messageOf(error) });
    }
    await rm(marker, { force: true });
  }
  return recovered;
}

async function findMarkers(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) found.push(...(await findMarkers(path)));
    else if (entry.isFile() && entry.name.endsWith(OPEN_MARKER_SUFFIX)) found.push(path);
  }
  return found;
}

/**
 * What is sealed needs no repair: whoever reads it finds its last whole chunk. How long it is can be said without its
 * key.
 */
async function lookAt(file: string): Promise<{ durationMs: number; sizeBytes: number }> {
  const handle = await open(file, 'r');
  try {
    const header = Buffer.alloc(SEALED_HEADER_BYTES);
    await handle.read(header, 0, header.length, 0);
    const read = readSealedHeader(header);
    if (!read.ok) throw new Error(read.fault.message);
    const sizeBytes = wholeChunksBytes((await handle.stat()).size);
    const samples = Math.max(0, sizeBytes - WAV_HEADER_BYTES) / CHANNELS;
    return { durationMs: Math.round((samples * 1000) / SAMPLE_RATE_HZ), sizeBytes };
  } finally {
    await handle.close();
  }
}

async function repair(file: string): Promise<{ durationMs: number; sizeBytes: number }> {
  const handle = await open(file, 'r+');
  try {
    const header = Buffer.alloc(WAV_HEADER_BYTES);
    await handle.read(header, 0, WAV_HEADER_BYTES, 0);
    const tag = header.readUInt16LE(20);
    const encoding = (Object.keys(FORMAT_TAGS) as WavEncoding[]).find((name) => FORMAT_TAGS[name] === tag);
    if (header.toString('latin1', 0, 4) !== 'RIFF' || !encoding) throw new Error('its header is no WAV header');
    const { size } = await handle.stat();
    const frameBytes = CHANNELS * BYTES_PER_SAMPLE[encoding];
    const frames = Math.floor((size - WAV_HEADER_BYTES) / frameBytes);
    const dataBytes = frames * frameBytes;
    await handle.truncate(WAV_HEADER_BYTES + dataBytes);
    const format = { encoding, channels: CHANNELS, sampleRateHz: SAMPLE_RATE_HZ };
    await handle.write(wavHeader(format, dataBytes), 0, WAV_HEADER_BYTES, 0);
    return { durationMs: Math.round((frames * 1000) / SAMPLE_RATE_HZ), sizeBytes: WAV_HEADER_BYTES + dataBytes };
  } finally {
    await handle.close();
  }
}
