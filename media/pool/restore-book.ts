/** The book as it was when the app was killed, from what the processes have kept of it. */
import type { Clock } from '../../base/clock';
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import type { ClaimPage, Subject } from '../keeping/terms';
import type { Book, PooledEndpoint, PooledMix, PooledRecording, PooledVoice } from './book';
import type { Keeping } from './keeping';
import type { Member } from './member';
import { readMemo } from './memos';
import type { EndpointMemo, Memo, MixMemo, RecordingMemo, TrunkMemo } from './memos';
import type { Trunk, Trunks } from './trunks';

export interface RestoreBookOptions {
  readonly members: readonly Member[];
  readonly book: Book;
  readonly trunks: Trunks;
  readonly keeping: Keeping;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is not just as it was. */
export interface RestoredBook {
  /** Their processes are gone. */
  readonly away: PooledEndpoint[];
  /** Opened anew, and not answered. */
  readonly offered: PooledEndpoint[];
  /** Not open any more in a process that is the same: it has told why. */
  readonly missingEndpoints: PooledEndpoint[];
  readonly missingRecordings: PooledRecording[];
  /** The way to whom they are joined with is broken. */
  readonly unseated: PooledEndpoint[];
  readonly brokenVoices: Map<PooledRecording, PooledVoice[]>;
  /** What mixed them is gone. */
  readonly homeless: PooledMix[];
  readonly interrupted: PooledRecording[];
}

export const restoreBook = (claims: ReadonlyMap<Member, ClaimPage>, options: RestoreBookOptions): RestoredBook =>
  new BookRestorer(claims, options).restore();

class BookRestorer {
  private readonly restored: RestoredBook = {
    ...{ away: [], offered: [], missingEndpoints: [], missingRecordings: [] },
    ...{ unseated: [], brokenVoices: new Map(), homeless: [], interrupted: [] },
  };
  private readonly open = new Map<
    Member,
    { endpoints: Set<EndpointId>; recordings: Set<RecordingId>; mixes: Set<MixId> }
  >();
  /** Who has kept something about it. */
  private readonly keepers = new Map<Subject, Set<Member>>();

  constructor(
    private readonly claims: ReadonlyMap<Member, ClaimPage>,
    private readonly options: RestoreBookOptions,
  ) {
    for (const [member, { endpoints, recordings, mixes }] of claims)
      this.open.set(member, {
        ...{ endpoints: new Set(endpoints), recordings: new Set(recordings), mixes: new Set(mixes) },
      });
  }

  restore(): RestoredBook {
    const memos = this.newestMemos();
    const endpoints: EndpointMemo[] = [];
    const recordings: RecordingMemo[] = [];
    for (const memo of memos) {
      if (memo.kind === 'mix') this.mix(memo);
      if (memo.kind === 'endpoint') endpoints.push(memo);
      if (memo.kind === 'recording') recordings.push(memo);
    }
    for (const memo of endpoints) this.endpoint(memo);
    const joins = new Map(endpoints.map(({ request, join }) => [request.endpointId, join]));
    for (const memo of endpoints) this.join(memo, joins);
    for (const { request } of endpoints) this.seat(request.endpointId);
    for (const memo of recordings) this.recording(memo);
    return this.restored;
  }

  private newestMemos(): Memo[] {
    const newest = new Map<Subject, Memo>();
    for (const [member, { memos }] of this.claims)
      for (const [subject, kept] of memos) {
        const memo = readMemo(kept);
        this.options.keeping.found(subject, member, memo?.revision ?? 0);
        if (!memo) {
          this.options.log.warn({ subject }, 'what was kept of it is not understood, and it is closed');
          continue;
        }
        const keepers = this.keepers.get(subject) ?? new Set();
        this.keepers.set(subject, keepers.add(member));
        if (memo.revision >= (newest.get(subject)?.revision ?? 0)) newest.set(subject, memo);
      }
    return [...newest.values()];
  }

  private mix({ request, venue }: MixMemo): void {
    const mix = this.options.book.addMix(request);
    const member = this.member(venue);
    if (member && this.open.get(member)?.mixes.has(request.mixId)) mix.venue = member;
    else if (venue !== undefined) this.restored.homeless.push(mix);
  }

  private endpoint(memo: EndpointMemo): void {
    const { endpointId } = memo.request;
    const member = this.member(memo.member);
    if (!member) return;
    const endpoint = this.options.book.addEndpoint(memo.request, { group: memo.group, member });
    Object.assign(endpoint, {
      ...{ state: memo.state, codec: memo.codec, sdp: memo.sdp, play: memo.play },
      ...{ hidesDigits: memo.hidesDigits, detection: memo.detection },
    });
    member.legs.add(endpointId);
    const { away, offered, missingEndpoints } = this.restored;
    const isOpen = this.isOpenAt(member, endpointId);
    if (isOpen && memo.state === 'offered') offered.push(endpoint);
    if (isOpen && memo.state !== 'reopening') return;
    if (this.keepers.get(endpointId)?.has(member) && memo.state !== 'reopening')
      return void missingEndpoints.push(endpoint);
    endpoint.state = 'reopening';
    away.push(endpoint);
  }

  private join(
    { request: { endpointId }, join, seat }: EndpointMemo,
    joins: ReadonlyMap<EndpointId, EndpointMemo['join']>,
  ): void {
    const { endpoints, mixes } = this.options.book;
    const endpoint = endpoints.get(endpointId);
    if (!endpoint) return;
    if (join.kind === 'bridged') {
      const to = endpoints.get(join.to);
      const back = joins.get(join.to);
      if (to && back?.kind === 'bridged' && back.to === endpointId) endpoint.join = { kind: 'bridged', to };
    }
    const mix = join.kind === 'mixed' ? mixes.get(join.mixId) : undefined;
    if (mix && join.kind === 'mixed') {
      endpoint.join = { kind: 'mixed', mix };
      mix.members.set(endpointId, join.member);
    }
    endpoint.seat = this.trunk(seat);
  }

  /** Whether there is a way to whom it is joined with: it may have broken, or was just being laid. */
  private seat(endpointId: EndpointId): void {
    const endpoint = this.options.book.endpoints.get(endpointId);
    if (!endpoint || endpoint.join.kind === 'alone') return;
    const { join } = endpoint;
    const reaches = (one: PooledEndpoint, venue: Member | undefined): boolean =>
      one.member === venue || (one.seat !== undefined && one.seat.far.member === venue);
    const isSeated =
      join.kind === 'mixed'
        ? reaches(endpoint, join.mix.venue)
        : reaches(endpoint, join.to.member) || reaches(join.to, endpoint.member);
    // One way joins both.
    const isOtherOne = join.kind === 'bridged' && this.restored.unseated.includes(join.to);
    if (!isSeated && !isOtherOne) this.restored.unseated.push(endpoint);
  }

  private recording(memo: RecordingMemo): void {
    const { book, clock } = this.options;
    const { recordingId } = memo.request;
    const member = this.member(memo.member);
    if (!member) return;
    const recording = book.addRecording(memo.request, member);
    for (const [channel, mixId] of memo.mixes) recording.mixes.set(channel, mixId);
    for (const { channel, endpointId, first, trunk } of memo.voices) {
      const endpoint = book.endpoints.get(endpointId);
      if (!endpoint) continue;
      const voice = book.voiceOf(recording, channel, endpoint);
      if (first) recording.channels.set(channel, voice);
      else recording.further.set(endpointId, voice);
      const way = this.trunk(trunk);
      if (way) voice.trunk = way;
      else if (trunk) this.restored.brokenVoices.set(recording, [...this.brokenOf(recording), voice]);
    }
    if (memo.maskedUntilMs !== undefined)
      recording.maskedUntilMs = memo.maskedUntilMs - clock.nowMs() + clock.monotonicMs();
    if (this.open.get(member)?.recordings.has(recordingId) && !memo.interrupted) return;
    if (this.keepers.get(recordingId)?.has(member) && !memo.interrupted)
      return void this.restored.missingRecordings.push(recording);
    recording.interrupted = true;
    this.restored.interrupted.push(recording);
  }

  private brokenOf(recording: PooledRecording): PooledVoice[] {
    return this.restored.brokenVoices.get(recording) ?? [];
  }

  /** Whole at both ends, or of no use. */
  private trunk(memo: TrunkMemo | undefined): Trunk | undefined {
    const [near, far] = [this.member(memo?.near.member), this.member(memo?.far.member)];
    if (!memo || !near || !far) return undefined;
    if (!this.isOpenAt(near, memo.near.endpointId) || !this.isOpenAt(far, memo.far.endpointId)) return undefined;
    const trunk: Trunk = {
      near: { member: near, endpointId: memo.near.endpointId },
      far: { member: far, endpointId: memo.far.endpointId },
      purpose: memo.purpose,
      closed: false,
    };
    this.options.trunks.adopt(trunk);
    return trunk;
  }

  private isOpenAt(member: Member, endpointId: EndpointId): boolean {
    return this.open.get(member)?.endpoints.has(endpointId) ?? false;
  }

  private member(name: string | undefined): Member | undefined {
    return this.options.members.find((member) => member.name === name);
  }
}
