/**
 * How long a peer may keep a stream without finishing what it began: its first message, or any message of which some
 * bytes have come. So a peer that sends a byte now and then cannot keep connections of ours for nothing.
 */
import type { Clock, Timer } from '../../../base/clock';

export interface PatienceDependencies {
  readonly clock: Clock;
  readonly limitMs: number;
  /** The peer has taken too long. */
  readonly onExhausted: () => void;
}

export class Patience {
  private waiting: Timer | undefined;

  constructor(private readonly deps: PatienceDependencies) {}

  /** Something is owed to us from now on. Does nothing while we wait already. */
  begin(): void {
    const { clock, limitMs, onExhausted } = this.deps;
    this.waiting ??= clock.after(limitMs, onExhausted);
  }

  /** It has come. */
  end(): void {
    this.waiting?.cancel();
    this.waiting = undefined;
  }
}
