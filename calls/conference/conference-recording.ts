/** The recording of a conference: everybody who speaks, mixed, in one file that is in the history of all who were there. */
import { newId } from '../../base/ids';
import type { MixId, RecordingId } from '../../base/ids';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { RecordingEntry } from '../../store/interaction';
import type { CallContext } from '../context';
import type { InteractionLog } from '../interaction-log';

/** Histories that one recording is linked in. */
const MAX_LINKS = 1_000;

type About = Omit<RecordingEntry, 'n'>;

export class ConferenceRecording {
  /** The number of the recording within each history. */
  private readonly links = new Map<InteractionLog, number>();

  private constructor(
    private readonly ctx: Pick<CallContext, 'media' | 'log' | 'measureRecording'>,
    private about: About,
  ) {}

  get recordingId(): RecordingId {
    return this.about.recordingId;
  }

  static async start(
    ctx: CallContext,
    { mixId, name }: { readonly mixId: MixId; readonly name: string },
  ): Promise<Result<ConferenceRecording>> {
    const recordingId = newId<RecordingId>();
    const startedAtMs = ctx.clock.nowMs();
    // One folder a day (UTC), as for calls.
    const path = `${new Date(startedAtMs).toISOString().slice(0, 10)}/${name}-${recordingId.slice(0, 8)}.wav`;
    const started = await ctx.media.startRecording({ recordingId, path, codec: 'PCMA', nearMix: mixId });
    if (!started.ok) return started;
    const channels: RecordingEntry['channels'] = ['room', 'room'];
    const recording = new ConferenceRecording(ctx, {
      ...{ recordingId, path, startedAtMs, channels },
      durationMs: 0,
      sizeBytes: 0,
    });
    for (const channel of [0, 1] as const) {
      const attached = await ctx.media.attachMix(recordingId, channel, mixId);
      if (attached.ok) continue;
      await ctx.media.stopRecording(recordingId);
      return attached;
    }
    return ok(recording);
  }

  /** Whoever is or comes there while it runs has it in the own history. */
  link(log: InteractionLog): void {
    if (this.links.has(log) || this.links.size >= MAX_LINKS) return;
    const n = log.interaction.recordings.length + 1;
    this.links.set(log, n);
    log.putRecording({ ...this.about, n });
  }

  async stop(): Promise<void> {
    const { recordingId, path } = this.about;
    const stopped = await this.ctx.media.stopRecording(recordingId);
    if (!stopped.ok)
      this.ctx.log.error({ recordingId, fault: stopped.fault }, 'the recording of a conference ended early');
    const measured = stopped.ok ? stopped.value : await this.ctx.measureRecording(path);
    if (!measured) return;
    const { durationMs, sizeBytes } = measured;
    this.about = { ...this.about, durationMs, sizeBytes };
    for (const [log, n] of this.links) log.putRecording({ ...this.about, n });
  }
}
