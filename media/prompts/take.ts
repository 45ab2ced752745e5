/**
 * One party's voice, taken from when it is asked for: packets are put where their timestamps say, so that jitter and
 * disorder are not heard, and become a WAV file at the end.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AudioDecoder } from '../codec/audio-codec';
import { CODEC_FACTS, createDecoder } from '../codec/codecs';
import type { MediaEndpoint, StreamPacket } from '../endpoint/endpoint';
import type { AudioCodec } from '../ports';
import { timestampDistance } from '../rtp/sequence';
import { pcm16Bytes, writeWav } from '../wav/wav-header';

/** A stream whose timestamps leap further than this has begun anew. */
const MAX_LEAP_MS = 2000;

export interface TakeOptions {
  readonly endpoint: MediaEndpoint;
  readonly codec: AudioCodec;
  readonly maxMs: number;
  readonly clock: Clock;
  /** Told once when it is as long as it may be; {@link Take.finish} still has to be called. */
  readonly onFull: () => void;
}

export class Take {
  private readonly decoder: AudioDecoder;
  private readonly samples: Int16Array;
  private readonly timer: Timer;
  private readonly unsubscribe: () => void;
  private last: { readonly sourceId: number; readonly timestamp: number; readonly position: number } | undefined;
  private end = 0;

  constructor(private readonly options: TakeOptions) {
    const { endpoint, codec, clock, maxMs, onFull } = options;
    this.decoder = createDecoder(codec);
    this.samples = new Int16Array((maxMs * this.decoder.sampleRateHz) / 1000);
    this.unsubscribe = endpoint.onPacket((packet) => this.onPacket(packet));
    this.timer = clock.after(maxMs, () => {
      this.unsubscribe();
      onFull();
    });
  }

  get endpointId(): EndpointId {
    return this.options.endpoint.id;
  }

  /** Writes the file; its length in milliseconds. Fails with `bad_input` when nothing came, else with `unavailable`. */
  async finish(file: string): Promise<Result<number>> {
    this.close();
    const { sampleRateHz } = this.decoder;
    if (this.end === 0) return fail('bad_input', 'no sound came while it was taken');
    const format = { encoding: 'pcm16', channels: 1, sampleRateHz } as const;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, writeWav(format, pcm16Bytes(this.samples.subarray(0, this.end))), { mode: 0o640 });
      return ok(Math.round((this.end * 1000) / sampleRateHz));
    } catch (error) {
      return fail('unavailable', `what was taken could not be written: ${messageOf(error)}`, error);
    }
  }

  /** Idempotent. */
  close(): void {
    this.timer.cancel();
    this.unsubscribe();
    this.decoder.close();
  }

  private onPacket({ content, sourceId, timestamp, payload }: StreamPacket): void {
    if (content !== 'audio') return;
    const position = this.positionOf(sourceId, timestamp);
    const sound = this.decoder.decode(payload);
    this.last = { sourceId, timestamp, position };
    const room = this.samples.length - position;
    if (position < 0 || room <= 0) return;
    this.samples.set(sound.subarray(0, room), position);
    this.end = Math.max(this.end, Math.min(this.samples.length, position + sound.length));
  }

  /** In samples from the beginning; a new stream goes on where the sound has come to. */
  private positionOf(sourceId: number, timestamp: number): number {
    const { last } = this;
    if (last?.sourceId !== sourceId) return this.end;
    const { clockRateHz } = CODEC_FACTS[this.options.codec];
    const units = timestampDistance(last.timestamp, timestamp);
    if (Math.abs(units) > (MAX_LEAP_MS * clockRateHz) / 1000) return this.end;
    return last.position + Math.round((units * this.decoder.sampleRateHz) / clockRateHz);
  }
}
