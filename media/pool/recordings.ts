/** Recordings of the pool: each is written by one process, and goes on in a new file by another when that dies. */
import type { Clock } from '../../base/clock';
import type { MixId, RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { MediaEvent, RecordingChannel, RecordingRequest, RecordingSummary } from '../ports';
import { isJoinable } from './book';
import type { Book, PooledChannel, PooledEndpoint, PooledRecording } from './book';
import { forgiven } from './joins';
import type { Member } from './member';
import { nobody } from './placement';
import type { Trunk, Trunks } from './trunks';

export interface PooledRecordingsOptions {
  readonly book: Book;
  readonly trunks: Trunks;
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: (event: MediaEvent) => void;
}

const DONE = ok(undefined);

/** Less is left of a mask that is about to end than a process takes as its length. */
const SHORTEST_MASK_MS = 1000;

export class PooledRecordings {
  private readonly queue = new KeyedSerialQueue<RecordingId>();

  constructor(private readonly options: PooledRecordingsOptions) {}

  async start(request: RecordingRequest, places: readonly Member[]): Promise<Result<void>> {
    const { recordings } = this.options.book;
    const { recordingId, near: _near, nearMix: _nearMix, continues, ...rest } = request;
    const [member] = places;
    if (recordings.has(recordingId)) return fail('conflict', `recording ${recordingId} is running already`);
    if (!member) return nobody();
    const recording: PooledRecording = {
      ...{ request, member, interrupted: false, awaitsMix: false },
      ...{ channels: new Map(), mixes: new Map(), maskedUntilMs: undefined },
    };
    recordings.set(recordingId, recording);
    const started = await member.port.startRecording({ recordingId, ...rest });
    const interrupted = continues === undefined ? undefined : recordings.get(continues);
    const begun = started.ok && interrupted ? await this.goOn(recording, interrupted) : started;
    if (begun.ok) return begun;
    recordings.delete(recordingId);
    if (started.ok) await member.port.stopRecording(recordingId);
    return begun;
  }

  attach(recordingId: RecordingId, channel: RecordingChannel, endpoint: PooledEndpoint): Promise<Result<void>> {
    return this.with(recordingId, async (recording) => {
      const before = recording.channels.get(channel)?.trunk;
      recording.mixes.delete(channel);
      recording.channels.set(channel, { endpoint });
      const attached = await this.record(recording, channel);
      if (before) await this.options.trunks.close(before);
      return forgiven(attached);
    });
  }

  /** A leg of another process, as after the death of one, is left out until the channel is attached anew. */
  attachAlso(recordingId: RecordingId, channel: RecordingChannel, endpoint: PooledEndpoint): Promise<Result<void>> {
    return this.with(recordingId, async ({ member, interrupted }) => {
      if (!interrupted && endpoint.member === member)
        return member.port.alsoRecord(recordingId, channel, endpoint.endpointId);
      return fail('unavailable', `endpoint ${endpoint.endpointId} is not where recording ${recordingId} is written`);
    });
  }

  /** Of a recording that is written where the mix is. */
  attachMix(recordingId: RecordingId, channel: RecordingChannel, mixId: MixId): Promise<Result<void>> {
    return this.with(recordingId, async (recording) => forgiven(await this.recordMix(recording, channel, mixId)));
  }

  private async recordMix(recording: PooledRecording, channel: RecordingChannel, mixId: MixId): Promise<Result<void>> {
    const { member, request, mixes } = recording;
    const venue = this.options.book.mixes.get(mixId)?.venue;
    if (!venue) return fail('not_found', `there is no mix ${mixId} with members`);
    if (member !== venue) return fail('unsupported', `recording ${request.recordingId} is written by another process`);
    mixes.set(channel, mixId);
    return member.port.attachMix(request.recordingId, channel, mixId);
  }

  /** Another one may go on in its place: that of a mix as soon as it is mixed somewhere again. */
  tellInterrupted(recording: PooledRecording): void {
    const { book, emit } = this.options;
    recording.awaitsMix = [...recording.mixes.values()].some((mixId) => !book.mixes.get(mixId)?.venue);
    if (!recording.awaitsMix) emit({ type: 'recording-interrupted', recordingId: recording.request.recordingId });
  }

  mixPlaced(mixId: MixId): void {
    for (const recording of this.options.book.recordings.values())
      if (recording.awaitsMix && [...recording.mixes.values()].includes(mixId)) this.tellInterrupted(recording);
  }

  detach(recordingId: RecordingId, channel: RecordingChannel): Promise<Result<void>> {
    return this.with(recordingId, async (recording) => {
      recording.mixes.delete(channel);
      await this.drop(recording, channel);
      return recording.interrupted ? DONE : forgiven(await recording.member.port.detachRecording(recordingId, channel));
    });
  }

  mask(recordingId: RecordingId, maxMs: number): Promise<Result<void>> {
    return this.with(recordingId, async (recording) => {
      const masked = recording.interrupted ? DONE : await recording.member.port.maskRecording(recordingId, maxMs);
      if (masked.ok) recording.maskedUntilMs = this.options.clock.monotonicMs() + maxMs;
      return masked;
    });
  }

  unmask(recordingId: RecordingId): Promise<Result<void>> {
    return this.with(recordingId, async (recording) => {
      recording.maskedUntilMs = undefined;
      return recording.interrupted ? DONE : recording.member.port.unmaskRecording(recordingId);
    });
  }

  stop(recordingId: RecordingId): Promise<Result<RecordingSummary>> {
    return this.with(recordingId, async (recording) => {
      const stopped = recording.interrupted
        ? fail('unavailable', 'the media process that wrote it is gone')
        : await recording.member.port.stopRecording(recordingId);
      await this.forget(recording);
      return stopped;
    });
  }

  /** It has ended by itself. */
  async forget(recording: PooledRecording): Promise<void> {
    this.options.book.recordings.delete(recording.request.recordingId);
    for (const channel of [...recording.channels.keys()]) await this.drop(recording, channel);
  }

  /** A leg is gone for good. */
  async forgetEndpoint(endpoint: PooledEndpoint): Promise<void> {
    for (const [recording, channel] of this.channelsOf(endpoint)) await this.drop(recording, channel);
  }

  /** A leg that was away is recorded again. */
  restore(endpoint: PooledEndpoint): void {
    for (const [recording, channel] of this.channelsOf(endpoint)) this.again(recording, channel);
  }

  trunkBroke(trunk: Trunk): void {
    for (const recording of this.options.book.recordings.values())
      for (const [channel, heard] of recording.channels) if (heard.trunk === trunk) this.again(recording, channel);
  }

  private async goOn(recording: PooledRecording, interrupted: PooledRecording): Promise<Result<void>> {
    const { recordingId } = recording.request;
    const maskedMs = (interrupted.maskedUntilMs ?? 0) - this.options.clock.monotonicMs();
    recording.maskedUntilMs = interrupted.maskedUntilMs;
    // Before anybody is heard.
    if (maskedMs > 0) {
      const masked = await recording.member.port.maskRecording(recordingId, Math.max(maskedMs, SHORTEST_MASK_MS));
      if (!masked.ok) return masked;
    }
    const channels = [...interrupted.channels];
    for (const [channel, mixId] of interrupted.mixes) {
      const recorded = await this.recordMix(recording, channel, mixId);
      if (!recorded.ok) return recorded;
    }
    await this.forget(interrupted);
    for (const [channel, { endpoint }] of channels) {
      if (endpoint.state === 'closed') continue;
      recording.channels.set(channel, { endpoint });
      this.again(recording, channel);
    }
    return DONE;
  }

  private again(recording: PooledRecording, channel: RecordingChannel): void {
    const { recordingId } = recording.request;
    void this.with(recordingId, async () => {
      const recorded = await this.record(recording, channel);
      if (!recorded.ok)
        this.options.log.error({ recordingId, channel, fault: recorded.fault }, 'a party is missing in the recording');
      return DONE;
    });
  }

  /** Brings the sound of a channel's leg to where it is written; once it has any. */
  private async record(recording: PooledRecording, channel: RecordingChannel): Promise<Result<void>> {
    const heard = recording.channels.get(channel);
    if (!heard || recording.interrupted) return DONE;
    const { endpoint } = heard;
    const { member, request } = recording;
    if (endpoint.member === member) {
      await this.endTrunk(heard);
      if (endpoint.state === 'reopening') return DONE;
      return member.port.attachRecording(request.recordingId, channel, endpoint.endpointId);
    }
    if (!isJoinable(endpoint) || !endpoint.codec) return DONE;
    const way = { from: endpoint.member, to: member, codec: endpoint.codec, purpose: 'tap' } as const;
    const laid = await this.options.trunks.lay(way);
    if (!laid.ok) return laid;
    await this.endTrunk(heard);
    heard.trunk = laid.value;
    const { near, far } = laid.value;
    const tapped = await near.member.port.tap(endpoint.endpointId, near.endpointId);
    if (!tapped.ok) return tapped;
    return member.port.attachRecording(request.recordingId, channel, far.endpointId);
  }

  private async drop(recording: PooledRecording, channel: RecordingChannel): Promise<void> {
    const heard = recording.channels.get(channel);
    recording.channels.delete(channel);
    if (heard) await this.endTrunk(heard);
  }

  private async endTrunk(heard: PooledChannel): Promise<void> {
    const { trunk } = heard;
    delete heard.trunk;
    if (trunk) await this.options.trunks.close(trunk);
  }

  private channelsOf(endpoint: PooledEndpoint): [PooledRecording, RecordingChannel][] {
    return [...this.options.book.recordings.values()].flatMap((recording) =>
      [...recording.channels]
        .filter(([, heard]) => heard.endpoint === endpoint)
        .map(([channel]): [PooledRecording, RecordingChannel] => [recording, channel]),
    );
  }

  private with<Value>(
    recordingId: RecordingId,
    act: (recording: PooledRecording) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    return this.queue.run(recordingId, async () => {
      const recording = this.options.book.recordings.get(recordingId);
      return recording ? act(recording) : fail('not_found', `there is no recording ${recordingId}`);
    });
  }
}
