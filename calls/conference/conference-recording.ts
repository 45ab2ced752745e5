/**
 * The recording of a conference: everybody who speaks, mixed, in the history of all who were there. Should its media
 * process die it goes on in a next file, its next part.
 */
import { newId } from '../../base/ids';
import type { MixId, RecordingId } from '../../base/ids';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { RecordingEntry, RecordingSilence } from '../../store/interaction';
import type { CallContext } from '../context';
import type { InteractionLog } from '../interaction-log';

/** Histories that one part is linked in. */
const MAX_LINKS = 1_000;

type About = Omit<RecordingEntry, 'n'>;

/** One file, and its number within each history that it is linked in. */
interface Part {
  about: About;
  readonly links: Map<InteractionLog, number>;
}

type Recorded = Pick<CallContext, 'media' | 'log' | 'clock' | 'measureRecording'>;

export interface ConferenceRecordingOptions {
  readonly mixId: MixId;
  /** What its files are called, before what makes each unique. */
  readonly name: string;
  /** How long it is kept; left out, as the configuration says. */
  readonly retentionDays?: number | undefined;
  /** What is to be done before anybody is heard in it. */
  readonly beforeHeard: (recordingId: RecordingId) => Promise<Result<void>>;
}

export class ConferenceRecording {
  private part: Part | undefined;

  private constructor(
    private readonly ctx: Recorded,
    private readonly options: ConferenceRecordingOptions,
  ) {}

  /** Of the part that is being written. */
  get recordingId(): RecordingId | undefined {
    return this.part?.about.recordingId;
  }

  static async start(ctx: Recorded, options: ConferenceRecordingOptions): Promise<Result<ConferenceRecording>> {
    const recording = new ConferenceRecording(ctx, options);
    const begun = await recording.begin(undefined);
    if (!begun.ok) return begun;
    const { recordingId } = begun.value.about;
    const heard = await recording.attach(recordingId);
    if (heard.ok) return ok(recording);
    await ctx.media.stopRecording(recordingId);
    return heard;
  }

  /** Goes on with a file of before the restart of the app, which media write on. */
  static resume(ctx: Recorded, options: ConferenceRecordingOptions, entry: RecordingEntry): ConferenceRecording {
    const recording = new ConferenceRecording(ctx, options);
    const { n: _n, ...about } = entry;
    recording.part = { about, links: new Map() };
    return recording;
  }

  /** By which number this history has the part that is being written. */
  numberIn(log: InteractionLog): number | undefined {
    return this.part?.links.get(log);
  }

  /** Notes that the part is silent from now on, or no more. */
  silenced(kind: RecordingSilence['kind'] | undefined): void {
    const { part } = this;
    if (!part) return;
    const { silences = [] } = part.about;
    const open = silences.at(-1);
    if ((open?.toMs === undefined ? open?.kind : undefined) === kind) return;
    const nowMs = this.ctx.clock.nowMs();
    const ended = silences.map((one) => ({ ...one, toMs: one.toMs ?? nowMs }));
    this.change(part, { silences: [...ended, ...(kind ? [{ kind, fromMs: nowMs }] : [])] });
  }

  /** Whoever is or comes there while it runs has it in the own history. */
  link(log: InteractionLog): void {
    const { part } = this;
    if (!part || part.links.has(log) || part.links.size >= MAX_LINKS) return;
    // Of before a restart it is there already.
    const known = log.interaction.recordings.find(({ recordingId }) => recordingId === part.about.recordingId);
    const n = known?.n ?? log.interaction.recordings.length + 1;
    part.links.set(log, n);
    if (!known) log.putRecording({ ...part.about, n });
  }

  /**
   * What wrote it is gone: the next part begins, as silent as this one was, and is still to be linked. Fails with
   * `unavailable` when none can be begun; {@link stop} is due then.
   */
  async goOn(): Promise<Result<void>> {
    const interrupted = this.part;
    if (!interrupted) return ok(undefined);
    const begun = await this.begin(interrupted.about.recordingId);
    if (!begun.ok) return begun;
    this.endSilence(interrupted);
    await this.close(interrupted);
    return ok(undefined);
  }

  async stop(): Promise<void> {
    const { part } = this;
    this.part = undefined;
    if (!part) return;
    this.endSilence(part);
    await this.close(part);
  }

  private async begin(continues: RecordingId | undefined): Promise<Result<Part>> {
    const { media, clock } = this.ctx;
    const { mixId, name, retentionDays } = this.options;
    const recordingId = newId<RecordingId>();
    const startedAtMs = clock.nowMs();
    // One folder a day (UTC), as for calls.
    const path = `${new Date(startedAtMs).toISOString().slice(0, 10)}/${name}-${recordingId.slice(0, 8)}.wav`;
    const request = { recordingId, path, codec: 'PCMA', nearMix: mixId, ...(continues && { continues }) } as const;
    const started = await media.startRecording(request);
    if (!started.ok) return started;
    const channels: RecordingEntry['channels'] = ['room', 'room'];
    const kept = retentionDays === undefined ? {} : { retentionDays };
    const about = { recordingId, path, startedAtMs, channels, durationMs: 0, sizeBytes: 0, ...kept };
    const part = { about, links: new Map<InteractionLog, number>() };
    this.part = part;
    return ok(part);
  }

  private async attach(recordingId: RecordingId): Promise<Result<void>> {
    const prepared = await this.options.beforeHeard(recordingId);
    if (!prepared.ok) return prepared;
    for (const channel of [0, 1] as const) {
      const attached = await this.ctx.media.attachMix(recordingId, channel, this.options.mixId);
      if (!attached.ok) return attached;
    }
    return ok(undefined);
  }

  private endSilence(part: Part): void {
    const { silences } = part.about;
    const nowMs = this.ctx.clock.nowMs();
    if (silences)
      part.about = { ...part.about, silences: silences.map((one) => ({ ...one, toMs: one.toMs ?? nowMs })) };
  }

  private change(part: Part, change: Partial<About>): void {
    part.about = { ...part.about, ...change };
    for (const [log, n] of part.links) log.putRecording({ ...part.about, n });
  }

  /** Ends a part, and writes down in every history how much is in it. */
  private async close(part: Part): Promise<void> {
    const { recordingId, path } = part.about;
    const stopped = await this.ctx.media.stopRecording(recordingId);
    if (!stopped.ok)
      this.ctx.log.error({ recordingId, fault: stopped.fault }, 'the recording of a conference ended early');
    const measured = stopped.ok ? stopped.value : await this.ctx.measureRecording(path);
    this.change(part, measured ? { durationMs: measured.durationMs, sizeBytes: measured.sizeBytes } : {});
  }
}
