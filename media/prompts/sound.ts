/** Sound that is ready to be sent: 20 ms frames in one codec. */
import { CODEC_FACTS, createEncoder, silentFrame } from '../codec/codecs';
import { FRAME_MS } from '../codec/g711';
import { createResampler } from '../mixer/resampler';
import type { AudioCodec } from '../ports';

export interface Sound {
  readonly frameCount: number;
  /** The payload of the frame of this number, below `frameCount`. */
  frame(index: number): Buffer;
}

/**
 * Encodes samples at the codec's rate or half of it, the last frame filled up with silence. Each frame is made when it is
 * first asked for: minutes of music at once would keep all calls waiting.
 */
export function soundOf(samples: Int16Array, codec: AudioCodec, rateHz = CODEC_FACTS[codec].sampleRateHz): Sound {
  const perFrame = (rateHz * FRAME_MS) / 1000;
  const encoder = createEncoder(codec, rateHz);
  const resampler = createResampler(rateHz, encoder.sampleRateHz);
  const frames: Buffer[] = [];
  const encodeNext = (): Buffer => {
    const frame = new Int16Array(perFrame);
    frame.set(samples.subarray(frames.length * perFrame, (frames.length + 1) * perFrame));
    return encoder.encode(resampler.process(frame));
  };
  return {
    frameCount: Math.ceil(samples.length / perFrame),
    frame: (index) => {
      while (frames.length <= index) frames.push(encodeNext());
      return frames[index] ?? Buffer.alloc(0);
    },
  };
}

export function silenceOf(durationMs: number, codec: AudioCodec): Sound {
  const frame = silentFrame(codec);
  return { frameCount: Math.ceil(durationMs / FRAME_MS), frame: () => frame };
}
