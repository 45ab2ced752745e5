/** Which recordings are running. */
import type { Clock } from '../../base/clock';
import { diskUse } from '../../base/disk-use';
import type { EndpointId, RecordingId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { RecordingChannel, RecordingFailure, RecordingRequest, RecordingSummary } from '../ports';
import { failureOf } from './failure';
import { Recorder } from './recorder';
import { StallWatch } from './stall-watch';

const MASK_MIN_MS = 1000;
const MASK_MAX_MS = 3_600_000;
/** Of the golden section: its multiples lie as far apart from each other as can be, however many there are. */
const GOLDEN_STEP = 0.618;

export interface RecordingDeskOptions {
  readonly recordingsDir: string;
  /** Name of the process. */
  readonly owner?: string | undefined;
  readonly clock: Clock;
  /** None is begun on a disk that is fuller than this. Default 100: as long as there is any room. */
  readonly diskLimitPercent?: number | undefined;
  /** Told when a recording ended by itself, or could not be begun for the disk's sake. */
  readonly onFailed: (recordingId: RecordingId, failure: RecordingFailure) => void;
}

export class RecordingDesk {
  private readonly recorders = new Map<RecordingId, Recorder>();
  private readonly starting = new Map<RecordingId, Promise<Result<Recorder>>>();
  private readonly stalls: StallWatch;
  private phase = 0;

  constructor(private readonly options: RecordingDeskOptions) {
    this.stalls = new StallWatch(options.clock);
  }

  get size(): number {
    return this.recorders.size;
  }

  async start(request: RecordingRequest): Promise<Result<void>> {
    const { recordingId } = request;
    if (this.recorders.has(recordingId) || this.starting.has(recordingId))
      return fail('conflict', `recording ${recordingId} is running already`);
    const starting = this.begin(request);
    this.starting.set(recordingId, starting);
    const started = await starting;
    this.starting.delete(recordingId);
    return started.ok ? ok(undefined) : started;
  }

  private async begin(request: RecordingRequest): Promise<Result<Recorder>> {
    const { recordingsDir, owner, clock } = this.options;
    const { recordingId } = request;
    const tooFull = await this.refusalOfDisk();
    if (tooFull) {
      this.options.onFailed(recordingId, tooFull);
      return fail('unavailable', tooFull.detail);
    }
    const onFailed = (failure: RecordingFailure): void => {
      this.recorders.delete(recordingId);
      this.options.onFailed(recordingId, failure);
    };
    const { stalls, phase } = this;
    // Recordings that begin together, as after a restart, would otherwise be written together and hold packets up.
    this.phase = (phase + GOLDEN_STEP) % 1;
    const started = await Recorder.start({ request, recordingsDir, owner, clock, stalls, phase, onFailed });
    if (!started.ok && started.fault.code === 'unavailable') {
      const { cause } = failureOf(started.fault.cause);
      this.options.onFailed(recordingId, { cause, detail: started.fault.message });
    }
    if (started.ok) this.recorders.set(recordingId, started.value);
    return started;
  }

  /** What others need the disk's last room for: the store above all. */
  private async refusalOfDisk(): Promise<RecordingFailure | undefined> {
    const { recordingsDir, diskLimitPercent = 100 } = this.options;
    if (diskLimitPercent >= 100) return undefined;
    const use = await diskUse(recordingsDir).catch(() => undefined);
    if (!use || use.usedPercent < diskLimitPercent) return undefined;
    const detail = `the disk is too full: ${Math.floor(use.usedPercent)} %, from ${diskLimitPercent} % on no recording is begun`;
    return { cause: 'disk-too-full', detail };
  }

  attach(recordingId: RecordingId, channel: RecordingChannel, endpoint: MediaEndpoint): Result<void> {
    return this.with(recordingId, (recorder) => recorder.attach(channel, endpoint));
  }

  attachAlso(recordingId: RecordingId, channel: RecordingChannel, endpoint: MediaEndpoint): Result<void> {
    return this.with(recordingId, (recorder) => recorder.attachAlso(channel, endpoint));
  }

  detach(recordingId: RecordingId, channel: RecordingChannel): Result<void> {
    return this.with(recordingId, (recorder) => recorder.detach(channel));
  }

  /** Detaches an endpoint that has gone from wherever it is attached. */
  detachEndpoint(endpointId: EndpointId): void {
    for (const recorder of this.recorders.values()) recorder.detachEndpoint(endpointId);
  }

  mask(recordingId: RecordingId, maxMs: number): Result<void> {
    if (!(maxMs >= MASK_MIN_MS && maxMs <= MASK_MAX_MS))
      return fail('bad_input', `a recording is masked for ${MASK_MIN_MS} to ${MASK_MAX_MS} ms, not ${maxMs}`);
    return this.with(recordingId, (recorder) => recorder.mask(maxMs));
  }

  unmask(recordingId: RecordingId): Result<void> {
    return this.with(recordingId, (recorder) => recorder.unmask());
  }

  /** One that is just being begun is stopped when it has. */
  async stop(recordingId: RecordingId): Promise<Result<RecordingSummary>> {
    await this.starting.get(recordingId);
    const recorder = this.recorders.get(recordingId);
    if (!recorder) return noRecording(recordingId);
    this.recorders.delete(recordingId);
    return recorder.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.recorders.keys(), ...this.starting.keys()].map((recordingId) => this.stop(recordingId)));
  }

  private with(recordingId: RecordingId, act: (recorder: Recorder) => void): Result<void> {
    const recorder = this.recorders.get(recordingId);
    if (!recorder) return noRecording(recordingId);
    act(recorder);
    return ok(undefined);
  }
}

const noRecording = (recordingId: RecordingId): ReturnType<typeof fail> =>
  fail('not_found', `there is no recording ${recordingId}`);
