/** A stream's frames as payloads: each is encoded once for each codec and volume, however many listen. */
import type { AudioEncoder } from '../codec/audio-codec';
import { CODEC_FACTS, createEncoder } from '../codec/codecs';
import { createResampler } from '../mixer/resampler';
import type { StreamResampler } from '../mixer/resampler';
import type { SoundForm } from '../prompts/sound-library';
import { louder } from './louder';
import { STREAM_RATE_HZ } from './stream-reader';

/** Listeners keep one beat, but for those who are some frames late. */
const KEPT_FRAMES = 50;

interface Encoding {
  readonly encoder: AudioEncoder;
  readonly resampler: StreamResampler;
  readonly frames: Map<number, Buffer>;
  lastUsed: number;
}

export class StreamEncodings {
  private readonly encodings = new Map<string, Encoding>();

  /** The frame of this number; those before it that nobody has asked for in this form are left out. */
  payload(number: number, frame: Int16Array, form: SoundForm): Buffer {
    const encoding = this.encodingOf(form);
    encoding.lastUsed = number;
    const known = encoding.frames.get(number);
    if (known) return known;
    const made = encoding.encoder.encode(louder(encoding.resampler.process(frame), form.gainDb));
    encoding.frames.set(number, made);
    encoding.frames.delete(number - KEPT_FRAMES);
    return made;
  }

  /** Gives back what nobody has used for a while. */
  tidy(number: number): void {
    for (const [key, { encoder, lastUsed }] of this.encodings) {
      if (number - lastUsed < KEPT_FRAMES) continue;
      encoder.close();
      this.encodings.delete(key);
    }
  }

  close(): void {
    for (const { encoder } of this.encodings.values()) encoder.close();
    this.encodings.clear();
  }

  private encodingOf({ codec, gainDb }: SoundForm): Encoding {
    const key = `${codec}:${gainDb}`;
    const known = this.encodings.get(key);
    if (known) return known;
    const encoding: Encoding = {
      encoder: createEncoder(codec),
      resampler: createResampler(STREAM_RATE_HZ, CODEC_FACTS[codec].sampleRateHz),
      frames: new Map(),
      lastUsed: 0,
    };
    this.encodings.set(key, encoding);
    return encoding;
  }
}
