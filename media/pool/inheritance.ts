/**
 * What the previous life of the app has left open in the processes: claimed, entered into the book as it was, and then
 * either wanted or closed.
 */
import type { Clock } from '../../base/clock';
import { sleep } from '../../base/clock';
import type { EndpointId, MixId, PlayId, RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import type { AudioCodec, EndpointKind, MediaEvent } from '../ports';
import type { Book, PooledEndpoint, PooledRecording } from './book';
import type { ClaimPage } from '../keeping/terms';
import type { Joins } from './joins';
import type { Keeping } from './keeping';
import type { Losses } from './losses';
import type { Member } from './member';
import type { Parties } from './parties';
import type { PooledRecordings } from './recordings';
import type { Recovery } from './recovery';
import { restoreBook } from './restore-book';
import type { RestoredBook } from './restore-book';
import type { PooledTakes } from './takes';
import type { Trunks } from './trunks';

export interface InheritedEndpoint {
  readonly endpointId: EndpointId;
  readonly kind: EndpointKind;
  readonly codec: AudioCodec | undefined;
  /** Our last description. */
  readonly sdp: string;
  /** `away`: its process is gone as well, and it goes on elsewhere after {@link Inheritance.closeRest}. */
  readonly state: 'open' | 'away';
  readonly playId: PlayId | undefined;
  readonly bridgedTo: EndpointId | undefined;
  readonly mixId: MixId | undefined;
  readonly hidesDigits: boolean;
}

export interface InheritedRecording {
  readonly recordingId: RecordingId;
  readonly path: string;
  /** `interrupted`: what wrote it is gone; the event comes after {@link Inheritance.closeRest}. */
  readonly state: 'open' | 'interrupted';
  readonly masked: boolean;
}

export interface Inherited {
  readonly endpoints: readonly InheritedEndpoint[];
  /** One may have ended while nobody listened; its event has waited. */
  readonly plays: readonly PlayId[];
  readonly recordings: readonly InheritedRecording[];
  readonly mixes: readonly { readonly mixId: MixId; readonly members: readonly EndpointId[] }[];
  /** Of what parties say. */
  readonly takes: readonly string[];
}

/** What of it goes on; plays go on with their endpoints. */
export interface Kept {
  readonly endpoints: ReadonlySet<EndpointId>;
  readonly recordings: ReadonlySet<RecordingId>;
  readonly mixes: ReadonlySet<MixId>;
  /** Default none. */
  readonly takes?: ReadonlySet<string>;
}

export interface InheritanceOptions {
  readonly members: readonly Member[];
  readonly book: Book;
  readonly trunks: Trunks;
  readonly joins: Joins;
  readonly parties: Parties;
  readonly recordings: PooledRecordings;
  readonly recovery: Recovery;
  readonly losses: Losses;
  readonly takes: PooledTakes;
  readonly keeping: Keeping;
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: (event: MediaEvent) => void;
  /** A process has got rid of what nobody wants and takes calls. */
  readonly onCleared: () => void;
}

/** Processes on this machine are there at once. */
const PATIENCE_MS = 2000;
const LOOK_AGAIN_MS = 20;

export class Inheritance {
  private asked: Promise<{ readonly list: Inherited; readonly restored: RestoredBook }> | undefined;
  private closing: Promise<void> | undefined;
  /** Whose process has been asked in this life of the app. */
  private readonly claimed = new Set<Member>();
  private isOver = false;

  constructor(private readonly options: InheritanceOptions) {}

  async inherited(): Promise<Inherited> {
    this.asked ??= this.claimAll();
    return (await this.asked).list;
  }

  closeRest(kept: Kept): Promise<void> {
    this.closing ??= this.settle(kept);
    return this.closing;
  }

  /** One that was away when the others were claimed: its legs have been given up by now. */
  memberReady(member: Member): void {
    if (!this.isOver || this.claimed.has(member) || !member.port.keeps) return;
    this.claimed.add(member);
    member.clearing = true;
    void this.clear(member).finally(() => {
      member.clearing = false;
      if (member.takesCalls) this.options.onCleared();
    });
  }

  private async claimAll(): Promise<{ readonly list: Inherited; readonly restored: RestoredBook }> {
    const { members, book, trunks, keeping, clock, log } = this.options;
    await this.allReady();
    const claims = new Map<Member, ClaimPage>();
    await Promise.all(
      members.map(async (member) => {
        const claimed = await this.claim(member);
        if (claimed) claims.set(member, claimed);
      }),
    );
    this.isOver = true;
    const restored = restoreBook(claims, { members, book, trunks, keeping, clock, log });
    await Promise.all([...claims].map(([member, claim]) => this.closeUnknown(member, claim)));
    const takes = [...claims].flatMap(([member, claim]) => claim.takes.map((takeId) => ({ takeId, member })));
    for (const { takeId, member } of takes) this.options.takes.adopt(takeId, member);
    return { list: { ...this.list(), takes: takes.map(({ takeId }) => takeId) }, restored };
  }

  private async allReady(): Promise<void> {
    const { members, clock } = this.options;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    const isMissing = ({ port }: Member): boolean => port.keeps && !port.ready;
    while (members.some(isMissing) && clock.monotonicMs() < untilMs) await sleep(clock, LOOK_AGAIN_MS);
  }

  private async claim(member: Member): Promise<ClaimPage | undefined> {
    const { name: mediaProcess, port } = member;
    if (!port.keeps || !port.ready) return undefined;
    this.claimed.add(member);
    const claimed = await port.claim();
    if (claimed.ok) return claimed.value;
    this.options.log.warn({ mediaProcess, fault: claimed.fault }, 'what this process carries could not be claimed');
    return undefined;
  }

  private async clear(member: Member): Promise<void> {
    const { port, name: mediaProcess } = member;
    const claimed = await port.claim();
    if (!claimed.ok) return;
    const { endpoints, recordings, mixes, takes } = claimed.value;
    if (endpoints.length > 0)
      this.options.log.warn({ mediaProcess, endpoints: endpoints.length }, 'legs were claimed too late and are closed');
    await close(member, { endpoints, recordings, mixes, takes });
    await port.resume();
  }

  /** What was just being opened or closed when the app was killed. */
  private async closeUnknown(member: Member, claim: ClaimPage): Promise<void> {
    const { book, trunks } = this.options;
    const isLeg = (endpointId: EndpointId): boolean => {
      const endpoint = book.endpoints.get(endpointId);
      return endpoint?.member === member && endpoint.state !== 'reopening';
    };
    await close(member, {
      endpoints: claim.endpoints.filter((endpointId) => !isLeg(endpointId) && !trunks.has(endpointId)),
      recordings: claim.recordings.filter((recordingId) => book.recordings.get(recordingId)?.member !== member),
      mixes: claim.mixes.filter((mixId) => book.mixes.get(mixId)?.venue !== member),
      takes: [],
    });
  }

  private list(): Omit<Inherited, 'takes'> {
    const { endpoints, recordings, mixes } = this.options.book;
    const legs = [...endpoints.values()].map(inheritedOf);
    return {
      endpoints: legs,
      plays: legs.flatMap(({ playId }) => playId ?? []),
      recordings: [...recordings.values()].map(({ request, interrupted, maskedUntilMs }) => ({
        ...{ recordingId: request.recordingId, path: request.path },
        state: interrupted ? 'interrupted' : 'open',
        masked: (maskedUntilMs ?? 0) > this.options.clock.monotonicMs(),
      })),
      mixes: [...mixes].map(([mixId, { members }]) => ({ mixId, members: [...members.keys()] })),
    };
  }

  private async settle(kept: Kept): Promise<void> {
    await this.inherited();
    const { list, restored } = await (this.asked as NonNullable<typeof this.asked>);
    await this.closeUnwanted(list, kept);
    await Promise.all([...this.claimed].map(({ port }) => port.resume()));
    this.loseMissing(restored);
    this.goOn(restored);
  }

  private async closeUnwanted({ endpoints, recordings, mixes, takes }: Inherited, kept: Kept): Promise<void> {
    const { parties, joins, recordings: recorders } = this.options;
    const unwanted = recordings.filter(({ recordingId }) => !kept.recordings.has(recordingId));
    const left = mixes.filter(({ mixId }) => !kept.mixes.has(mixId));
    const legs = endpoints.filter(({ endpointId }) => !kept.endpoints.has(endpointId));
    if (legs.length > 0) this.options.log.info({ endpoints: legs.length }, 'legs that nobody wants are closed');
    await Promise.all(unwanted.map(({ recordingId }) => recorders.stop(recordingId)));
    await Promise.all(left.map(({ mixId }) => joins.closeMix(mixId)));
    await Promise.all(legs.map(({ endpointId }) => parties.close(endpointId)));
    const dropped = takes.filter((takeId) => !kept.takes?.has(takeId));
    await Promise.all(dropped.map((takeId) => this.options.takes.drop(takeId)));
  }

  /** Of what is not open any more, although its process is the same, an event should have told; nothing may hang. */
  private loseMissing({ missingEndpoints, missingRecordings }: RestoredBook): void {
    const { book, parties, recordings, emit } = this.options;
    for (const endpoint of missingEndpoints)
      if (isIn(book, endpoint) && endpoint.state !== 'reopening')
        parties.lose(endpoint, { type: 'endpoint-lost', endpointId: endpoint.endpointId, reason: 'process-lost' });
    for (const recording of missingRecordings) {
      const { recordingId } = recording.request;
      if (book.recordings.get(recordingId) !== recording) continue;
      void recordings.forget(recording);
      emit({ type: 'recording-failed', recordingId, cause: 'process-lost', detail: 'its media process has lost it' });
    }
  }

  private goOn({ away, offered, unseated, brokenVoices, interrupted, homeless }: RestoredBook): void {
    const { book, recovery, joins, recordings, losses, emit } = this.options;
    for (const { endpointId, request, sdp, state } of offered.filter((endpoint) => isIn(book, endpoint)))
      // Nobody knows whether its peer has been told.
      if (state === 'offered')
        emit({ type: 'endpoint-reopened', endpointId, kind: request.kind, sdp, reason: 'process-lost' });
    // Unless what was left of its process has been lost since.
    const waiting = away.filter((endpoint) => isIn(book, endpoint) && endpoint.reopenings === 0);
    recovery.reopen(waiting, 'process-lost');
    for (const endpoint of unseated) if (isIn(book, endpoint)) void joins.restore(endpoint);
    for (const mix of homeless) {
      const [member] = joins.membersOf(mix);
      if (member) void joins.restore(member);
    }
    for (const [recording, voices] of brokenVoices)
      if (isOpen(book, recording)) recordings.restoreVoices(recording, voices);
    for (const recording of interrupted) if (isOpen(book, recording)) void losses.interrupt(recording);
  }
}

const isIn = ({ endpoints }: Book, endpoint: PooledEndpoint): boolean =>
  endpoints.get(endpoint.endpointId) === endpoint;

const isOpen = ({ recordings }: Book, recording: PooledRecording): boolean =>
  recordings.get(recording.request.recordingId) === recording;

const close = async ({ port }: Member, open: Omit<ClaimPage, 'memos'>): Promise<void> => {
  await Promise.all([
    ...open.recordings.map((recordingId) => port.stopRecording(recordingId)),
    ...open.mixes.map((mixId) => port.closeMix(mixId)),
    ...open.endpoints.map((endpointId) => port.closeEndpoint(endpointId)),
    ...open.takes.map((takeId) => port.dropTake(takeId)),
  ]);
};

const inheritedOf = (endpoint: PooledEndpoint): InheritedEndpoint => {
  const { endpointId, request, codec, sdp, state, play, join, hidesDigits } = endpoint;
  return {
    ...{ endpointId, kind: request.kind, codec, sdp, hidesDigits },
    state: state === 'open' ? 'open' : 'away',
    playId: play?.playId,
    bridgedTo: join.kind === 'bridged' ? join.to.endpointId : undefined,
    mixId: join.kind === 'mixed' ? join.mix.request.mixId : undefined,
  };
};
