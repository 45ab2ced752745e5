/** Performs what a conference wants of its recording: files, their silences, the histories that say so, and the beep. */
import type { Timer } from '../../base/clock';
import { newId } from '../../base/ids';
import type { MixId, PlayId, RecordingId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { RecordingAct, RecordingActor, RecordingEntry } from '../../store/interaction';
import type { RecordingRule } from '../../store/recording-policies';
import type { Call } from '../call';
import type { CallContext } from '../context';
import { ConferenceRecording } from './conference-recording';
import type { ConferenceRecordingOptions } from './conference-recording';
import type { RoomSilence } from './model';

/** As 47 CFR 64.501 has it. */
const BEEP_INTERVAL_MS = 15_000;
/** A recording that begins by itself is tried again, such as after the disk has room again. */
const RETRY_MS = 10_000;
/** What the media engine takes as the length of a mask. */
const SHORTEST_SILENCE_MS = 1_000;

export interface RoomRecorderDeps {
  readonly ctx: Pick<CallContext, 'media' | 'log' | 'clock' | 'measureRecording'>;
  readonly roomId: string;
  /** Who is inside at the moment. */
  readonly members: () => readonly Call[];
  /** What its policy says beyond who may what. */
  readonly rule: () => Pick<RecordingRule, 'notice' | 'retentionDays'>;
  readonly onSilenceDue: () => void;
  readonly onRetry: () => void;
}

export class RoomRecorder {
  private recording: ConferenceRecording | undefined;
  private silence: RoomSilence | undefined;
  private silenceTimer: Timer | undefined;
  private retryTimer: Timer | undefined;
  private beep: Timer | undefined;

  constructor(private readonly deps: RoomRecorderDeps) {}

  get recordingId(): RecordingId | undefined {
    return this.recording?.recordingId;
  }

  /** Fails with `unavailable` when nothing can be recorded. */
  async start(mixId: MixId | undefined, by: RecordingActor): Promise<Result<void>> {
    this.retryTimer?.cancel();
    if (this.recording) return DONE;
    const { ctx, roomId } = this.deps;
    const started = mixId
      ? await ConferenceRecording.start(ctx, this.optionsFor(mixId))
      : fail('unavailable', 'the conference has no mix');
    if (!started.ok) {
      ctx.log.error({ roomId, fault: started.fault }, 'a conference could not be recorded');
      this.tryLater();
      return started;
    }
    this.recording = started.value;
    this.recording.silenced(this.silence?.kind);
    this.linkMembers();
    this.note('start', by);
    this.beginBeep();
    return DONE;
  }

  /**
   * After a restart of the app: goes on with the file that media still write, where there is one.
   * @param running undefined when it is lost: the next file begins. Fails with `unavailable` when nothing can be recorded.
   */
  async resume(
    mixId: MixId | undefined,
    was: { running: RecordingEntry | undefined; silence: RoomSilence | undefined; by: RecordingActor },
  ): Promise<Result<void>> {
    const { running, silence, by } = was;
    this.keepSilent(silence);
    if (!running || !mixId) return this.start(mixId, by);
    this.recording = ConferenceRecording.resume(this.deps.ctx, this.optionsFor(mixId), running);
    this.linkMembers();
    this.beginBeep();
    return DONE;
  }

  /** From now on, for whatever is recorded; undefined: no more. */
  keepSilent(silence: RoomSilence | undefined): void {
    const { clock } = this.deps.ctx;
    this.silence = silence;
    this.silenceTimer?.cancel();
    this.silenceTimer = silence && clock.after(Math.max(0, silence.untilMs - clock.nowMs()), this.deps.onSilenceDue);
  }

  async stop(by: RecordingActor): Promise<void> {
    this.retryTimer?.cancel();
    const { recording } = this;
    if (!recording) return;
    this.note('stop', by);
    this.recording = undefined;
    this.beep?.cancel();
    await recording.stop();
  }

  /** From now on, or no more when it is undefined; the recording that may begin meanwhile is silent too. */
  async setSilence(silence: RoomSilence | undefined, by: RecordingActor): Promise<void> {
    const { media } = this.deps.ctx;
    const before = this.silence;
    this.keepSilent(silence);
    if (before?.kind !== silence?.kind) {
      if (before) this.note(before.kind === 'masked' ? 'unmask' : 'resume', silence ? { kind: 'system' } : by);
      if (silence) this.note(silence.kind === 'masked' ? 'mask' : 'pause', by);
    }
    const { recordingId } = this;
    if (!recordingId) return;
    const done = silence ? await this.mask(recordingId) : await media.unmaskRecording(recordingId);
    this.report(done);
    this.recording?.silenced(silence?.kind);
  }

  /**
   * Its media process has died, and the conference is mixed by another: the next part begins there, as silent as this
   * one was. Fails when it cannot.
   */
  async goOn(): Promise<Result<void>> {
    const gone = (await this.recording?.goOn()) ?? DONE;
    if (!gone.ok) return gone;
    this.recording?.silenced(this.silence?.kind);
    this.linkMembers();
    return DONE;
  }

  /** Nobody stopped it: what there is stays. */
  async failed(): Promise<void> {
    this.deps.ctx.log.error({ roomId: this.deps.roomId }, 'the recording of a conference ended by itself');
    await this.stop({ kind: 'system' });
    this.tryLater();
  }

  /** Somebody has come in. */
  link({ log }: Call): void {
    this.recording?.link(log);
  }

  /** The conference is over. Idempotent. */
  async close(): Promise<void> {
    await this.stop({ kind: 'system' });
    this.silenceTimer?.cancel();
  }

  private optionsFor(mixId: MixId): ConferenceRecordingOptions {
    const { roomId, rule } = this.deps;
    const { retentionDays } = rule();
    return { mixId, name: `conference-${roomId}`, retentionDays, beforeHeard: (id) => this.mask(id) };
  }

  private linkMembers(): void {
    for (const call of this.deps.members()) this.link(call);
  }

  private note(act: RecordingAct['act'], by: RecordingActor): void {
    for (const { log } of this.deps.members()) {
      const n = this.recording?.numberIn(log);
      log.addRecordingAct({ act, by, ...(n !== undefined && { n }) });
    }
  }

  private async mask(recordingId: RecordingId): Promise<Result<void>> {
    if (!this.silence) return DONE;
    const { clock, media } = this.deps.ctx;
    return media.maskRecording(recordingId, Math.max(SHORTEST_SILENCE_MS, this.silence.untilMs - clock.nowMs()));
  }

  private tryLater(): void {
    this.retryTimer?.cancel();
    this.retryTimer = this.deps.ctx.clock.after(RETRY_MS, this.deps.onRetry);
  }

  private beginBeep(): void {
    if (this.deps.rule().notice !== 'beep') return;
    this.beep?.cancel();
    this.beep = this.deps.ctx.clock.every(BEEP_INTERVAL_MS, () => void this.beepOnce());
  }

  /** Who is just told something else is left in peace. */
  private async beepOnce(): Promise<void> {
    if (this.silence) return;
    for (const { customer, playId } of this.deps.members()) {
      if (!customer || playId !== undefined) continue;
      const { endpointId } = customer;
      this.report(await this.deps.ctx.media.play({ playId: newId<PlayId>(), endpointId, sources: [{ kind: 'beep' }] }));
    }
  }

  private report(done: Result<void>): void {
    const { ctx, roomId } = this.deps;
    if (!done.ok) ctx.log.error({ roomId, fault: done.fault }, 'the recording of a conference is not as it is to be');
  }
}

const DONE = { ok: true, value: undefined } as const;
