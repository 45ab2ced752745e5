/** A WAV file that does not end: its header, then samples for as long as they come. */
import type { PlainSound } from '../wav/read-sound';
import { BYTES_PER_SAMPLE } from '../wav/format';
import { frameCount, monoPart, readWav } from '../wav/wav-reader';
import type { WavFile } from '../wav/wav-reader';
import type { StreamDecoder } from './stream-decoder';

/** Headers are short; whoever hides the samples behind more has no sound to give. */
const MAX_HEADER_BYTES = 64 * 1024;
const PIECE_MS = 40;

export class WavStreamDecoder implements StreamDecoder {
  skippedBytes = 0;
  private format: Omit<WavFile, 'data'> | undefined;
  private rest: Buffer = Buffer.alloc(0);

  *decode(chunk: Buffer): Generator<PlainSound> {
    if (!this.format) this.skippedBytes += chunk.length;
    const data = Buffer.concat([this.rest, chunk]);
    const wav = this.wavOf(data);
    if (!wav) return;
    const pieceFrames = Math.ceil((wav.sampleRateHz * PIECE_MS) / 1000);
    const frames = frameCount(wav);
    for (let from = 0; from < frames; from += pieceFrames) {
      const samples = monoPart(wav, from, Math.min(frames, from + pieceFrames));
      yield { samples, sampleRateHz: wav.sampleRateHz };
    }
  }

  close(): void {
    this.rest = Buffer.alloc(0);
  }

  /** The samples that are whole; what is left of one waits for the next chunk. */
  private wavOf(data: Buffer): WavFile | undefined {
    if (!this.format) return this.begin(data);
    const { channels, encoding } = this.format;
    const whole = data.length - (data.length % (channels * BYTES_PER_SAMPLE[encoding]));
    this.rest = data.subarray(whole);
    return { ...this.format, data: data.subarray(0, whole) };
  }

  private begin(data: Buffer): WavFile | undefined {
    const read = readWav(data);
    if (!read.ok) {
      this.rest = data.length > MAX_HEADER_BYTES ? Buffer.alloc(0) : data;
      return undefined;
    }
    this.skippedBytes = 0;
    const { data: samples, ...format } = read.value;
    this.format = format;
    this.rest = data.subarray(samples.byteOffset - data.byteOffset + samples.length);
    return read.value;
  }
}
