/**
 * A consistent view of a WAV file that is still written, or whose writer died: its length is frozen when it is opened,
 * and a header whose sizes do not fit that length is corrected in the copy that is sent.
 *
 * ```
 *  0 'RIFF'  4 file size - 8  8 'WAVE'  { id(4) size(4) payload, padded to even }…  'data' size(4) samples…
 * ```
 */
import type { RecordingFile } from '../ports';

/** Every header of ours is far shorter; what does not name its data chunk in here is sent as it is. */
const MAX_HEADER_BYTES = 4096;
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const BLOCK_ALIGN_OFFSET = 12;

export interface WavSnapshot {
  readonly sizeBytes: number;
  /** Bytes that replace the file's first ones; empty when the file is right as it is. */
  readonly header: Buffer;
}

interface DataChunk {
  readonly sizeOffset: number;
  readonly samplesOffset: number;
  readonly blockBytes: number;
}

const findDataChunk = (header: Buffer): DataChunk | undefined => {
  if (header.length < RIFF_HEADER_BYTES) return undefined;
  if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let blockBytes = 1;
  let at = RIFF_HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES <= header.length) {
    const id = header.toString('latin1', at, at + 4);
    const payload = at + CHUNK_HEADER_BYTES;
    if (id === 'data') return { sizeOffset: at + 4, samplesOffset: payload, blockBytes };
    if (id === 'fmt ' && payload + BLOCK_ALIGN_OFFSET + 2 <= header.length) {
      blockBytes = Math.max(1, header.readUInt16LE(payload + BLOCK_ALIGN_OFFSET));
    }
    const sizeBytes = header.readUInt32LE(at + 4);
    at = payload + sizeBytes + (sizeBytes % 2);
  }
  return undefined;
};

export const wavSnapshot = async (file: RecordingFile): Promise<WavSnapshot> => {
  const header = await file.read(0, Math.min(MAX_HEADER_BYTES, file.sizeBytes));
  const asItIs: WavSnapshot = { sizeBytes: file.sizeBytes, header: Buffer.alloc(0) };
  const data = findDataChunk(header);
  if (!data || header.readUInt32LE(4) + 8 === file.sizeBytes) return asItIs;
  const samplesBytes = file.sizeBytes - data.samplesOffset;
  const wholeBytes = samplesBytes - (samplesBytes % data.blockBytes);
  const sizeBytes = data.samplesOffset + wholeBytes;
  const corrected = Buffer.from(header.subarray(0, data.samplesOffset));
  corrected.writeUInt32LE(sizeBytes - 8, 4);
  corrected.writeUInt32LE(wholeBytes, data.sizeOffset);
  return { sizeBytes, header: corrected };
};
