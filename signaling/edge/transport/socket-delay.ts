/**
 * How long a datagram waits in our socket's buffer until we read it. Nothing tells, so we send ourselves one now and then
 * and see how long it takes: the buffer may hold the messages of a second, and all of them are late by that.
 */
import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../../base/clock';

const PERIOD_MS = 50;

/** One that has not come after this was lost, as the buffer was full. */
const LOST_MS = 2_000;

const TOKEN_BYTES = 15;

export class SocketDelay {
  /** Begins with a zero, which no SIP message does; nobody else can guess the rest. */
  private readonly probe = Buffer.concat([Buffer.alloc(1), randomBytes(TOKEN_BYTES)]);
  private readonly timer: Timer;
  private sentAtMs: number | undefined;
  private lastMs = 0;

  /** @param deps `send` sends a datagram to our own socket. */
  constructor(private readonly deps: { readonly clock: Clock; readonly send: (bytes: Buffer) => void }) {
    this.timer = deps.clock.every(PERIOD_MS, () => this.probeOnce());
  }

  /** The latest delay that is known, in ms; while a probe is still under way, at least how long it has been. */
  get delayMs(): number {
    const underWayMs = this.sentAtMs === undefined ? 0 : this.deps.clock.monotonicMs() - this.sentAtMs;
    return Math.max(this.lastMs, underWayMs);
  }

  /** Whether the datagram was ours, and nobody else need look at it. */
  takes(datagram: Buffer): boolean {
    if (datagram.length !== this.probe.length || !datagram.equals(this.probe)) return false;
    if (this.sentAtMs !== undefined) this.lastMs = this.deps.clock.monotonicMs() - this.sentAtMs;
    this.sentAtMs = undefined;
    return true;
  }

  close(): void {
    this.timer.cancel();
  }

  private probeOnce(): void {
    const nowMs = this.deps.clock.monotonicMs();
    if (this.sentAtMs !== undefined && nowMs - this.sentAtMs < LOST_MS) return;
    this.sentAtMs = nowMs;
    this.deps.send(this.probe);
  }
}
