/** Who is told what (RFC 6665, 4.2): subscriptions with their expiry, and a NOTIFY for each change of state. */
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { EventPackage, Watched } from './event-packages';
import type { StateSource } from './extension-state';

/** The dialog that a SUBSCRIBE has made. */
export interface SubscriptionDialog {
  /** Sends a NOTIFY; the value is the status of its final response, 408 when there was none. */
  notify(headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  /** Forgets the dialog, of which the other side knows nothing any more. */
  forget(): void;
}

export interface SubscriptionRequest {
  readonly pack: EventPackage;
  /** The Event header as it came, with its `id`. */
  readonly event: string;
  readonly watched: Watched;
  /** Who subscribes. */
  readonly userName: string;
  readonly dialog: SubscriptionDialog;
  /** 0 only asks for the present state. */
  readonly expiresS: number;
}

/** RFC 6665, section 4.1.3. */
export type TerminationReason = 'timeout' | 'noresource' | 'deactivated';

export interface Subscription {
  /** Another SUBSCRIBE in the dialog: goes on for so long, and tells the state again; 0 ends it. */
  refresh(expiresS: number): void;
}

export interface NotifierOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly source: StateSource;
}

/** As many as a phone with four panels of keys has; more are refused. */
export const MAX_PER_USER = 120;
export const MAX_SUBSCRIPTIONS = 20_000;

/**
 * ```
 * active --NOTIFY answered--> active --expiry, unsubscribe, extension gone--> over (NOTIFY terminated)
 *    |--NOTIFY refused or unanswered--> over (nothing more is sent)
 * ```
 */
class Active implements Subscription {
  private timer: Timer | undefined;
  private expiresAtMs = 0;
  private version = 0;
  private told: string | undefined;
  private sending = false;
  private again = false;
  private over = false;

  constructor(
    private readonly request: SubscriptionRequest,
    private readonly options: NotifierOptions,
    private readonly onOver: () => void,
  ) {}

  get userName(): string {
    return this.request.userName;
  }

  refresh(expiresS: number): void {
    if (this.over) return;
    const { clock } = this.options;
    this.timer?.cancel();
    if (expiresS === 0) return this.end('timeout');
    this.expiresAtMs = clock.nowMs() + expiresS * 1_000;
    this.timer = clock.after(expiresS * 1_000, () => this.end('timeout'));
    this.tell();
  }

  /** Tells the state if it is not what was told last. */
  check(): void {
    if (this.over) return;
    const { pack, watched } = this.request;
    const present = pack.fingerprint(this.options.source, watched.extension);
    if (present === undefined) return this.end('noresource');
    if (present !== this.told) this.tell();
  }

  end(reason: TerminationReason): void {
    if (this.over) return;
    this.stop();
    void this.send(`terminated;reason=${reason}`).then(() => this.request.dialog.forget());
  }

  /** Without a word: the dialog is gone. */
  drop(): void {
    this.stop();
    this.request.dialog.forget();
  }

  private stop(): void {
    this.over = true;
    this.timer?.cancel();
    this.onOver();
  }

  /** One NOTIFY at a time: what changes meanwhile goes into the next. */
  private tell(): void {
    this.again = true;
    if (!this.sending) void this.tellWhileNew();
  }

  private async tellWhileNew(): Promise<void> {
    this.sending = true;
    while (this.again && !this.over) {
      this.again = false;
      const leftS = Math.max(1, Math.ceil((this.expiresAtMs - this.options.clock.nowMs()) / 1_000));
      const status = await this.send(`active;expires=${leftS}`);
      // RFC 6665, 4.2.2: a NOTIFY that is answered with 481, or not at all, ends the subscription.
      if (status >= 300 && !this.over) {
        const { userName, watched } = this.request;
        this.options.log.info({ userName, extension: watched.extension, status }, 'a subscriber is gone');
        this.drop();
      }
    }
    this.sending = false;
  }

  private send(state: string): Promise<number> {
    const { pack, event, watched, dialog } = this.request;
    const { source } = this.options;
    this.told = pack.fingerprint(source, watched.extension);
    const body = pack.document(source, watched, this.version++);
    return dialog.notify({ Event: event, 'Subscription-State': state, 'Content-Type': pack.contentType }, body);
  }
}

export class Notifier {
  private readonly active = new Set<Active>();
  private checking: Timer | undefined;

  constructor(private readonly options: NotifierOptions) {}

  get size(): number {
    return this.active.size;
  }

  /** Whether this user may have one more. */
  hasRoom(userName: string): boolean {
    if (this.active.size >= MAX_SUBSCRIPTIONS) return false;
    return [...this.active].filter((one) => one.userName === userName).length < MAX_PER_USER;
  }

  /** Begins a subscription, and tells the state at once (RFC 6665, 4.2.1.2). */
  add(request: SubscriptionRequest): Subscription {
    const active: Active = new Active(request, this.options, () => this.active.delete(active));
    this.active.add(active);
    active.refresh(request.expiresS);
    return active;
  }

  /** Something may have changed: everybody whose state has is told, soon and once. */
  changed(): void {
    if (this.active.size === 0) return;
    this.checking ??= this.options.clock.after(COALESCING_MS, () => {
      this.checking = undefined;
      for (const one of [...this.active]) one.check();
    });
  }

  /** The connection to the SIP server is lost, and with it all dialogs; phones subscribe again. */
  serverLost(): void {
    for (const one of [...this.active]) one.drop();
  }

  /** Ends all subscriptions; their phones subscribe again at once (`deactivated`). Idempotent. */
  close(): void {
    this.checking?.cancel();
    this.checking = undefined;
    for (const one of [...this.active]) one.end('deactivated');
  }
}

/** Much changes together when a call begins or ends. */
const COALESCING_MS = 30;
