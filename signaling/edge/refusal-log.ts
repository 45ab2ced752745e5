/** One line a refused message, but no more than the disk can bear: floods are counted instead. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { Connection } from '../sip/connection';

export class RefusalLog {
  private windowStartMs = 0;
  private written = 0;
  private suppressed = 0;

  constructor(
    private readonly deps: { readonly clock: Clock; readonly log: Logger; readonly linesPerSecond: number },
  ) {}

  /** Writes which message was refused, and why. */
  note(reason: string, from: Connection, details: Record<string, unknown> = {}): void {
    const { clock, log, linesPerSecond } = this.deps;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.windowStartMs >= 1_000) {
      if (this.suppressed > 0) log.warn({ count: this.suppressed }, 'further SIP messages were refused');
      this.windowStartMs = nowMs;
      this.written = 0;
      this.suppressed = 0;
    }
    if (this.written >= linesPerSecond) {
      this.suppressed += 1;
      return;
    }
    this.written += 1;
    const { address, port } = from.remote;
    log.warn({ reason, protocol: from.protocol, address, port, ...details }, 'a SIP message was refused');
  }
}
