/**
 * Ways to peers whose connections have ended with the process that held them. What is sent waits until there is a
 * connection again: one that the peer opens, as browsers do, or one that we open.
 */
import type { Clock, Timer } from '../../../base/clock';
import type { Result } from '../../../base/result';
import { fail } from '../../../base/result';
import type { Connection } from '../../sip/connection';
import type { StreamConnection } from '../transport/stream-table';
import type { WrittenFlow } from './call-journal';

/** Who has not come back by then has given up, too. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 1_000;

export interface PatientStreamsDependencies {
  readonly clock: Clock;
  readonly hops: { toUri(uri: string): Promise<Result<Connection>> };
}

export class PatientStreams {
  private readonly waiting = new Map<Timer, () => void>();
  private closed = false;

  constructor(private readonly deps: PatientStreamsDependencies) {}

  /** @param uri leads to the peer of that connection. Its `send` resolves when the bytes have gone, or nobody came. */
  toward(flow: WrittenFlow, uri: string): StreamConnection {
    return {
      ...flow,
      reliable: true,
      // Whoever looks for the way itself does not take this one.
      closed: true,
      send: (bytes) => this.send(uri, bytes),
      close: () => undefined,
    };
  }

  /** What waits is given up. Idempotent. */
  close(): void {
    this.closed = true;
    for (const [timer, wake] of this.waiting) {
      timer.cancel();
      wake();
    }
    this.waiting.clear();
  }

  private async send(uri: string, bytes: Buffer): Promise<Result<void>> {
    const { clock, hops } = this.deps;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const hop = await hops.toUri(uri);
      if (this.closed) return fail('closed', 'the edge was closed');
      const sent = hop.ok ? await hop.value.send(bytes) : hop;
      if (sent.ok || this.closed || clock.monotonicMs() >= untilMs) return sent;
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.deps.clock.after(RETRY_MS, () => {
        this.waiting.delete(timer);
        resolve();
      });
      this.waiting.set(timer, resolve);
    });
  }
}
