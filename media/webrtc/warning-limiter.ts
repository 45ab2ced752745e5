/**
 * Keeps warnings that come many times a second from filling the log: a browser whose leg is gone goes on sending, and
 * mediasoup warns about every packet. The first few of a kind are written each minute, then one line says how many more
 * there were.
 */
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';

const WINDOW_MS = 60_000;
const WRITTEN_PER_WINDOW = 3;
/** Kinds come from messages, which strangers can influence: any further ones share a count. */
const MAX_KINDS = 50;
const FURTHER_KINDS = 'further kinds';

interface Window {
  written: number;
  leftOut: number;
  readonly namespace: string;
}

export interface WarningLimiterDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

export class WarningLimiter {
  private readonly windows = new Map<string, Window>();
  /** Of all kinds; runs from the first warning on. */
  private minute: Timer | undefined;
  private closed = false;

  constructor(private readonly deps: WarningLimiterDeps) {}

  warn(namespace: string, message: string): void {
    const window = this.closed ? undefined : this.windowOf(namespace, message);
    if (window && window.written >= WRITTEN_PER_WINDOW) {
      window.leftOut += 1;
      return;
    }
    if (window) window.written += 1;
    this.deps.log.warn({ namespace }, message);
  }

  /** Writes the counts that are due and ends the timers; later warnings are written one by one. Idempotent. */
  close(): void {
    this.closed = true;
    this.endMinute();
  }

  private windowOf(namespace: string, message: string): Window {
    const own = kindOf(namespace, message);
    const kind = this.windows.has(own) || this.windows.size < MAX_KINDS ? own : FURTHER_KINDS;
    const known = this.windows.get(kind);
    if (known) return known;
    this.minute ??= this.deps.clock.after(WINDOW_MS, () => this.endMinute());
    const window = { written: 0, leftOut: 0, namespace };
    this.windows.set(kind, window);
    return window;
  }

  private endMinute(): void {
    this.minute?.cancel();
    this.minute = undefined;
    const windows = [...this.windows];
    this.windows.clear();
    for (const [kind, { namespace, leftOut }] of windows)
      if (leftOut > 0) this.deps.log.warn({ namespace, kind, leftOut }, 'more warnings of this kind were left out');
  }
}

/** The message without what differs from one to the next: process ids, addresses, ports, numbers. */
const kindOf = (namespace: string, message: string): string =>
  `${namespace} ${message}`.slice(0, 300).replace(/[\w.:-]*\d[\w.:-]*/g, '#');
