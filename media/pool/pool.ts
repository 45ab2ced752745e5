/**
 * {@link MediaPort} over several media processes. A call's legs go where the call is, a new call's where the load is
 * least; legs of different processes are joined by trunks. When a process dies its legs are opened anew elsewhere, and
 * what they were in goes on as soon as their peers have agreed to the new addresses.
 */
import type { Clock } from '../../base/clock';
import { TypedEmitter } from '../../base/emitter';
import type { EndpointId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaCounts, MediaEvent, MediaPort } from '../ports';
import { Book } from './book';
import { detectAt } from './detections';
import { Inheritance } from './inheritance';
import type { Inherited, Kept } from './inheritance';
import { Joins, forgiven } from './joins';
import { Keeping } from './keeping';
import { Losses } from './losses';
import { Member } from './member';
import type { PooledProcess, ProcessStatus } from './member';
import { Parties } from './parties';
import { placesFor } from './placement';
import { PooledPlays } from './plays';
import { countsByName, countsOfAll, statsOfMany } from './pooled-stats';
import { PooledRecordings } from './recordings';
import { Recovery } from './recovery';
import { PooledTakes } from './takes';
import { Trunks } from './trunks';

export interface MediaPoolOptions {
  readonly processes: readonly PooledProcess[];
  /** Another leg of the call that a leg is opened for, where its request names none. */
  readonly neighbourOf?: (endpointId: EndpointId) => EndpointId | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

const DONE = ok(undefined);

export class MediaPool implements MediaPort {
  private readonly members: readonly Member[];
  private readonly book: Book;
  private readonly trunks = new Trunks();
  private readonly takes: PooledTakes;
  private readonly plays: PooledPlays;
  private readonly joins: Joins;
  private readonly recordings: PooledRecordings;
  private readonly parties: Parties;
  private readonly recovery: Recovery;
  private readonly inheritance: Inheritance;
  private readonly events: TypedEmitter<{ event: [MediaEvent]; ready: [] }>;
  private readonly unsubscribes: (() => void)[] = [];

  constructor({ processes, neighbourOf, clock, log }: MediaPoolOptions) {
    const { trunks } = this;
    const members = processes.map((process) => new Member(process));
    const keeping = new Keeping({ members, clock, log });
    const book = (this.book = new Book((subject) => keeping.changed(subject)));
    keeping.watch(book);
    const emit = (event: MediaEvent): void => this.events.emit('event', event);
    this.members = members;
    this.takes = new PooledTakes(members);
    this.events = new TypedEmitter(log);
    const plays = (this.plays = new PooledPlays({ book, emit }));
    const recordings = (this.recordings = new PooledRecordings({ book, trunks, clock, log, emit }));
    const joins = (this.joins = new Joins({
      ...{ book, trunks, log },
      onJoining: (endpoint) => plays.endAway(endpoint),
      onPlaced: (mixId) => recordings.mixPlaced(mixId),
    }));
    const parties = (this.parties = new Parties({ book, members, joins, plays, recordings, neighbourOf, emit }));
    const recovery = (this.recovery = new Recovery({
      ...{ book, members, clock, log, emit },
      giveUp: (endpoint, reason) =>
        parties.lose(endpoint, { type: 'endpoint-lost', endpointId: endpoint.endpointId, reason }),
    }));
    const losses = new Losses({
      ...{ book, trunks, joins, parties, plays, recordings, recovery, keeping, log, emit },
      onReady: (member) => {
        this.inheritance.memberReady(member);
        if (member.takesCalls) this.events.emit('ready');
      },
    });
    this.inheritance = new Inheritance({
      ...{ members, book, trunks, joins, parties, recordings, recovery, losses, keeping, clock, log, emit },
      takes: this.takes,
      onCleared: () => this.events.emit('ready'),
    });
    for (const member of members) {
      this.unsubscribes.push(
        member.port.onEvent((event) => losses.heard(member, event)),
        member.port.onChange((change) => losses.changed(member, change)),
      );
    }
  }

  /** Whether a call could be taken now. */
  get ready(): boolean {
    return this.members.some(({ takesCalls }) => takesCalls);
  }

  /** Resolves when there is one process at least, at once when there is. */
  whenReady(): Promise<void> {
    if (this.ready) return Promise.resolve();
    return new Promise((resolve) => void this.events.once('ready', resolve));
  }

  /**
   * A process is to take no more calls, and to start anew when it carries none; after `withinMs` its calls move to
   * others. Fails with `not_found`, `unavailable`, and with `conflict` when no other process could take calls.
   */
  drain(name: string, withinMs?: number): Result<void> {
    const member = this.members.find((one) => one.name === name);
    if (!member) return fail('not_found', `There is no media process ${name}.`);
    if (!this.members.some((other) => other !== member && other.takesCalls))
      return fail('conflict', `No other media process could take calls while ${name} takes none.`);
    return member.port.drain(withinMs);
  }

  processes(): readonly ProcessStatus[] {
    return this.members.map(({ status }) => status);
  }

  /** What each process that can be asked holds, the trunks between them included; by its name. */
  countsByProcess(): Promise<ReadonlyMap<string, MediaCounts>> {
    return countsByName(this.members);
  }

  onEvent(listener: (event: MediaEvent) => void): () => void {
    return this.events.on('event', listener);
  }

  /**
   * Claims what the app's previous life has left open in the processes; those that are not connected are waited for,
   * 2 s at most. From then on every method works with it, as if nothing had happened; events about it wait for
   * {@link MediaPool.closeRest}. Asked again, it gives the same.
   */
  inherited(): Promise<Inherited> {
    return this.inheritance.inherited();
  }

  /**
   * Closes what was inherited and is not named. Then the events that have waited are delivered, and legs and recordings
   * whose process was lost meanwhile go on elsewhere, as ever.
   */
  closeRest(kept: Kept): Promise<void> {
    return this.inheritance.closeRest(kept);
  }

  readonly openEndpoint: MediaPort['openEndpoint'] = (request) => this.parties.open(request);
  readonly acceptAnswer: MediaPort['acceptAnswer'] = (...answer) => this.parties.acceptAnswer(...answer);
  readonly answerReoffer: MediaPort['answerReoffer'] = (...offer) => this.parties.answerReoffer(...offer);
  readonly closeEndpoint: MediaPort['closeEndpoint'] = (endpointId) => this.parties.close(endpointId);

  readonly reoffer: MediaPort['reoffer'] = (endpointId) =>
    this.book.at(endpointId, ({ member }) => member.port.reoffer(endpointId));

  readonly bridge: MediaPort['bridge'] = async (a, b) =>
    this.book.with(a, (first) => this.book.with(b, (second) => this.joins.bridge(first, second)));

  readonly unbridge: MediaPort['unbridge'] = async (endpointId) =>
    this.book.with(endpointId, (endpoint) => this.joins.unbridge(endpoint));

  readonly openMix: MediaPort['openMix'] = async (request) => this.joins.open(request);
  readonly joinMix: MediaPort['joinMix'] = (mixId, members) => this.joins.joinMix(mixId, members);
  readonly closeMix: MediaPort['closeMix'] = (mixId) => this.joins.closeMix(mixId);

  readonly leaveMix: MediaPort['leaveMix'] = async (endpointId) =>
    this.book.with(endpointId, (endpoint) => this.joins.leaveMix(endpoint));

  readonly tap: MediaPort['tap'] = async (from, to) =>
    this.book.at(from, ({ member }) =>
      this.book.with(to, (hearing) =>
        hearing.member === member
          ? member.port.tap(from, to)
          : fail('unsupported', `endpoints ${from} and ${to} are in different processes`),
      ),
    );

  readonly play: MediaPort['play'] = (request) => this.plays.play(request);
  readonly stopPlay: MediaPort['stopPlay'] = (playId) => this.plays.stop(playId);
  readonly controlPlay: MediaPort['controlPlay'] = (playId, control) => this.plays.control(playId, control);

  readonly startTake: MediaPort['startTake'] = (request) =>
    this.book.at(request.endpointId, (endpoint) => this.takes.start(endpoint, request));

  readonly stopTake: MediaPort['stopTake'] = (takeId) => this.takes.stop(takeId);
  readonly dropTake: MediaPort['dropTake'] = (takeId) => this.takes.drop(takeId);

  readonly sendDigit: MediaPort['sendDigit'] = (endpointId, digit, durationMs) =>
    this.book.at(endpointId, ({ member }) => member.port.sendDigit(endpointId, digit, durationMs));

  readonly hideDigits: MediaPort['hideDigits'] = async (endpointId, hidden) =>
    this.book.with(endpointId, async (endpoint) => {
      endpoint.hidesDigits = hidden;
      if (endpoint.state === 'reopening') return DONE;
      return forgiven(await endpoint.member.port.hideDigits(endpointId, hidden));
    });

  readonly detect: MediaPort['detect'] = async (endpointId, detection) =>
    this.book.with(endpointId, (endpoint) => detectAt(endpoint, detection));

  readonly startRecording: MediaPort['startRecording'] = async (request) => {
    const { near, nearMix } = request;
    const beside = near === undefined ? undefined : this.book.endpoints.get(near)?.member;
    const venue = nearMix === undefined ? undefined : this.book.mixes.get(nearMix)?.venue;
    return this.recordings.start(request, placesFor(this.members, venue ?? beside));
  };

  readonly attachRecording: MediaPort['attachRecording'] = async (recordingId, channel, endpointId) =>
    this.book.with(endpointId, (endpoint) => this.recordings.attach(recordingId, channel, endpoint));

  readonly alsoRecord: MediaPort['alsoRecord'] = async (recordingId, channel, endpointId) =>
    this.book.with(endpointId, (endpoint) => this.recordings.attachAlso(recordingId, channel, endpoint));

  readonly attachMix: MediaPort['attachMix'] = (...attached) => this.recordings.attachMix(...attached);
  readonly detachRecording: MediaPort['detachRecording'] = (...detached) => this.recordings.detach(...detached);
  readonly maskRecording: MediaPort['maskRecording'] = (recordingId, maxMs) => this.recordings.mask(recordingId, maxMs);
  readonly unmaskRecording: MediaPort['unmaskRecording'] = (recordingId) => this.recordings.unmask(recordingId);
  readonly stopRecording: MediaPort['stopRecording'] = (recordingId) => this.recordings.stop(recordingId);

  readonly stats: MediaPort['stats'] = (endpointId) =>
    this.book.at(endpointId, ({ member }) => member.port.stats(endpointId));

  readonly statsOf: MediaPort['statsOf'] = (endpointIds) => statsOfMany(this.members, this.book, endpointIds);
  readonly counts: MediaPort['counts'] = () => countsOfAll(this.members, this.book, this.trunks);

  /** Ends the connections; what was open in the processes is closed there. Idempotent. */
  close(): void {
    this.recovery.close();
    for (const unsubscribe of this.unsubscribes.splice(0)) unsubscribe();
    for (const { port } of this.members) port.close();
    this.events.removeAll();
  }
}
