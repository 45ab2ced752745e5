/**
 * A radio for callers who wait: one connection and one decoder for each address, however many listen, and only while
 * somebody does. When it is lost it is looked for again, ever more slowly; whoever listens hears something else meanwhile.
 *
 * ```
 * idle ──first listener──► reading ──connection lost──► pausing ──time is over──► reading
 *   ▲───────────────── nobody has listened for a while ─────────────────┘
 * ```
 */
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { SoundForm } from '../prompts/sound-library';
import { StreamBuffer } from './stream-buffer';
import { StreamEncodings } from './stream-encodings';
import { readStream } from './stream-reader';

/** Who comes back soon finds the connection that was there. */
const GRACE_MS = 30_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Listeners keep one beat; one that is later than so many frames goes on with the others. */
const KEPT_FRAMES = 50;

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'reading'; readonly abort: AbortController }
  | { readonly name: 'pausing'; readonly timer: Timer };

export interface StreamNotice {
  readonly url: string;
  /** `away`: for as long as is to be told, while somebody listens; `back`: after that. */
  readonly state: 'away' | 'back';
  readonly detail: string;
}

export interface LiveStreamOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly awayAlarmMs: number;
  readonly onNotice: (notice: StreamNotice) => void;
}

export interface StreamListener {
  /** The next 20 ms; undefined while the stream is away. */
  next(form: SoundForm): Buffer | undefined;
  /** Idempotent. */
  leave(): void;
}

export class LiveStream {
  private state: State = { name: 'idle' };
  private readonly buffer = new StreamBuffer();
  private readonly encodings = new StreamEncodings();
  private readonly frames = new Map<number, Int16Array>();
  /** Number of the frame that is taken next. */
  private head = 0;
  private readonly listeners = new Set<StreamListener>();
  private grace: Timer | undefined;
  private alarm: Timer | undefined;
  private isTold = false;
  private pauseMs = FIRST_PAUSE_MS;
  private fault = 'it has not begun yet';

  constructor(private readonly options: LiveStreamOptions) {}

  get isIdle(): boolean {
    return this.state.name === 'idle';
  }

  listen(): StreamListener {
    let at: number | undefined;
    const listener: StreamListener = {
      next: (form) => {
        at = Math.max(at ?? this.head, this.head - KEPT_FRAMES + 1);
        const frame = this.frameAt(at);
        return frame && this.encodings.payload(at++, frame, form);
      },
      leave: () => this.left(listener),
    };
    this.listeners.add(listener);
    this.grace?.cancel();
    this.grace = undefined;
    if (this.state.name === 'idle') this.read();
    if (!this.buffer.isFlowing) this.watch();
    return listener;
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    const { state } = this;
    this.state = { name: 'idle' };
    if (state.name === 'reading') state.abort.abort();
    if (state.name === 'pausing') state.timer.cancel();
    this.grace?.cancel();
    this.alarm?.cancel();
    [this.grace, this.alarm] = [undefined, undefined];
    this.buffer.clear();
    this.frames.clear();
    this.encodings.close();
    this.pauseMs = FIRST_PAUSE_MS;
  }

  private left(listener: StreamListener): void {
    if (!this.listeners.delete(listener) || this.listeners.size > 0) return;
    this.alarm?.cancel();
    this.alarm = undefined;
    this.grace = this.options.clock.after(GRACE_MS, () => this.close());
  }

  private frameAt(number: number): Int16Array | undefined {
    const known = this.frames.get(number);
    if (known) return known;
    const frame = this.buffer.take();
    if (!frame) {
      this.watch();
      return undefined;
    }
    this.flows();
    this.head = number + 1;
    this.frames.set(number, frame);
    this.frames.delete(number - KEPT_FRAMES);
    if (number % KEPT_FRAMES === 0) this.encodings.tidy(number);
    return frame;
  }

  private read(): void {
    const abort = new AbortController();
    const state: State = { name: 'reading', abort };
    this.state = state;
    const { url, clock, log } = this.options;
    // What a connection that was closed still had in hand is not heard in the next one.
    const onSound = (samples: Int16Array): Promise<void> =>
      this.state === state ? this.buffer.push(samples) : Promise.resolve();
    void readStream({ url, clock, signal: abort.signal, onSound }).then(({ fault }) => {
      if (this.state !== state) return;
      this.fault = fault.message;
      log.warn({ stream: shownUrl(url), reason: fault.message, againInMs: this.pauseMs }, 'a music stream was lost');
      this.state = { name: 'pausing', timer: clock.after(this.pauseMs, () => this.read()) };
      this.pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * this.pauseMs);
    });
  }

  /** There is nothing to hear: after a while that is told. */
  private watch(): void {
    if (this.alarm || this.isTold || this.listeners.size === 0) return;
    const { clock, awayAlarmMs, onNotice, url } = this.options;
    this.alarm = clock.after(awayAlarmMs, () => {
      this.alarm = undefined;
      this.isTold = true;
      onNotice({ url: shownUrl(url), state: 'away', detail: this.fault });
    });
  }

  private flows(): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.alarm?.cancel();
    this.alarm = undefined;
    if (!this.isTold) return;
    this.isTold = false;
    this.options.onNotice({ url: shownUrl(this.options.url), state: 'back', detail: '' });
  }
}

/** Without what may be a secret: it goes into the log and into alarms. */
export const shownUrl = (url: string): string => {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
};
