/** What the processes of the pool tell by themselves: events of their legs, and that one of them, or a part of it, is gone. */
import type { RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import type { ProcessChange } from '../client-link';
import type { MediaEvent } from '../ports';
import type { Book, PooledEndpoint, PooledRecording } from './book';
import { withoutFound } from './detections';
import type { Joins } from './joins';
import type { Keeping } from './keeping';
import type { Member } from './member';
import type { Parties } from './parties';
import type { PooledPlays } from './plays';
import type { PooledRecordings } from './recordings';
import type { LossReason, Recovery } from './recovery';
import type { Trunk, Trunks } from './trunks';

export interface LossesOptions {
  readonly book: Book;
  readonly trunks: Trunks;
  readonly joins: Joins;
  readonly parties: Parties;
  readonly plays: PooledPlays;
  readonly recordings: PooledRecordings;
  readonly recovery: Recovery;
  readonly keeping: Keeping;
  readonly log: Logger;
  readonly emit: (event: MediaEvent) => void;
  /** A process takes calls again. */
  readonly onReady: (member: Member) => void;
}

export class Losses {
  constructor(private readonly options: LossesOptions) {}

  heard(member: Member, event: MediaEvent): void {
    const { book, trunks, plays, emit } = this.options;
    if (event.type === 'stream-changed') return emit(event);
    if ('recordingId' in event) return this.recordingEnded(member, event);
    const trunk = trunks.at(event.endpointId);
    if (trunk) return event.type === 'endpoint-lost' ? this.trunkBroke(trunk) : undefined;
    const endpoint = book.endpoints.get(event.endpointId);
    // What a leg that has just been closed had been hearing.
    if (!endpoint && event.type === 'play-ended') return emit(event);
    if (!endpoint || endpoint.member !== member) return;
    if (event.type === 'endpoint-lost') return this.endpointLost(endpoint, event);
    if (event.type === 'play-ended') plays.ended(endpoint, event.playId);
    endpoint.detection = withoutFound(endpoint.detection, event);
    emit(event);
  }

  changed(member: Member, change: ProcessChange): void {
    this.options.log.info({ mediaProcess: member.name, change }, 'a media process has changed its state');
    if (change === 'ready') {
      member.draining = false;
      this.options.keeping.ready();
      this.options.onReady(member);
    }
    if (change === 'draining') member.draining = true;
    if (change === 'lost') {
      this.options.keeping.lost(member);
      this.memberLost(member, 'process-lost');
    }
  }

  private endpointLost(endpoint: PooledEndpoint, event: Extract<MediaEvent, { type: 'endpoint-lost' }>): void {
    const { parties, trunks, recovery } = this.options;
    // That its process is gone is known by then, and dealt with.
    if (event.reason === 'process-lost') return;
    if (event.reason !== 'worker-died') return parties.lose(endpoint, event);
    if (endpoint.seat) void trunks.close(endpoint.seat);
    recovery.reopen([endpoint], event.reason);
  }

  private recordingEnded(member: Member, event: Extract<MediaEvent, { recordingId: RecordingId }>): void {
    const { book, recordings, emit } = this.options;
    const recording = book.recordings.get(event.recordingId);
    if (!recording || recording.member !== member) return;
    if (event.type === 'recording-failed') void recordings.forget(recording);
    emit(event);
  }

  private trunkBroke(trunk: Trunk): void {
    const { trunks, joins, recordings } = this.options;
    void trunks.close(trunk);
    joins.trunkBroke(trunk);
    recordings.trunkBroke(trunk);
  }

  private memberLost(member: Member, reason: LossReason): void {
    const { book, trunks, joins, recovery } = this.options;
    const lost = book.endpointsAt(member).filter(({ state }) => state !== 'opening');
    const recordings = [...book.recordings.values()].filter((recording) => recording.member === member);
    const broken = trunks.all().filter(({ near, far }) => near.member === member || far.member === member);
    for (const endpoint of lost) endpoint.state = 'reopening';
    joins.venueLost(member);
    for (const trunk of broken) this.trunkBroke(trunk);
    recovery.reopen(lost, reason);
    for (const recording of recordings) void this.interrupt(recording);
  }

  /** Told as soon as there is a process that can go on with it. */
  async interrupt(recording: PooledRecording): Promise<void> {
    const { book, recordings, recovery, emit } = this.options;
    recording.interrupted = true;
    const { recordingId } = recording.request;
    const goesOn = (await recovery.someMember(undefined)) !== undefined;
    if (book.recordings.get(recordingId) !== recording) return;
    if (goesOn) return recordings.tellInterrupted(recording);
    await recordings.forget(recording);
    emit({ type: 'recording-failed', recordingId, cause: 'process-lost', detail: 'its media process is gone' });
  }
}
