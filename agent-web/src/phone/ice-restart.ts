/**
 * Looks for a new way when the old one is lost, as after a change of network: an ICE restart by re-INVITE (RFC 8445, 2.4),
 * again and again until the connection is there or the server has given the call up.
 */
import type { Clock, Timer } from '../../../base/clock';

interface Options {
  readonly clock: Clock;
  readonly state: () => RTCPeerConnectionState;
  /** Sends the re-INVITE; rejects when it cannot be sent or is refused. */
  readonly restart: () => Promise<void>;
}

/** Some seconds of loss are forgiven: checks may still come through. */
const PATIENCE_MS = 1_500;
const RETRY_MS = 3_000;
/** The server waits for about 20 s. */
const MAX_ATTEMPTS = 8;

export class IceRestart {
  private timer: Timer | undefined;
  private attempts = 0;
  private closed = false;

  constructor(private readonly options: Options) {}

  /** The state of the peer connection has changed. */
  stateChanged(state: RTCPeerConnectionState): void {
    if (state === 'connected') this.settle();
    else if (state === 'disconnected') this.tryAfter(PATIENCE_MS);
    else if (state === 'failed') this.tryAfter(0);
  }

  /** The machine has got another network: the old way may look alive for a while and be dead. */
  networkChanged(): void {
    this.attempts = 0;
    this.tryAfter(0);
  }

  /** Idempotent. */
  close(): void {
    this.closed = true;
    this.settle();
  }

  private settle(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.attempts = 0;
  }

  private tryAfter(delayMs: number): void {
    if (this.closed || this.attempts >= MAX_ATTEMPTS) return;
    this.timer?.cancel();
    this.timer = this.options.clock.after(delayMs, () => {
      this.attempts += 1;
      void this.options.restart().catch(() => undefined);
      this.timer = this.options.clock.after(RETRY_MS, () => {
        if (this.options.state() !== 'connected') this.tryAfter(0);
      });
    });
  }
}
