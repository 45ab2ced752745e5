/**
 * What is written down of calls, so that a process that is killed costs none. Dialogs are written when they are
 * confirmed and whenever something changes that the next request depends on, before anybody outside can notice; what
 * may be lost is written within 10 ms. Only dialogs of apps that have said their name are written: others could not be
 * handed back to anybody.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Connection, SocketAddress, TransportProtocol } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import type { ClientTransaction, ServerTransaction } from '../../sip/transaction/types';
import type { AppOwner } from '../apps/app-owner';
import type { EndedDialog } from '../apps/words';
import type { Dialog, DialogSnapshot } from '../dialog/dialog';
import type { SessionDeadlines } from '../dialog/session-timer';
import type { Journal } from './journal';

/** The way to a peer, as far as another process can go it. */
export interface WrittenFlow {
  readonly protocol: TransportProtocol;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
}

export interface WrittenDialog extends DialogSnapshot {
  readonly app: string;
  readonly flow: WrittenFlow;
  readonly session: SessionDeadlines | undefined;
  /** Our 2xx that waits for its ACK; one character a byte. */
  readonly answer: string | undefined;
}

/** An INVITE that has no final answer yet. */
export interface WrittenInvite {
  /** As it was received or sent; one character a byte. */
  readonly text: string;
  readonly flow: WrittenFlow;
  readonly atMs: number;
  /** Whether it has been taken up again by a process before: a second time it is refused. */
  readonly again: boolean;
}

/** A dialog that has ended without its app knowing: it is away, or has not answered the peer's BYE. */
export interface WrittenEnd extends EndedDialog {
  readonly app: string;
}

export const DIALOG = 'dialog/';
export const ENDED = 'ended/';
export const ARRIVED = 'arrived/';
export const SENT = 'sent/';
export const APP = 'app/';
export const STAMP = 'stamp';

const flowOf = ({ protocol, remote, local }: Connection): WrittenFlow => ({ protocol, remote, local });

const written = (dialog: Dialog, app: string): WrittenDialog => ({
  ...dialog.snapshot(),
  app,
  flow: flowOf(dialog.connection),
  session: dialog.sessionTimer?.deadlines,
  answer: dialog.awaitedAck?.answer.toBuffer().toString('latin1'),
});

interface CallJournalDependencies {
  /** Left out: nothing is written. */
  readonly journal: Journal | undefined;
  readonly nowMs: () => number;
}

export class CallJournal {
  /** INVITEs that were found in the journal and are taken up again. */
  private readonly takenUp = new Set<string>();
  /** The keys of those that have come and wait. */
  private readonly waiting = new Map<ServerTransaction, string>();
  /** The apps that do not know how their dialogs have ended, by the dialogs. */
  private readonly unheard = new Map<string, string>();

  constructor(private readonly deps: CallJournalDependencies) {}

  /** A confirmed dialog is new, or has changed: written now. */
  changed(dialog: Dialog): void {
    const { journal } = this.deps;
    const { name } = dialog.owner;
    if (journal && name !== undefined && dialog.isListed && dialog.state !== 'early') {
      journal.put(`${DIALOG}${dialog.id}`, () => written(dialog, name));
    }
  }

  /** The same, for changes that may be lost. */
  changedSoon(dialog: Dialog): void {
    const { journal } = this.deps;
    const { name } = dialog.owner;
    if (journal && name !== undefined && dialog.isListed && dialog.state !== 'early') {
      journal.putSoon(`${DIALOG}${dialog.id}`, () => written(dialog, name));
    }
  }

  ended(dialog: Dialog): void {
    this.deps.journal?.remove(`${DIALOG}${dialog.id}`);
  }

  /** A dialog has ended, and its app may never see how: it is told of it after a restart. */
  endedUnheard({ name }: AppOwner, ended: EndedDialog): void {
    const { journal } = this.deps;
    if (!journal || name === undefined) return;
    const { id } = ended;
    this.unheard.set(id, name);
    journal.put(`${ENDED}${id}`, (): WrittenEnd => ({ app: name, ...ended }));
  }

  /** The app has answered that BYE, or nobody waits for it any more. */
  endIsKnown(id: string): void {
    if (this.unheard.delete(id)) this.deps.journal?.remove(`${ENDED}${id}`);
  }

  /** The app is back and has been told of all, or will never be. */
  endsAreKnown({ name }: AppOwner): void {
    for (const [id, app] of this.unheard) if (app === name) this.endIsKnown(id);
  }

  /**
   * An INVITE that may make a call, whoever will take it. Written now: after our 100 its caller does not send it again.
   * Idempotent.
   */
  arrived(transaction: ServerTransaction): void {
    const { journal, nowMs } = this.deps;
    const { request, connection } = transaction;
    if (!journal || this.waiting.has(transaction)) return;
    const atMs = nowMs();
    const again = this.takenUp.delete(inviteName(request.callId, request.cseq.number));
    const key = `${ARRIVED}${randomUUID()}`;
    this.waiting.set(transaction, key);
    transaction.on('cancelled', () => this.arrivedIsOver(transaction));
    transaction.on('terminated', () => this.arrivedIsOver(transaction));
    const read = (): WrittenInvite => ({
      text: request.toBuffer().toString('latin1'),
      flow: flowOf(connection),
      atMs,
      again,
    });
    journal.put(key, read);
  }

  /** That INVITE comes once more, from the journal. */
  takeUp(callId: string, cseq: number): void {
    this.takenUp.add(inviteName(callId, cseq));
  }

  isTakenUp(request: SipRequest): boolean {
    return request.method === 'INVITE' && this.takenUp.has(inviteName(request.callId, request.cseq.number));
  }

  /** It has its final answer, or is on its way through us. Idempotent. */
  arrivedIsOver(transaction: ServerTransaction): void {
    const key = this.waiting.get(transaction);
    if (key === undefined) return;
    this.waiting.delete(transaction);
    this.deps.journal?.remove(key);
  }

  /** An INVITE of an app is about to go out. Its body is not needed to take it back. */
  sent(id: string, transaction: ClientTransaction, owner: AppOwner): void {
    const { journal, nowMs } = this.deps;
    const { request, connection } = transaction;
    if (!journal || owner.name === undefined || request.method !== 'INVITE') return;
    const atMs = nowMs();
    const read = (): WrittenInvite => {
      const head = request.clone();
      head.body = Buffer.alloc(0);
      return { text: head.toBuffer().toString('latin1'), flow: flowOf(connection), atMs, again: false };
    };
    journal.put(`${SENT}${id}`, read);
  }

  sentIsOver(id: string): void {
    this.deps.journal?.remove(`${SENT}${id}`);
  }

  /** What a former process has left to be settled with a peer; see {@link owedIsOver}. */
  owed(key: string, invite: WrittenInvite): void {
    this.deps.journal?.putSoon(key, () => invite);
  }

  owedIsOver(key: string): void {
    this.deps.journal?.remove(key);
  }

  /** An app has said its name: after a restart it is expected. */
  app(name: string): void {
    this.deps.journal?.put(`${APP}${name}`, () => null);
  }

  appGone(owner: AppOwner): void {
    if (owner.name !== undefined) this.deps.journal?.remove(`${APP}${owner.name}`);
    this.endsAreKnown(owner);
  }

  /** The key by which our Record-Routes are recognised: the one that was written, or a new one. */
  stampKey(found: unknown): Buffer {
    const before = typeof found === 'string' ? Buffer.from(found, 'base64') : undefined;
    const key = before?.length === 32 ? before : randomBytes(32);
    this.deps.journal?.putSoon(STAMP, () => key.toString('base64'));
    return key;
  }

  /** All that was found has been taken over. */
  settle(): void {
    this.deps.journal?.settle();
  }

  /** Keeps what lives, which after an orderly end is nothing but the key. @param names of the apps that were here. */
  close(names: readonly string[]): void {
    for (const name of names) this.deps.journal?.remove(`${APP}${name}`);
    this.deps.journal?.close();
  }
}

const inviteName = (callId: string, cseq: number): string => `${callId} ${cseq}`;
