/**
 * Keeps dialogs over a loss of the SIP server. The embedded edge writes its dialogs down and hands them back to the app
 * that says its name (`signaling/edge/apps/introduce.ts`); until then they wait, and so does whoever wants something of
 * them. drachtio-server cannot, so that with it dialogs end when the connection does. Those of the app's former life are
 * there to be adopted.
 *
 * ```
 * up --connection lost--> waiting --handed back--> up
 *  |                         |--not handed back, the grace is over, another kind of server--> lost
 *  |--connection to drachtio-server lost--> lost
 * ```
 */
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { AppBelongings, EndedDialog, WaitingCaller } from '../edge/apps/words';
import { APP_EXTENSION } from '../edge/apps/words';
import type { DialogEnd } from '../ports';
import { resumeDialogs } from '../srf/srf-client';
import type { ServerConnection } from './server-connection';

/** How long dialogs wait for the server: it is restarted within one or two seconds. */
export const SERVER_GRACE_MS = 10_000;

export interface KeptDialog {
  readonly id: string;
  /** The server has it again. */
  resumed(): void;
  /** It is over, and nobody can send a BYE. @param end left out: it was lost with the server. */
  lost(end?: DialogEnd): void;
}

interface KeeperDependencies {
  readonly connection: ServerConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells this app from others of the same server; the same after a restart. */
  readonly appName: string;
  readonly graceMs?: number;
  /** Takes those of the server's dialogs that drachtio-srf does not know. @returns those that nobody knows. */
  readonly takeOthers?: (ids: readonly string[]) => readonly string[];
  /** Hears what the server has that nobody knows; undefined from a server that cannot tell. */
  readonly onStrange: (strange: AppBelongings | undefined) => void;
}

export class DialogKeeper {
  private readonly dialogs = new Map<string, KeptDialog>();
  /** Those of the connection that was lost. */
  private readonly waiting = new Set<KeptDialog>();
  private readonly waiters = new Map<string, ((isUp: boolean) => void)[]>();
  private grace: Timer | undefined;

  constructor(private readonly deps: KeeperDependencies) {
    deps.connection.watch((connected) => (connected ? void this.onConnected() : this.onLost()));
  }

  /** @returns forgets the dialog. */
  add(dialog: KeptDialog): () => void {
    this.dialogs.set(dialog.id, dialog);
    return () => {
      if (this.dialogs.get(dialog.id) !== dialog) return;
      this.dialogs.delete(dialog.id);
      this.waiting.delete(dialog);
      this.settle(dialog.id, false);
    };
  }

  /** Whether the server has this dialog now. */
  isUp(id: string): boolean {
    const dialog = this.dialogs.get(id);
    return dialog !== undefined && !this.waiting.has(dialog);
  }

  /** Waits until the server has this dialog; false when it is gone for good. */
  whenUp(id: string): Promise<boolean> {
    const dialog = this.dialogs.get(id);
    if (!dialog) return Promise.resolve(false);
    if (!this.waiting.has(dialog)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.waiters.get(id) ?? [];
      this.waiters.set(id, [...waiters, resolve]);
    });
  }

  /** Gives up all that wait. */
  close(): void {
    this.loseAll();
  }

  private onLost(): void {
    const { clock, connection, log, graceMs = SERVER_GRACE_MS } = this.deps;
    for (const dialog of this.dialogs.values()) this.waiting.add(dialog);
    if (!connection.isEmbeddedEdge) return this.loseAll();
    if (this.dialogs.size > 0) log.warn({ count: this.dialogs.size }, 'calls wait for the SIP server to come back');
    this.grace?.cancel();
    this.grace = clock.after(graceMs, () => this.loseAll());
  }

  private async onConnected(): Promise<void> {
    const { connection, log, appName } = this.deps;
    if (!connection.extended) {
      this.deps.takeOthers?.([]);
      this.loseAll();
      return this.deps.onStrange(undefined);
    }
    const answer = await connection.extend(APP_EXTENSION, { name: appName });
    if (!answer.ok) log.error({ reason: answer.fault.message }, 'the SIP server does not hand our calls back');
    if (!connection.connected) return;
    this.takeBack(belongingsIn(answer.ok ? answer.value : undefined));
  }

  private takeBack({ dialogs: ids, ended, callers }: AppBelongings): void {
    const { connection } = this.deps;
    this.grace?.cancel();
    this.grace = undefined;
    const unheardOf = resumeDialogs(connection.srf, ids);
    const dialogs = this.deps.takeOthers?.(unheardOf) ?? unheardOf;
    const back = new Set(ids);
    const ends = new Map(ended.map((one) => [one.id, one]));
    const known = new Set(this.dialogs.keys());
    for (const dialog of [...this.waiting]) {
      if (!back.has(dialog.id)) this.lose(dialog, endOf(ends.get(dialog.id)));
      else {
        this.waiting.delete(dialog);
        dialog.resumed();
        this.settle(dialog.id, true);
      }
    }
    const strange = dialogs.filter((id) => !known.has(id));
    this.deps.onStrange({ dialogs: strange, ended: ended.filter(({ id }) => !known.has(id)), callers });
  }

  private loseAll(): void {
    this.grace?.cancel();
    this.grace = undefined;
    for (const dialog of [...this.waiting]) this.lose(dialog);
  }

  private lose(dialog: KeptDialog, end?: DialogEnd): void {
    this.waiting.delete(dialog);
    this.dialogs.delete(dialog.id);
    dialog.lost(end);
    this.settle(dialog.id, false);
  }

  private settle(id: string, isUp: boolean): void {
    const waiters = this.waiters.get(id) ?? [];
    this.waiters.delete(id);
    for (const resolve of waiters) resolve(isUp);
  }
}

const belongingsIn = (answer: unknown): AppBelongings => {
  const { dialogs, ended, callers } = (answer ?? {}) as Record<string, unknown>;
  return {
    dialogs: Array.isArray(dialogs) ? dialogs.filter((id): id is string => typeof id === 'string') : [],
    ended: Array.isArray(ended) ? ended.filter(isEnded) : [],
    callers: Array.isArray(callers) ? callers.filter(isCaller) : [],
  };
};

const isCaller = (one: unknown): one is WaitingCaller => {
  const { id, hasEarlyMedia } = (one ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof hasEarlyMedia === 'boolean';
};

const isEnded = (one: unknown): one is EndedDialog => {
  const { id, by, reason } = (one ?? {}) as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    (by === 'remote' || by === 'failure' || by === 'local') &&
    /^(?:string|undefined)$/.test(typeof reason)
  );
};

/** How a dialog has ended while nobody was there. */
export const endOf = (ended: EndedDialog | undefined): DialogEnd | undefined => {
  if (!ended) return undefined;
  const { by, reason } = ended;
  if (by === 'local') return { by };
  return by === 'remote' ? { by, reason } : { by, reason: reason ?? 'ended by the SIP server' };
};
