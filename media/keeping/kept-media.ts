/** What one app has open in a media process, what it wants to remember of it, and the events that wait for it. */
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import type { MediaEvent } from '../ports';
import type { ClaimPage, Subject } from './terms';

/** Events kept for an app that is away or does not read; one that has more to come is not worth waiting for. */
const MAX_KEPT_EVENTS = 10_000;
const MAX_MEMOS = 20_000;
/** Of a page as JSON; well below the limit of a frame, with one memo more. */
const PAGE_CHARS = 60_000;

/** In the order in which the app is told; each once, however often it is sent. */
export interface NumberedEvent {
  readonly number: number;
  readonly event: MediaEvent;
}

export class KeptMedia {
  readonly endpoints = new Set<EndpointId>();
  readonly recordings = new Set<RecordingId>();
  readonly mixes = new Set<MixId>();
  readonly takes = new Set<string>();
  private readonly memos = new Map<Subject, unknown>();
  /** Of an earlier life of the app; the present one may not be ready to hear of them. */
  private readonly inherited = new Set<string>();
  /** What the app has not confirmed to have seen. */
  private readonly unseen: NumberedEvent[] = [];
  private lastNumber = 0;
  /** About what is inherited. */
  private readonly withheld: MediaEvent[] = [];

  /** Nothing is open. */
  get isEmpty(): boolean {
    return this.endpoints.size === 0 && this.recordings.size === 0 && this.mixes.size === 0;
  }

  owns(event: MediaEvent): boolean {
    // A stream is nobody's own: whoever uses the process is to know.
    if (event.type === 'stream-changed') return true;
    if ('recordingId' in event) return this.recordings.has(event.recordingId);
    return this.endpoints.has(event.endpointId);
  }

  /** The event as it is to be sent, unless it has to wait. */
  admit(event: MediaEvent): NumberedEvent | undefined {
    if (event.type === 'endpoint-lost') this.endpoints.delete(event.endpointId);
    if (event.type === 'recording-failed') this.recordings.delete(event.recordingId);
    if (!this.isInherited(event)) return this.number(event);
    hold(this.withheld, event);
    return undefined;
  }

  /** In their order. */
  notYetSeen(): readonly NumberedEvent[] {
    return this.unseen;
  }

  seen(upTo: number): void {
    const left = this.unseen.findIndex(({ number }) => number > upTo);
    this.unseen.splice(0, left < 0 ? this.unseen.length : left);
  }

  /** False when there are too many. */
  remember(subject: Subject, memo: unknown): boolean {
    if (memo === null || memo === undefined) this.memos.delete(subject);
    else if (this.memos.size >= MAX_MEMOS && !this.memos.has(subject)) return false;
    else this.memos.set(subject, memo);
    return true;
  }

  closed(subject: Subject): void {
    for (const open of [this.endpoints, this.recordings, this.mixes] as Set<Subject>[]) open.delete(subject);
    this.memos.delete(subject);
  }

  /** Everything of another one's is this one's, who has nothing more. */
  absorb(other: KeptMedia): void {
    const { endpoints, recordings, mixes, takes, memos } = other;
    for (const id of [...endpoints, ...recordings, ...mixes, ...takes, ...memos.keys()]) this.inherited.add(id);
    move(endpoints, this.endpoints);
    move(recordings, this.recordings);
    move(mixes, this.mixes);
    move(takes, this.takes);
    for (const [subject, memo] of memos) this.memos.set(subject, memo);
    memos.clear();
    for (const event of [...other.withheld, ...other.unseen.map((one) => one.event)]) hold(this.withheld, event);
  }

  /** What is inherited, until {@link KeptMedia.resume}. */
  pages(): readonly ClaimPage[] {
    const isInherited = (id: string): boolean => this.inherited.has(id);
    const pages: ClaimPage[] = [];
    let [parts, chars] = [newParts(), 0];
    const add = (charsMore: number, put: (to: Parts) => void): void => {
      if (chars > 0 && chars + charsMore > PAGE_CHARS) {
        pages.push(parts);
        [parts, chars] = [newParts(), 0];
      }
      put(parts);
      chars += charsMore;
    };
    for (const id of [...this.endpoints].filter(isInherited)) add(id.length, ({ endpoints }) => endpoints.push(id));
    for (const id of [...this.recordings].filter(isInherited)) add(id.length, ({ recordings }) => recordings.push(id));
    for (const id of [...this.mixes].filter(isInherited)) add(id.length, ({ mixes }) => mixes.push(id));
    for (const id of [...this.takes].filter(isInherited)) add(id.length, ({ takes }) => takes.push(id));
    for (const [subject, memo] of this.memos)
      if (isInherited(subject)) add(JSON.stringify(memo).length, ({ memos }) => memos.push([subject, memo]));
    return [...pages, parts];
  }

  /** The events that have waited; from now on there is no difference between what is inherited and what is not. */
  resume(): readonly NumberedEvent[] {
    this.inherited.clear();
    return this.withheld.splice(0).map((event) => this.number(event));
  }

  private number(event: MediaEvent): NumberedEvent {
    this.lastNumber += 1;
    const numbered = { number: this.lastNumber, event };
    hold(this.unseen, numbered);
    return numbered;
  }

  private isInherited(event: MediaEvent): boolean {
    if (event.type === 'stream-changed') return false;
    return this.inherited.has('recordingId' in event ? event.recordingId : event.endpointId);
  }
}

interface Parts {
  readonly endpoints: EndpointId[];
  readonly recordings: RecordingId[];
  readonly mixes: MixId[];
  readonly takes: string[];
  readonly memos: [Subject, unknown][];
}

const newParts = (): Parts => ({ endpoints: [], recordings: [], mixes: [], takes: [], memos: [] });

const hold = <Held>(events: Held[], event: Held): void => {
  if (events.length < MAX_KEPT_EVENTS) events.push(event);
};

const move = <Id>(from: Set<Id>, to: Set<Id>): void => {
  for (const id of from) to.add(id);
  from.clear();
};
