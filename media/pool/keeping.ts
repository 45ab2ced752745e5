/**
 * Keeps the book with the processes themselves, so that it outlives the app: each entry with the process that it is
 * about, and with one more, since app and process may die together.
 */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { Subject } from '../keeping/terms';
import type { Book } from './book';
import { memoOf } from './memos';
import type { Memo } from './memos';
import type { Member } from './member';

export interface KeepingOptions {
  readonly members: readonly Member[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** With how many processes each entry lies. */
const COPIES = 2;

export class Keeping {
  private readonly changes = new Set<Subject>();
  /** Who has a memo of it. */
  private readonly holders = new Map<Subject, Set<Member>>();
  /** Of two copies the one with the higher revision is the newer one. */
  private revision = 0;
  private book: Book | undefined;

  constructor(private readonly options: KeepingOptions) {}

  watch(book: Book): void {
    this.book = book;
  }

  /** What has changed within one turn is written down at its end, right behind what was asked of the processes. */
  changed(subject: Subject): void {
    if (!this.options.members.some(({ port }) => port.keeps)) return;
    if (this.changes.size === 0) queueMicrotask(() => this.write());
    this.changes.add(subject);
  }

  /** An earlier life of the app has left it there. */
  found(subject: Subject, member: Member, revision: number): void {
    this.holdersOf(subject).add(member);
    this.revision = Math.max(this.revision, revision);
    this.changed(subject);
  }

  /** The process is gone, with all that it kept. */
  lost(member: Member): void {
    for (const [subject, holders] of this.holders) if (holders.delete(member)) this.changed(subject);
  }

  /** One more process may keep what lies with too few. */
  ready(): void {
    for (const [subject, { size }] of this.holders) if (size < COPIES) this.changed(subject);
  }

  private write(): void {
    const { book } = this;
    const subjects = [...this.changes];
    this.changes.clear();
    if (book) for (const subject of subjects) this.writeOne(subject, book);
  }

  private writeOne(subject: Subject, book: Book): void {
    const memo = memoOf(subject, book, { revision: this.revision + 1, clock: this.options.clock });
    const before = this.holders.get(subject) ?? new Set();
    const places = memo ? this.placesFor(memo) : [];
    if (memo) this.revision = memo.revision;
    for (const member of places) this.tell(member, subject, memo);
    for (const member of before) if (!places.includes(member)) this.tell(member, subject, null);
    if (memo) this.holders.set(subject, new Set(places));
    else this.holders.delete(subject);
  }

  private tell(member: Member, subject: Subject, memo: Memo | null | undefined): void {
    void member.port.keepMemo(subject, memo ?? null).then((kept) => {
      // One that is gone has lost more than this.
      if (!kept.ok && kept.fault.code !== 'unavailable')
        this.options.log.warn({ subject, fault: kept.fault }, 'what is open here would be lost with this process');
    });
  }

  private placesFor(memo: Memo): Member[] {
    const { members } = this.options;
    const own = memo.kind === 'mix' ? memo.venue : memo.member;
    const first = Math.max(
      0,
      members.findIndex(({ name }) => name === own),
    );
    const inTurn = [...members.slice(first), ...members.slice(0, first)];
    return inTurn.filter(({ port }) => port.keeps && port.ready).slice(0, COPIES);
  }

  private holdersOf(subject: Subject): Set<Member> {
    const holders = this.holders.get(subject) ?? new Set();
    this.holders.set(subject, holders);
    return holders;
  }
}
