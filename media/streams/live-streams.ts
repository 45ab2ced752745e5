/** All streams of a media process, by their addresses. */
import type { Clock } from '../../base/clock';
import { TypedEmitter } from '../../base/emitter';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { LiveStream } from './live-stream';
import type { StreamNotice } from './live-stream';

/** At a time. One more is not heard: its listeners have their other music. */
const MAX_STREAMS = 16;
export const STREAM_URL = /^https?:\/\/\S{1,1990}$/;

export interface LiveStreamsOptions {
  /** How long a stream may be away before it is told. */
  readonly awayAlarmMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export class LiveStreams {
  private readonly streams = new Map<string, LiveStream>();
  private isClosed = false;
  private readonly events: TypedEmitter<{ notice: [StreamNotice] }>;

  constructor(private readonly options: LiveStreamsOptions) {
    this.events = new TypedEmitter(options.log);
  }

  onNotice(listener: (notice: StreamNotice) => void): () => void {
    return this.events.on('notice', listener);
  }

  /**
   * The stream at an address, to be asked for each time that somebody begins to listen. Fails with `bad_input` for what is
   * no address of the web, with `overloaded` for one too many, and with `closed`.
   */
  at(url: string): Result<LiveStream> {
    if (!STREAM_URL.test(url) || !URL.canParse(url))
      return fail('bad_input', 'a stream begins with http:// or https://');
    if (this.isClosed) return fail('closed', 'no streams are heard any more');
    const known = this.streams.get(url);
    if (known) return ok(known);
    for (const [other, stream] of this.streams) if (stream.isIdle) this.streams.delete(other);
    if (this.streams.size >= MAX_STREAMS) return fail('overloaded', `there are ${MAX_STREAMS} streams already`);
    const onNotice = (notice: StreamNotice): void => this.events.emit('notice', notice);
    const stream = new LiveStream({ url, ...this.options, onNotice });
    this.streams.set(url, stream);
    return ok(stream);
  }

  /** Ends all connections. Idempotent. */
  close(): void {
    this.isClosed = true;
    for (const stream of this.streams.values()) stream.close();
    this.streams.clear();
    this.events.removeAll();
  }
}
