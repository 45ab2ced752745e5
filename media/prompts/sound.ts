/** Sound that is ready to be sent: 20 ms frames in one codec. */
import { FRAME_MS, FRAME_SAMPLES, SILENCE_BYTE } from '../codec/g711';
import type { AudioCodec } from '../ports';

export interface Sound {
  readonly frameCount: number;
  /** The frame of this number, of 160 bytes. */
  frame(index: number): Buffer;
}

/** Cuts G.711 bytes into frames; the last one is filled up with silence. */
export function soundOf(bytes: Buffer, codec: AudioCodec): Sound {
  const frameCount = Math.ceil(bytes.length / FRAME_SAMPLES);
  const whole = Buffer.alloc(frameCount * FRAME_SAMPLES, SILENCE_BYTE[codec]);
  bytes.copy(whole);
  return {
    frameCount,
    frame: (index) => whole.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
  };
}

export function silenceOf(durationMs: number, codec: AudioCodec): Sound {
  const frame = Buffer.alloc(FRAME_SAMPLES, SILENCE_BYTE[codec]);
  return { frameCount: Math.ceil(durationMs / FRAME_MS), frame: () => frame };
}
