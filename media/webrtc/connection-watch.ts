/**
 * Whether a browser can be reached, concluded from mediasoup's ICE and DTLS states.
 *
 *   waiting ──browser known──► connecting ──ICE and DTLS up──► connected ◄──ICE up── interrupted
 *                                  │                              └──ICE down, DTLS closed──►┘
 *                                  └──────too long, DTLS failed──► ended ◄──────too long──────┘
 */
import type { types } from 'mediasoup';
import type { Clock, Timer } from '../../base/clock';

export type LossReason = 'ice-failed' | 'dtls-failed';

export interface ConnectionWatchOptions {
  readonly clock: Clock;
  /** Called once, when sound can flow for the first time. */
  readonly onConnected: () => void;
  /** Called once; the watch has ended then. */
  readonly onLost: (reason: LossReason) => void;
}

/** From the browser's SDP to a complete handshake. */
const CONNECT_PATIENCE_MS = 15_000;
/** A network change takes the browser some seconds; ICE checks or an ICE restart bring it back. */
const INTERRUPTION_PATIENCE_MS = 10_000;
/** A browser that hangs up closes DTLS too: its BYE may be just behind. */
const FAREWELL_PATIENCE_MS = 2_000;

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'connecting'; readonly patience: Timer }
  | { readonly kind: 'connected' }
  | { readonly kind: 'interrupted'; readonly by: LossReason; readonly patience: Timer }
  | { readonly kind: 'ended' };

export class ConnectionWatch {
  private state: State = { kind: 'waiting' };
  private ice: types.IceState = 'new';
  private dtls: types.DtlsState = 'new';
  private everConnected = false;

  constructor(private readonly options: ConnectionWatchOptions) {}

  get connected(): boolean {
    return this.state.kind === 'connected';
  }

  /** The browser's SDP has come: from now on it must connect within bounded time. */
  browserKnown(): void {
    if (this.state.kind !== 'waiting') return;
    const patience = this.options.clock.after(CONNECT_PATIENCE_MS, () =>
      this.lose(this.iceUp ? 'dtls-failed' : 'ice-failed'),
    );
    this.enter({ kind: 'connecting', patience });
    this.reconsider();
  }

  iceChanged(state: types.IceState): void {
    this.ice = state;
    this.reconsider();
  }

  dtlsChanged(state: types.DtlsState): void {
    this.dtls = state;
    this.reconsider();
  }

  /** Stops all timers; nothing is reported any more. Idempotent. */
  close(): void {
    this.enter({ kind: 'ended' });
  }

  private get iceUp(): boolean {
    return this.ice === 'connected' || this.ice === 'completed';
  }

  private reconsider(): void {
    if (this.state.kind === 'ended' || this.state.kind === 'waiting') return;
    if (this.dtls === 'failed') this.lose('dtls-failed');
    else if (this.dtls === 'closed') this.interrupt('dtls-failed', FAREWELL_PATIENCE_MS);
    else if (this.dtls === 'connected' && this.iceUp) this.connect();
    else if (this.everConnected) this.interrupt('ice-failed', INTERRUPTION_PATIENCE_MS);
  }

  private connect(): void {
    if (this.state.kind === 'connected') return;
    this.enter({ kind: 'connected' });
    if (this.everConnected) return;
    this.everConnected = true;
    this.options.onConnected();
  }

  private interrupt(by: LossReason, patienceMs: number): void {
    if (this.state.kind === 'interrupted' && this.state.by === by) return;
    this.enter({ kind: 'interrupted', by, patience: this.options.clock.after(patienceMs, () => this.lose(by)) });
  }

  private lose(reason: LossReason): void {
    this.enter({ kind: 'ended' });
    this.options.onLost(reason);
  }

  private enter(state: State): void {
    if (this.state.kind === 'connecting' || this.state.kind === 'interrupted') this.state.patience.cancel();
    this.state = state;
  }
}
