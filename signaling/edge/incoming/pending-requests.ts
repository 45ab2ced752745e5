/** Requests that were handed to an app and wait for its answer. */
import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../../base/clock';
import type { ServerTransaction } from '../../sip/transaction/types';
import type { AppOwner } from '../apps/app-owner';
import type { Dialog } from '../dialog/dialog';

export interface PendingRequest {
  /** The name under which the app answers. */
  readonly id: string;
  readonly transaction: ServerTransaction;
  /** The app that answers. */
  owner: AppOwner;
  /** The dialog of a request within one; for a first INVITE the one that our first tagged response made. */
  dialog: Dialog | undefined;
  /** Whether this request may make a dialog, instead of belonging to one. */
  readonly initial: boolean;
  /** Whether a provisional response of ours had a description: a later one must have the same. */
  hasEarlyMedia: boolean;
}

interface NewPendingRequest {
  readonly transaction: ServerTransaction;
  readonly owner: AppOwner;
  readonly dialog: Dialog | undefined;
  /** After this the request is answered without the app. */
  readonly timeoutMs: number;
  readonly onTimeout: (pending: PendingRequest) => void;
  /** Called once when it waits no more, for whatever reason. */
  readonly onOver?: (id: string) => void;
}

interface Entry {
  readonly pending: PendingRequest;
  readonly deadline: Timer;
  readonly onOver: ((id: string) => void) | undefined;
}

export class PendingRequests {
  private readonly entries = new Map<string, Entry>();

  private newCalls = 0;

  /** @param onInviteOver told of each INVITE that waits no more. */
  constructor(
    private readonly clock: Clock,
    private readonly onInviteOver: (transaction: ServerTransaction) => void = () => undefined,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** How many of them are calls that begin. */
  get invites(): number {
    return this.newCalls;
  }

  add(request: NewPendingRequest): PendingRequest {
    const { transaction, owner, dialog } = request;
    const pending: PendingRequest = {
      id: randomUUID(),
      ...{ transaction, owner, dialog },
      initial: dialog === undefined,
      hasEarlyMedia: false,
    };
    const deadline = this.clock.after(request.timeoutMs, () => {
      this.remove(pending.id);
      request.onTimeout(pending);
    });
    this.entries.set(pending.id, { pending, deadline, onOver: request.onOver });
    if (isNewCall(pending)) this.newCalls += 1;
    transaction.on('terminated', () => this.remove(pending.id));
    return pending;
  }

  find(id: string): PendingRequest | undefined {
    return this.entries.get(id)?.pending;
  }

  remove(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.deadline.cancel();
    this.entries.delete(id);
    entry.onOver?.(id);
    if (isNewCall(entry.pending)) this.newCalls -= 1;
    if (entry.pending.transaction.kind === 'invite') this.onInviteOver(entry.pending.transaction);
  }

  ofOwner(owner: AppOwner): PendingRequest[] {
    return [...this.entries.values()].map(({ pending }) => pending).filter((pending) => pending.owner === owner);
  }

  /** Calls that begin, of this app. */
  callsOf(owner: AppOwner): PendingRequest[] {
    return this.ofOwner(owner).filter(isNewCall);
  }

  /** The apps that have some. */
  owners(): AppOwner[] {
    return [...this.entries.values()].map(({ pending }) => pending.owner);
  }

  close(): void {
    for (const id of [...this.entries.keys()]) this.remove(id);
  }
}

const isNewCall = ({ initial, transaction }: PendingRequest): boolean => initial && transaction.kind === 'invite';
