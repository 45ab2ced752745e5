/** Whose a dialog is: an app, whatever connection it has at the moment. */
import type { ControlSession, Delivery } from '../control/session';
import type { EndedDialog } from './words';

/** What an app that is away misses at most; more than that nobody would hold back in ten seconds. */
const MAX_BACKLOG = 10_000;

/** How many ends of calls are remembered that the app has been told of: it may die before it has made anything of them. */
const MAX_RECENT = 1_000;

/**
 * ```
 * connected --its connection closes--> awaited --it comes back by its name--> connected
 *     |                                   |--the grace is over--> lost --it comes back--> connected
 *     |--closes, without a name--> lost
 * ```
 */
type OwnerState =
  | { readonly name: 'connected'; readonly session: ControlSession }
  | { readonly name: 'awaited'; readonly missed: Missed }
  | { readonly name: 'lost' };

/** What an app that was away did not see. */
interface Missed {
  backlog: Delivery[];
  readonly ended: EndedDialog[];
}

export class AppOwner {
  private state: OwnerState;
  private timesAway = 0;
  /** Dialogs that have ended while it was here, or of which it was told when it came, the latest last. */
  private recent: EndedDialog[] = [];

  /** @param name by which the app is known again; left out: it has not said one, and cannot come back. */
  constructor(
    readonly name: string | undefined,
    session?: ControlSession,
  ) {
    this.state = session ? { name: 'connected', session } : { name: 'awaited', missed: this.nothingMissed() };
  }

  /** The connection, while there is one. */
  get session(): ControlSession | undefined {
    return this.state.name === 'connected' && this.state.session.ready ? this.state.session : undefined;
  }

  isConnectedBy(session: ControlSession): boolean {
    return this.state.name === 'connected' && this.state.session === session;
  }

  /** How often it has gone; tells one absence from the next. */
  get absences(): number {
    return this.timesAway;
  }

  get awaited(): boolean {
    return this.state.name === 'awaited';
  }

  /** Whether what is handed over will be answered: the app is there, or expected back. */
  get ready(): boolean {
    return this.awaited || this.session !== undefined;
  }

  /** Hands over a message, or keeps it until the app is back. */
  deliver(delivery: Delivery): void {
    if (this.state.name === 'connected') this.state.session.deliver(delivery);
    else if (this.state.name === 'awaited' && this.state.missed.backlog.length < MAX_BACKLOG)
      this.state.missed.backlog.push(delivery);
  }

  /** A request has been answered without the app, which need not see it any more. */
  withdraw(transactionId: string): void {
    if (this.state.name !== 'awaited') return;
    const { missed } = this.state;
    missed.backlog = missed.backlog.filter((delivery) => delivery.transactionId !== transactionId);
  }

  /** One of its dialogs is over: what it is told of when it is back, even if it was here and has seen it. */
  noteEnded(ended: EndedDialog): void {
    if (this.state.name === 'awaited') {
      if (this.state.missed.ended.length < MAX_BACKLOG) this.state.missed.ended.push(ended);
      return;
    }
    this.recent.push(ended);
    if (this.recent.length > MAX_RECENT) this.recent = this.recent.slice(-MAX_RECENT / 2);
  }

  /** The app is here. @returns what it has missed; the backlog is for when it knows which dialogs it has. */
  connect(session: ControlSession): Readonly<Missed> {
    const missed = this.state.name === 'awaited' ? this.state.missed : this.nothingMissed();
    this.state = { name: 'connected', session };
    this.recent = missed.ended.slice(-MAX_RECENT);
    return missed;
  }

  /** The connection has closed: one with a name is expected back. */
  disconnect(): void {
    this.timesAway += 1;
    this.state = this.name === undefined ? { name: 'lost' } : { name: 'awaited', missed: this.nothingMissed() };
  }

  /** Nobody expects it back any more. */
  giveUp(): void {
    this.state = { name: 'lost' };
    this.recent = [];
  }

  private nothingMissed(): Missed {
    return { backlog: [], ended: [...this.recent] };
  }
}
