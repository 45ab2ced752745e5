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

  /** Begins a frame at this rate of the mix. */
  begin(rateHz: number): void {
    this.frame.clear();
    if (rateHz !== this.rateHz) this.keepGroups([]);
    this.rateHz = rateHz;
  }

  encode(request: EncodeRequest): Buffer {
    const { codec, mask } = request;
    const { stateless, sampleRateHz } = CODEC_FACTS[codec];
    const plain = stateless && sampleRateHz === this.rateHz;
    const key = plain ? `${codec} ${mask}` : groupKey(request);
    const known = this.frame.get(key);
    if (known) return known;
    const payload = plain ? this.plainEncoder(codec).encode(request.pcm) : this.encodeFor(key, request);
    this.frame.set(key, payload);
    return payload;
  }

  /** Payloads made in the present frame. */
  get encodedInFrame(): number {
    return this.frame.size;
  }

  /** After a change of members: sets of speakers that nobody listens to any more lose their encoders. */
  keepGroups(listeners: readonly Listener[]): void {
    const kept = new Set(listeners.map(groupKey));
    for (const [key, { encoder }] of this.groups) {
      if (kept.has(key)) continue;
      encoder.close();
      this.groups.delete(key);
    }
  }

  close(): void {
    this.keepGroups([]);
    for (const encoder of this.encoders.values()) encoder.close();
    this.encoders.clear();
  }

  private plainEncoder(codec: AudioCodec): AudioEncoder {
    const known = this.encoders.get(codec);
    if (known) return known;
    const encoder = createEncoder(codec);
    this.encoders.set(codec, encoder);
    return encoder;
  }

  private encodeFor(key: string, { codec, pcm }: EncodeRequest): Buffer {
    let group = this.groups.get(key);
    if (!group) {
      const encoder = createEncoder(codec);
      group = { encoder, resampler: createResampler(this.rateHz, encoder.sampleRateHz) };
      this.groups.set(key, group);
    }
    return group.encoder.encode(group.resampler.process(pcm));
  }
}
