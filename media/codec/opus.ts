/**
 * Opus (RFC 6716) by libopus in WebAssembly: mono speech with in-band redundancy (FEC), so that a lost packet can be had
 * from the next one. Sound is at 8 or 16 kHz here; what is above is neither mixed nor recorded, only forwarded.
 *
 * libopus-wasm makes its codecs by promise. Once {@link loadOpus} is through, one is ready in the next turn of the event
 * loop; in the turn in which it is made it encodes silence and decodes nothing.
 */
import type * as Libopus from 'libopus-wasm';
import type { OpusDecoderHandle, OpusEncoderHandle } from 'libopus-wasm';
import { invariant } from '../../base/errors';
import type { AudioDecoder, AudioEncoder } from './audio-codec';
import { OPUS_SILENCE, opusDurationMs } from './opus-packet';

export type OpusRateHz = 8000 | 16_000;

/**
 * With room for the redundancy. Complexity goes to 10; what more of it gains for speech is less than what it costs, which
 * docs/media.md has in figures.
 */
const ENCODINGS: Readonly<Record<OpusRateHz, { readonly bitrate: number; readonly complexity: number }>> = {
  8000: { bitrate: 24_000, complexity: 1 },
  16_000: { bitrate: 32_000, complexity: 2 },
};
/** Without an expected loss libopus puts no redundancy into its packets. */
const EXPECTED_LOSS_PERCENT = 10;
/** RFC 6716 section 3.4 allows no larger frame. */
const MAX_PACKET_BYTES = 1275;
/** Lost sound is made up in steps of 2.5 ms, and 20 ms at a time. */
const STEPS_PER_S = 400;
const CONCEALED_MS = 20;

/** Sounds are kept and dropped by caches; a codec that nobody has closed frees libopus's memory when it is collected. */
const forgotten = new FinalizationRegistry<{ free(): void }>((handle) => handle.free());

let loaded: typeof Libopus | undefined;

/** Compiles libopus; to be awaited before the first codec is made. Idempotent. Rejects when the package is missing. */
export async function loadOpus(): Promise<void> {
  const opus = await import('libopus-wasm');
  await opus.loadLibopus();
  loaded = opus;
}

function opusModule(): typeof Libopus {
  invariant(loaded, 'loadOpus() is through before the first Opus codec is made');
  return loaded;
}

export class OpusEncoder implements AudioEncoder {
  private handle: OpusEncoderHandle | undefined;
  private closed = false;

  constructor(readonly sampleRateHz: OpusRateHz) {
    const { Application, Signal, createEncoder } = opusModule();
    void createEncoder({
      sampleRate: sampleRateHz,
      channels: 1,
      application: Application.Voip,
      signal: Signal.Voice,
      ...ENCODINGS[sampleRateHz],
      fec: true,
      packetLossPercent: EXPECTED_LOSS_PERCENT,
    }).then((handle) => {
      if (this.closed) return handle.free();
      this.handle = handle;
      forgotten.register(this, handle, this);
    });
  }

  /** `samples` must be one of the frame sizes of Opus, such as 20 ms. */
  encode(samples: Int16Array): Buffer {
    if (!this.handle) return OPUS_SILENCE;
    const packet = this.handle.encode(samples, { frameSize: samples.length, maxPacketBytes: MAX_PACKET_BYTES });
    return Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  }

  close(): void {
    this.closed = true;
    forgotten.unregister(this);
    this.handle?.free();
    this.handle = undefined;
  }
}

export class OpusDecoder implements AudioDecoder {
  private handle: OpusDecoderHandle | undefined;
  private closed = false;
  private lastSamples: number;

  constructor(readonly sampleRateHz: OpusRateHz) {
    this.lastSamples = (sampleRateHz * CONCEALED_MS) / 1000;
    void opusModule()
      .createDecoder({ sampleRate: sampleRateHz, channels: 1 })
      .then((handle) => {
        if (this.closed) return handle.free();
        this.handle = handle;
        forgotten.register(this, handle, this);
      });
  }

  decode(payload: Buffer): Int16Array {
    const { handle } = this;
    if (!handle || opusDurationMs(payload) === 0) return new Int16Array(0);
    try {
      const samples = handle.decode(payload);
      this.lastSamples = samples.length;
      return samples;
    } catch {
      // What a peer sends may be anything: libopus refuses it, and it is no sound.
      return new Int16Array(0);
    }
  }

  /** The end of the gap comes out of `next`'s redundancy if it has any; what is before is extrapolated. */
  conceal(count: number, next?: Buffer): Int16Array {
    const { handle } = this;
    const step = this.sampleRateHz / STEPS_PER_S;
    const whole = Math.ceil(count / step) * step;
    const made = new Int16Array(whole);
    if (!handle) return made;
    const recovered = next && opusDurationMs(next) > 0 ? Math.min(whole, this.lastSamples) : 0;
    const atOnce = (this.sampleRateHz * CONCEALED_MS) / 1000;
    for (let at = 0; at < whole - recovered; at += atOnce)
      made.set(handle.decodePacketLoss(Math.min(atOnce, whole - recovered - at)), at);
    if (next && recovered > 0) made.set(this.recover(handle, next, recovered), whole - recovered);
    return made;
  }

  close(): void {
    this.closed = true;
    forgotten.unregister(this);
    this.handle?.free();
    this.handle = undefined;
  }

  private recover(handle: OpusDecoderHandle, next: Buffer, count: number): Int16Array {
    try {
      return handle.decode(next, { decodeFec: true, frameSize: count });
    } catch {
      return handle.decodePacketLoss(count);
    }
  }
}
