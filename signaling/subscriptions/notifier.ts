/** Who is told what (RFC 6665, 4.2): subscriptions with their expiry, and a NOTIFY for each change of state. */
import { within } from '../../base/clock';
import type { Clock, Timer } from '../../base/clock';
import type { LastingRecords } from '../../base/lasting';
import type { Logger } from '../../base/log';
import type { EventPackage, PackageName, Watched } from './event-packages';
import type { StateSource } from './extension-state';

/** The status of the final response, 408 when there was none; `lost`: with the SIP server, arrived or not. */
export type NotifyOutcome = number | 'lost';

/** The dialog that a SUBSCRIBE has made. */
export interface SubscriptionDialog {
  readonly id: string;
  /** Our Contact in it. */
  readonly contact: string | undefined;
  /** Whether the SIP server has it now. */
  readonly isUp: boolean;
  /** Waits until the SIP server has it; false when it is gone for good. */
  whenUp(): Promise<boolean>;
  /** Sends a NOTIFY. */
  notify(headers: Readonly<Record<string, string>>, body: string): Promise<NotifyOutcome>;
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
  /** Counts the NOTIFYs of before, when another process has begun the subscription. */
  readonly version?: number;
}

/** What outlives the process, under the dialog's id. */
export interface KeptSubscription {
  readonly pack: PackageName;
  readonly event: string;
  readonly watched: Watched;
  readonly userName: string;
  readonly contact: string | undefined;
  readonly version: number;
}

export type SubscriptionRecords = Pick<LastingRecords<KeptSubscription>, 'takeFound' | 'save' | 'remove' | 'written'>;

/** RFC 6665, section 4.1.3. */
export type TerminationReason = 'timeout' | 'noresource' | 'deactivated';

export interface Subscription {
  /** Our Contact in its dialog. */
  readonly contact: string | undefined;
  /** Another SUBSCRIBE in the dialog: goes on for so long, and tells the state again; 0 ends it. */
  refresh(expiresS: number): void;
  /** Tells the state once more: what was told last may not have arrived. */
  tellAgain(): void;
  /** Without a word: the dialog is gone. */
  stop(): void;
}

export interface NotifierOptions {
  /** Left out: subscriptions end with the process. */
  readonly records?: SubscriptionRecords | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly source: StateSource;
}

/** As many as a phone with four panels of keys has; more are refused. */
export const MAX_PER_USER = 120;
export const MAX_SUBSCRIPTIONS = 20_000;

/**
 * What is written down is the version at the last refresh; phones pass over a version that is not above the last one
 * (RFC 4235, 4.3), and nobody is sent so many in the hour that a subscription lasts at most.
 */
const VERSION_LEAP = 200_000;

/**
 * ```
 * active --NOTIFY answered--> active --expiry, unsubscribe, extension gone--> over (NOTIFY terminated)
 *    |--NOTIFY refused or unanswered, dialog lost with the SIP server--> over (nothing more is sent)
 * ```
 */
class Active implements Subscription {
  private timer: Timer | undefined;
  private expiresAtMs = 0;
  private version: number;
  private told: string | undefined;
  private sending = false;
  private again = false;
  private over = false;

  constructor(
    private readonly request: SubscriptionRequest,
    private readonly options: NotifierOptions,
    private readonly onOver: () => void,
  ) {
    this.version = request.version === undefined ? 0 : request.version + VERSION_LEAP;
  }

  get userName(): string {
    return this.request.userName;
  }

  get contact(): string | undefined {
    return this.request.dialog.contact;
  }

  refresh(expiresS: number): void {
    if (this.over) return;
    const { clock } = this.options;
    this.timer?.cancel();
    if (expiresS === 0) return this.end('timeout');
    this.lastUntil(clock.nowMs() + expiresS * 1_000);
    this.tell();
  }

  /** Goes on until then, and is written down. */
  lastUntil(expiresAtMs: number): void {
    const { clock, records } = this.options;
    const { pack, event, watched, userName, dialog } = this.request;
    this.expiresAtMs = expiresAtMs;
    this.timer = clock.after(expiresAtMs - clock.nowMs(), () => this.end('timeout'));
    const value = { pack: pack.name, event, watched, userName, contact: dialog.contact, version: this.version };
    records?.save({ id: dialog.id, value, expiresAtMs });
  }

  tellAgain(): void {
    if (this.over) return;
    const { pack, watched } = this.request;
    if (pack.fingerprint(this.options.source, watched.extension) === undefined) this.end('noresource');
    else this.tell();
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
    // While the SIP server is away nobody can be told; it forgets the dialog by itself.
    const { isUp } = this.request.dialog;
    this.stop();
    if (isUp) void this.send(`terminated;reason=${reason}`);
  }

  stop(): void {
    if (this.over) return;
    this.over = true;
    this.timer?.cancel();
    this.options.records?.remove(this.request.dialog.id);
    this.onOver();
  }

  /** One NOTIFY at a time: what changes meanwhile goes into the next. */
  private tell(): void {
    this.again = true;
    if (!this.sending) void this.tellWhileNew();
  }

  /** Who has been told once goes by it that the next app tells, too. */
  private untilKept(records: SubscriptionRecords): Promise<void> {
    return within(this.options.clock, KEPT_WITHIN_MS, records.written(this.request.dialog.id));
  }

  private async tellWhileNew(): Promise<void> {
    const { dialog, userName, watched } = this.request;
    this.sending = true;
    if (this.version === 0 && this.options.records) await this.untilKept(this.options.records);
    while (this.again && !this.over) {
      if (!dialog.isUp && !(await dialog.whenUp())) this.stop();
      if (this.over) break;
      this.again = false;
      const leftS = Math.max(1, Math.ceil((this.expiresAtMs - this.options.clock.nowMs()) / 1_000));
      const outcome = await this.send(`active;expires=${leftS}`);
      // RFC 6665, 4.2.2: a NOTIFY that is answered with 481, or not at all, ends the subscription.
      if (outcome !== 'lost' && outcome >= 300 && !this.over) {
        this.options.log.info({ userName, extension: watched.extension, status: outcome }, 'a subscriber is gone');
        this.stop();
      }
    }
    this.sending = false;
  }

  private send(state: string): Promise<NotifyOutcome> {
    const { pack, event, watched, dialog } = this.request;
    const { source } = this.options;
    this.told = pack.fingerprint(source, watched.extension);
    const body = pack.document(source, watched, this.version++);
    return dialog.notify({ Event: event, 'Subscription-State': state, 'Content-Type': pack.contentType }, body);
  }
}

export class Notifier {
  private readonly active = new Set<Active>();
  /** Those that are to be told again, a few at a time. */
  private readonly toTell = new Set<Subscription>();
  private checking: Timer | undefined;
  private telling: Timer | undefined;

  constructor(private readonly options: NotifierOptions) {}

  get size(): number {
    return this.active.size;
  }

  /** Whether this user may have one more. */
  hasRoom(userName: string): boolean {
    if (this.active.size >= MAX_SUBSCRIPTIONS) return false;
    return [...this.active].filter((one) => one.userName === userName).length < MAX_PER_USER;
  }

  /** Begins a subscription, and tells the state at once (RFC 6665, 4.2.1.2). @param onOver whatever its end is. */
  add(request: SubscriptionRequest, onOver?: () => void): Subscription {
    const active = this.activate(request, onOver);
    active.refresh(request.expiresS);
    return active;
  }

  /** Goes on with a subscription of another process: what it was told last is told anew, soon. */
  resume(request: SubscriptionRequest, onOver?: () => void): Subscription {
    const active = this.activate(request, onOver);
    active.lastUntil(this.options.clock.nowMs() + request.expiresS * 1_000);
    this.tellSoon(active);
    return active;
  }

  /** Many want to be told at once after a restart: so many a second that calls do not suffer. */
  tellSoon(subscription: Subscription): void {
    this.toTell.add(subscription);
    this.telling ??= this.options.clock.after(TELLING_PERIOD_MS, () => this.tellSome());
  }

  /** Something may have changed: everybody whose state has is told, soon and once. */
  changed(): void {
    if (this.active.size === 0) return;
    this.checking ??= this.options.clock.after(COALESCING_MS, () => {
      this.checking = undefined;
      for (const one of [...this.active]) one.check();
    });
  }

  /** Ends all subscriptions; their phones subscribe again at once (`deactivated`). Idempotent. */
  close(): void {
    this.checking?.cancel();
    this.checking = undefined;
    this.telling?.cancel();
    this.telling = undefined;
    this.toTell.clear();
    for (const one of [...this.active]) one.end('deactivated');
  }

  private activate(request: SubscriptionRequest, onOver?: () => void): Active {
    const active: Active = new Active(request, this.options, () => {
      this.active.delete(active);
      this.toTell.delete(active);
      onOver?.();
    });
    this.active.add(active);
    return active;
  }

  private tellSome(): void {
    const some = [...this.toTell].slice(0, TOLD_AT_ONCE);
    for (const one of some) {
      this.toTell.delete(one);
      one.tellAgain();
    }
    const goesOn = this.toTell.size > 0;
    this.telling = goesOn ? this.options.clock.after(TELLING_PERIOD_MS, () => this.tellSome()) : undefined;
  }
}

/** A store that is slower than this does not keep the subscriber waiting. */
const KEPT_WITHIN_MS = 1_000;

const TELLING_PERIOD_MS = 50;
const TOLD_AT_ONCE = 50;

/** Much changes together when a call begins or ends. */
const COALESCING_MS = 30;
