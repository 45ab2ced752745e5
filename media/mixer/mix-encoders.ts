/**
 * Encodes each different mix once per codec, however many hear it. Codecs without a state are encoded by what is in the
 * mix at the moment; those with a state have an encoder for each set of speakers that a listener may hear.
 */
import type { AudioEncoder } from '../codec/audio-codec';
import { CODEC_FACTS, createEncoder } from '../codec/codecs';
import type { AudioCodec } from '../ports';
import { createResampler } from './resampler';
import type { StreamResampler } from './resampler';

interface EncoderGroup {
  readonly encoder: AudioEncoder;
  readonly resampler: StreamResampler;
}

interface Listener {
  readonly codec: AudioCodec;
  /** Names what this listener may hear at all. */
  readonly audience: string;
}

export interface EncodeRequest extends Listener {
  /** Names what is audible now; equal masks are equal sound. */
  readonly mask: number;
  readonly pcm: Int16Array;
}

const groupKey = ({ codec, audience }: Listener): string => `${codec} ${audience}`;

export class MixEncoders {
  private readonly groups = new Map<string, EncoderGroup>();
  private readonly encoders = new Map<AudioCodec, AudioEncoder>();
  private readonly frame = new Map<string, Buffer>();
  private rateHz = 0;

  /** Begins a frame. */
  begin(): void {
    this.frame.clear();
  }

  encode(request: EncodeRequest): Buffer {
    const { codec, mask, pcm } = request;
    const plain = this.isPlain(codec);
    const key = plain ? `${codec} ${mask}` : groupKey(request);
    const known = this.frame.get(key);
    if (known) return known;
    const payload = plain ? this.plainEncoder(codec).encode(pcm) : this.groupOf(key, codec).encode(pcm);
    this.frame.set(key, payload);
    return payload;
  }

  /** Payloads made in the present frame. */
  get encodedInFrame(): number {
    return this.frame.size;
  }

  /**
   * After a change of members: sets of speakers that nobody listens to any more lose their encoders, and new ones have
   * theirs ready before the next frame.
   * @param rateHz of the mix from now on.
   */
  arrange(listeners: readonly Listener[], rateHz: number): void {
    const kept = new Set(rateHz === this.rateHz ? listeners.map(groupKey) : []);
    this.rateHz = rateHz;
    for (const [key, { encoder }] of this.groups) {
      if (kept.has(key)) continue;
      encoder.close();
      this.groups.delete(key);
    }
    for (const listener of listeners)
      if (!this.isPlain(listener.codec)) this.groupOf(groupKey(listener), listener.codec);
  }

  close(): void {
    this.arrange([], this.rateHz);
    for (const encoder of this.encoders.values()) encoder.close();
    this.encoders.clear();
  }

  private isPlain(codec: AudioCodec): boolean {
    const { stateless, sampleRateHz } = CODEC_FACTS[codec];
    return stateless && sampleRateHz === this.rateHz;
  }

  private plainEncoder(codec: AudioCodec): AudioEncoder {
    const known = this.encoders.get(codec);
    if (known) return known;
    const encoder = createEncoder(codec);
    this.encoders.set(codec, encoder);
    return encoder;
  }

  private groupOf(key: string, codec: AudioCodec): { encode(pcm: Int16Array): Buffer } {
    let group = this.groups.get(key);
    if (!group) {
      const encoder = createEncoder(codec, this.rateHz);
      group = { encoder, resampler: createResampler(this.rateHz, encoder.sampleRateHz) };
      this.groups.set(key, group);
    }
    const { encoder, resampler } = group;
    return { encode: (pcm) => encoder.encode(resampler.process(pcm)) };
  }
}
