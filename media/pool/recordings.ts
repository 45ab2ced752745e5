/** Recordings of the pool: each is written by one process, and goes on in a new file by another when that dies. */
import type { Clock } from '../../base/clock';
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import type { Logger } from '../../base/log';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { MediaEvent, RecordingChannel, RecordingRequest, RecordingSummary } from '../ports';
import { isJoinable } from './book';
import type { Book, PooledEndpoint, PooledRecording, PooledVoice } from './book';
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
    const recording = this.options.book.addRecording(request, member);
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
      const before = voicesOf(recording, channel).flatMap(({ trunk }) => trunk ?? []);
      recording.mixes.delete(channel);
      leaveOut(recording, channel);
      recording.channels.set(channel, this.options.book.voiceOf(recording, channel, endpoint));
      const attached = await this.record(recording, channel);
      for (const trunk of before) await this.options.trunks.close(trunk);
      return forgiven(attached);
    });
  }

  attachAlso(recordingId: RecordingId, channel: RecordingChannel, endpoint: PooledEndpoint): Promise<Result<void>> {
    return this.with(recordingId, async (recording) => {
      const before = recording.further.get(endpoint.endpointId)?.trunk;
      const voice = this.options.book.voiceOf(recording, channel, endpoint);
      recording.further.set(endpoint.endpointId, voice);
      const attached = await this.recordAlso(recording, voice);
      if (before) await this.options.trunks.close(before);
      return forgiven(attached);
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
      await this.drop(recording, voicesOf(recording, channel));
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
    await this.drop(recording, allVoicesOf(recording));
  }

  /** A leg is gone for good. */
  forgetEndpoint(endpoint: PooledEndpoint): Promise<void> {
    return this.eachVoice(
      (voice) => voice.endpoint === endpoint,
      (recording, voices) => this.drop(recording, voices),
    );
  }

  /** A leg that was away is recorded again. */
  restore(endpoint: PooledEndpoint): void {
    void this.eachVoice(
      (voice) => voice.endpoint === endpoint,
      (recording, voices) => this.again(recording, voices),
    );
  }

  /** The way to these was broken while the app was away. */
  restoreVoices(recording: PooledRecording, voices: readonly PooledVoice[]): void {
    void this.again(recording, voices);
  }

  trunkBroke(trunk: Trunk): void {
    void this.eachVoice(
      (voice) => voice.trunk === trunk,
      (recording, voices) => this.again(recording, voices),
    );
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
    const first = [...interrupted.channels.values()];
    const further = [...interrupted.further.values()];
    for (const [channel, mixId] of interrupted.mixes) {
      const recorded = await this.recordMix(recording, channel, mixId);
      if (!recorded.ok) return recorded;
    }
    await this.forget(interrupted);
    const isThere = ({ endpoint }: PooledVoice): boolean => endpoint.state !== 'closed';
    const { book } = this.options;
    for (const { channel, endpoint } of first.filter(isThere))
      recording.channels.set(channel, book.voiceOf(recording, channel, endpoint));
    for (const { channel, endpoint } of further.filter(isThere))
      recording.further.set(endpoint.endpointId, book.voiceOf(recording, channel, endpoint));
    void this.again(recording, allVoicesOf(recording));
    return DONE;
  }

  private async again(recording: PooledRecording, voices: readonly PooledVoice[]): Promise<void> {
    const { recordingId } = recording.request;
    await this.with(recordingId, async () => {
      const channels = new Set(voices.filter(isFirstOf(recording)).map(({ channel }) => channel));
      for (const channel of channels) this.note(recording, channel, await this.record(recording, channel));
      for (const voice of recording.further.values())
        // Whoever is first on a channel begins it anew, and those beside are to be added again.
        if (channels.has(voice.channel) || voices.includes(voice))
          this.note(recording, voice.channel, await this.recordAlso(recording, voice));
      return DONE;
    });
  }

  private note({ request }: PooledRecording, channel: RecordingChannel, recorded: Result<void>): void {
    const { recordingId } = request;
    if (!recorded.ok)
      this.options.log.error({ recordingId, channel, fault: recorded.fault }, 'a party is missing in the recording');
  }

  private record(recording: PooledRecording, channel: RecordingChannel): Promise<Result<void>> {
    const { member, request, channels } = recording;
    return this.bring(recording, channels.get(channel), (endpointId) =>
      member.port.attachRecording(request.recordingId, channel, endpointId),
    );
  }

  private recordAlso(recording: PooledRecording, voice: PooledVoice): Promise<Result<void>> {
    const { member, request } = recording;
    return this.bring(recording, voice, (endpointId) =>
      member.port.alsoRecord(request.recordingId, voice.channel, endpointId),
    );
  }

  /** Brings the sound of a voice's leg to where it is written; once it has any. */
  private async bring(
    { member, interrupted }: PooledRecording,
    voice: PooledVoice | undefined,
    put: (endpointId: EndpointId) => Promise<Result<void>>,
  ): Promise<Result<void>> {
    if (!voice || interrupted) return DONE;
    const { endpoint } = voice;
    if (endpoint.member === member) {
      await this.endTrunk(voice);
      return endpoint.state === 'reopening' ? DONE : put(endpoint.endpointId);
    }
    if (!isJoinable(endpoint) || !endpoint.codec) return DONE;
    const way = { from: endpoint.member, to: member, codec: endpoint.codec, purpose: 'tap' } as const;
    const laid = await this.options.trunks.lay(way);
    if (!laid.ok) return laid;
    await this.endTrunk(voice);
    voice.trunk = laid.value;
    const { near, far } = laid.value;
    const tapped = await near.member.port.tap(endpoint.endpointId, near.endpointId);
    return tapped.ok ? put(far.endpointId) : tapped;
  }

  private async drop(recording: PooledRecording, voices: readonly PooledVoice[]): Promise<void> {
    for (const voice of voices) {
      const { channel, endpoint } = voice;
      if (recording.channels.get(channel) === voice) recording.channels.delete(channel);
      if (recording.further.get(endpoint.endpointId) === voice) recording.further.delete(endpoint.endpointId);
      await this.endTrunk(voice);
    }
  }

  private async endTrunk(voice: PooledVoice): Promise<void> {
    const { trunk } = voice;
    delete voice.trunk;
    if (trunk) await this.options.trunks.close(trunk);
  }

  private async eachVoice(
    isMeant: (voice: PooledVoice) => boolean,
    act: (recording: PooledRecording, voices: readonly PooledVoice[]) => Promise<void>,
  ): Promise<void> {
    for (const recording of [...this.options.book.recordings.values()]) {
      const voices = allVoicesOf(recording).filter(isMeant);
      if (voices.length > 0) await act(recording, voices);
    }
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

const allVoicesOf = ({ channels, further }: PooledRecording): PooledVoice[] => [
  ...channels.values(),
  ...further.values(),
];

const voicesOf = (recording: PooledRecording, channel: RecordingChannel): PooledVoice[] =>
  allVoicesOf(recording).filter((voice) => voice.channel === channel);

const isFirstOf =
  ({ channels }: PooledRecording) =>
  (voice: PooledVoice): boolean =>
    channels.get(voice.channel) === voice;

/** Nobody is on the channel any more. */
const leaveOut = ({ channels, further }: PooledRecording, channel: RecordingChannel): void => {
  channels.delete(channel);
  for (const [endpointId, voice] of further) if (voice.channel === channel) further.delete(endpointId);
};
