/** Sound that is ready to be sent: 20 ms frames in one codec. */
import { CODEC_FACTS, createEncoder, silentFrame } from '../codec/codecs';
import type { AudioEncoder } from '../codec/audio-codec';
import { FRAME_MS } from '../codec/g711';
import type { AudioCodec } from '../ports';

export interface Sound {
  readonly frameCount: number;
  /** The payload of the frame of this number, below `frameCount`. */
  frame(index: number): Buffer;
  /** Somebody has stopped playing it: what only the making of further frames needs is given back. Frames stay. */
  rest(): void;
}

/** A codec with a state is led through so many frames before one that does not follow the frame made last. */
const PRE_ROLL_FRAMES = 5;

const samplesPerFrame = (codec: AudioCodec): number => (CODEC_FACTS[codec].sampleRateHz * FRAME_MS) / 1000;

/**
 * Encodes samples at the codec's own rate, the last frame filled up with silence. Each frame is made when it is first
 * asked for and kept: minutes of music at once would keep all calls waiting.
 */
export class EncodedSound implements Sound {
  readonly frameCount: number;
  private readonly frames: (Buffer | undefined)[] = [];
  private encoder: AudioEncoder | undefined;
  /** The frame that the encoder would make next. */
  private next = 0;

  constructor(
    private readonly samples: Int16Array,
    private readonly codec: AudioCodec,
  ) {
    this.frameCount = Math.ceil(samples.length / samplesPerFrame(codec));
  }

  frame(index: number): Buffer {
    return (this.frames[index] ??= this.encode(index));
  }

  rest(): void {
    this.encoder?.close();
    this.encoder = undefined;
  }

  private encode(index: number): Buffer {
    if (!this.encoder || this.next !== index) this.leadTo(index);
    this.encoder ??= createEncoder(this.codec);
    this.next = index + 1;
    return this.encoder.encode(this.pcmOf(index));
  }

  /** After a jump the encoder begins anew, a little before the frame that is wanted. */
  private leadTo(index: number): void {
    this.rest();
    if (CODEC_FACTS[this.codec].stateless) return;
    this.encoder = createEncoder(this.codec);
    for (let at = Math.max(0, index - PRE_ROLL_FRAMES); at < index; at += 1) this.encoder.encode(this.pcmOf(at));
  }

  private pcmOf(index: number): Int16Array {
    const perFrame = samplesPerFrame(this.codec);
    const part = this.samples.subarray(index * perFrame, (index + 1) * perFrame);
    if (part.length === perFrame) return part;
    const frame = new Int16Array(perFrame);
    frame.set(part);
    return frame;
  }
}

export function silenceOf(durationMs: number, codec: AudioCodec): Sound {
  const frame = silentFrame(codec);
  return { frameCount: Math.ceil(durationMs / FRAME_MS), frame: () => frame, rest: () => undefined };
}

/** A sound without an end that is heard, cut off after so long. */
export function repeated(sound: Sound, durationMs: number): Sound {
  return {
    frameCount: Math.ceil(durationMs / FRAME_MS),
    frame: (index) => sound.frame(index % sound.frameCount),
    rest: () => sound.rest(),
  };
}
