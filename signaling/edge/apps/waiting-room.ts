/** Requests that arrive while an app is expected back: they wait for it a moment, instead of being refused. */
import type { Clock, Timer } from '../../../base/clock';
import type { ServerTransaction } from '../../sip/transaction/types';

export interface WaitingRoomOptions {
  readonly clock: Clock;
  /** Of an INVITE, whose caller has been told that it has arrived. */
  readonly invitePatienceMs: number;
  /** Of any other request. */
  readonly patienceMs: number;
  readonly maxWaiting: number;
  /** Is an app expected? */
  readonly expected: () => boolean;
}

interface Waiting {
  readonly method: string;
  readonly patience: Timer;
  readonly goOn: () => void;
}

export class WaitingRoom {
  private readonly waiting = new Map<ServerTransaction, Waiting>();
  /** Those that have waited once. */
  private readonly served = new WeakSet<ServerTransaction>();

  constructor(private readonly options: WaitingRoomOptions) {}

  get size(): number {
    return this.waiting.size;
  }

  /**
   * Has a request wait. @param goOn receives it again, once an app takes its method or the patience is over.
   * @returns false when nobody is expected or the request has waited already.
   */
  take(transaction: ServerTransaction, goOn: () => void): boolean {
    const { clock, invitePatienceMs, patienceMs, maxWaiting, expected } = this.options;
    if (!expected() || this.waiting.size >= maxWaiting || this.served.has(transaction)) return false;
    this.served.add(transaction);
    const waitMs = transaction.kind === 'invite' ? invitePatienceMs : patienceMs;
    const patience = clock.after(waitMs, () => this.release(transaction));
    this.waiting.set(transaction, { method: transaction.request.method.toLowerCase(), patience, goOn });
    transaction.on('terminated', () => this.forget(transaction));
    if (transaction.request.method === 'INVITE') transaction.on('cancelled', () => this.forget(transaction));
    return true;
  }

  /** An app takes this method now. */
  open(verb: string): void {
    for (const [transaction, { method }] of this.waiting) if (method === verb) this.release(transaction);
  }

  close(): void {
    for (const transaction of [...this.waiting.keys()]) this.forget(transaction);
  }

  private release(transaction: ServerTransaction): void {
    const goOn = this.waiting.get(transaction)?.goOn;
    this.forget(transaction);
    goOn?.();
  }

  private forget(transaction: ServerTransaction): void {
    this.waiting.get(transaction)?.patience.cancel();
    this.waiting.delete(transaction);
  }
}
