/** What one member says: its packets through decoder and jitter buffer, at the mix's rate and the member's volume. */
import type { Clock } from '../../base/clock';
import { CODEC_FACTS, createDecoder } from '../codec/codecs';
import type { AudioDecoder } from '../codec/audio-codec';
import type { MediaEndpoint, StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { FRAME_MS } from '../codec/g711';
import { JitterBuffer } from './jitter-buffer';
import type { JitterBufferCounters } from './jitter-buffer';
import { createResampler } from './resampler';
import type { StreamResampler } from './resampler';

export interface MixInputOptions {
  readonly endpoint: MediaEndpoint;
  readonly codec: AudioCodec;
  /** Sound at a higher rate is not needed. Default: whatever the codec has. */
  readonly ceilingHz?: number | undefined;
  readonly clock: Clock;
  /** Digits that the peer sends (RFC 4733). */
  readonly onEvent: (packet: StreamPacket) => void;
}

export class MixInput {
  private readonly buffer: JitterBuffer;
  private readonly decoder: AudioDecoder;
  private readonly unsubscribe: () => void;
  private resampler: { readonly rateHz: number; readonly of: StreamResampler } | undefined;
  private gain = 0;

  constructor(options: MixInputOptions) {
    const { endpoint, codec, ceilingHz, clock, onEvent } = options;
    this.decoder = createDecoder(codec, ceilingHz);
    this.buffer = new JitterBuffer({ clock, decoder: this.decoder, clockRateHz: CODEC_FACTS[codec].clockRateHz });
    this.unsubscribe = endpoint.onPacket((packet) => {
      if (packet.content === 'audio') this.buffer.put(packet);
      else onEvent(packet);
    });
  }

  /** The next 20 ms at `rateHz`. The volume goes to `gain` within the frame, so that no change of it clicks. */
  pull(rateHz: number, gain: number): Int16Array {
    const native = this.buffer.pull((this.decoder.sampleRateHz * FRAME_MS) / 1000);
    if (this.resampler?.rateHz !== rateHz)
      this.resampler = { rateHz, of: createResampler(this.decoder.sampleRateHz, rateHz) };
    const samples = this.resampler.of.process(native);
    const before = this.gain;
    this.gain = gain;
    if (before === 1 && gain === 1) return samples;
    const step = (gain - before) / samples.length;
    return samples.map((sample, index) =>
      Math.max(-32_768, Math.min(32_767, Math.round(sample * (before + step * (index + 1))))),
    );
  }

  counters(): JitterBufferCounters {
    return this.buffer.counters();
  }

  /** Idempotent. */
  close(): void {
    this.unsubscribe();
    this.decoder.close();
  }
}
