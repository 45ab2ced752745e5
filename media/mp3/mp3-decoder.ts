/**
 * MP3 by mpg123 in WebAssembly, frame by frame: at most 1152 samples at a time, so that whoever decodes may let others
 * have their turn in between. What is no frame never gets to mpg123, which has memory of its own and no way out of it.
 */
import type { MPEGDecoder } from 'mpg123-decoder';
import type { PlainSound } from '../wav/read-sound';
import { Mp3FrameSplitter } from './frame-splitter';

export class Mp3Decoder {
  private readonly splitter = new Mp3FrameSplitter();

  private constructor(private readonly decoder: MPEGDecoder) {}

  /** Rejects when the package is missing. */
  static async open(): Promise<Mp3Decoder> {
    const { MPEGDecoder } = await import('mpg123-decoder');
    // Frames are cut out of a stream that runs: there is no beginning whose padding could be left out.
    const decoder = new MPEGDecoder({ enableGapless: false });
    await decoder.ready;
    return new Mp3Decoder(decoder);
  }

  /** Bytes in a row that were no MP3. */
  get skippedBytes(): number {
    return this.splitter.skippedBytes;
  }

  /** One after the other, as they are asked for; of one channel. */
  *decode(chunk: Buffer): Generator<PlainSound> {
    for (const frame of this.splitter.push(chunk)) {
      const { channelData, samplesDecoded, sampleRate } = this.decoder.decodeFrame(frame);
      if (samplesDecoded > 0) yield { samples: mono(channelData, samplesDecoded), sampleRateHz: sampleRate };
    }
  }

  /** Gives the memory back. To be called once. */
  close(): void {
    this.decoder.free();
  }
}

/** mpg123 gives one channel twice. */
function mono([left, right = left]: readonly Float32Array[], count: number): Int16Array {
  const samples = new Int16Array(count);
  for (let at = 0; at < count; at += 1) {
    const sum = ((left?.[at] ?? 0) + (right?.[at] ?? 0)) / 2;
    samples[at] = Math.max(-32_768, Math.min(32_767, Math.round(sum * 32_768)));
  }
  return samples;
}
