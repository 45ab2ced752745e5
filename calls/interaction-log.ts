/** Writes one interaction down while it happens: every change is saved, in order, as the whole document. */
import { sleep } from '../base/clock';
import type { Clock } from '../base/clock';
import { messageOf } from '../base/errors';
import type { AgentId } from '../base/ids';
import type { Logger } from '../base/log';
import type {
  DetectionEntry,
  Interaction,
  LegQuality,
  Outcome,
  Party,
  RecordingAct,
  RecordingEntry,
  Segment,
  SegmentKind,
  SoundFault,
  SupervisionEntry,
  Transfer,
  WrapUp,
} from '../store/interaction';
import type { QueueNote } from '../store/queue-notes';

export interface InteractionLogDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** Saves the whole document, replacing the one of the same id. */
  readonly save: (interaction: Interaction) => Promise<void>;
  /** Called after each save, for those who watch the history. */
  readonly saved: (interaction: Interaction) => void;
}

/** A store that restarts is back within seconds; after that the log line is what remains of the interaction. */
const RETRY_DELAY_MS = 1000;
const MAX_RETRIES = 120;

/** More legs than any call of people has. */
const MAX_SIP_CALL_IDS = 50;
const MAX_RECORDING_ACTS = 500;
const MAX_LEG_QUALITIES = 50;
const MAX_SOUND_FAULTS = 50;
const MAX_SUPERVISIONS = 100;
/** Of one supervision: each key of the supervisor's telephone may be one. */
const MAX_MODES = 200;
const MAX_DETECTIONS = 50;
/** An hour of announcements every half minute. */
const MAX_QUEUE_NOTES = 120;

type Untimed<Note> = Note extends unknown ? Omit<Note, 'atMs'> : never;

type Mode = Pick<SupervisionEntry['modes'][number], 'mode'>;

export class InteractionLog {
  private saving = false;
  private dirty = false;
  private idle: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: InteractionLogDeps,
    private readonly document: Interaction,
  ) {}

  get interaction(): Readonly<Interaction> {
    return this.document;
  }

  /** Ends the open segment and begins the next at the same moment; the first begins with the call itself. */
  enter(kind: SegmentKind, about: Partial<Pick<Segment, 'queueId' | 'agentId' | 'detail'>> = {}): void {
    const isFirst = this.document.segments.length === 0;
    const startedAtMs = isFirst ? this.document.startedAtMs : this.deps.clock.nowMs();
    this.closeSegment(startedAtMs);
    this.document.segments.push({ kind, startedAtMs, ...about });
    this.change();
  }

  /** Notes something about the open segment, such as the flow's step. */
  detail(text: string): void {
    const segment = this.current;
    if (segment) segment.detail = text;
    this.change();
  }

  /** The segment that the call is in, or was in last; work of agents who have left it goes on beside. */
  get current(): Segment | undefined {
    return this.document.segments.findLast(({ kind }) => kind !== 'wrap-up');
  }

  addTransfer(transfer: Omit<Transfer, 'atMs'>): void {
    // An app that died in the middle of one left it to the next app, which makes it once more.
    if (isSameTransfer(this.document.transfers?.at(-1), transfer)) return;
    (this.document.transfers ??= []).push({ atMs: this.deps.clock.nowMs(), ...transfer });
    this.change();
  }

  /** What became of the last transfer; the first word counts. */
  settleTransfer(result: NonNullable<Transfer['result']>): void {
    const last = this.document.transfers?.at(-1);
    if (!last || last.result !== undefined) return;
    last.result = result;
    this.change();
  }

  noteQueue(note: Untimed<QueueNote>): void {
    const notes = (this.document.queueNotes ??= []);
    if (notes.length >= MAX_QUEUE_NOTES) return;
    notes.push({ atMs: this.deps.clock.nowMs(), ...note });
    this.change();
  }

  update(
    change: Partial<
      Pick<
        Interaction,
        | 'answeredAtMs'
        | 'voiceAnswer'
        | 'queueId'
        | 'contactId'
        | 'agentId'
        | 'language'
        | 'trunkId'
        | 'data'
        | 'recordingPolicy'
        | 'conferences'
      >
    >,
  ): void {
    Object.assign(this.document, change);
    this.change();
  }

  addSipCallId(callId: string): void {
    const known = (this.document.sipCallIds ??= []);
    if (known.includes(callId) || known.length >= MAX_SIP_CALL_IDS) return;
    known.push(callId);
    this.change();
  }

  addDigit(digit: string): void {
    this.document.digits.push(digit);
    this.change();
  }

  /** Who is there already does not join again. */
  join(role: Party['role'], id: string): void {
    const { parties } = this.document;
    if (parties.some((party) => party.role === role && party.id === id && party.leftAtMs === undefined)) return;
    this.document.parties.push({ role, id, joinedAtMs: this.deps.clock.nowMs() });
    this.change();
  }

  leave(id: string): void {
    const party = this.document.parties.find((other) => other.id === id && other.leftAtMs === undefined);
    if (party) party.leftAtMs = this.deps.clock.nowMs();
    this.change();
  }

  /** Adds a recording, or replaces the one with the same number. */
  putRecording(entry: RecordingEntry): void {
    const at = this.document.recordings.findIndex((other) => other.n === entry.n);
    if (at >= 0) this.document.recordings[at] = entry;
    else this.document.recordings.push(entry);
    this.change();
  }

  beginSupervision(begun: Pick<SupervisionEntry, 'id' | 'userId' | 'userName' | 'displayName'> & Mode): void {
    const { mode, ...about } = begun;
    const atMs = this.deps.clock.nowMs();
    const supervisions = (this.document.supervisions ??= []);
    if (supervisions.length >= MAX_SUPERVISIONS) return;
    supervisions.push({ ...about, startedAtMs: atMs, modes: [{ atMs, mode }] });
    this.change();
  }

  supervisionMode(id: string, mode: Mode['mode']): void {
    const modes = this.openSupervision(id)?.modes;
    if (!modes || modes.length >= MAX_MODES) return;
    modes.push({ atMs: this.deps.clock.nowMs(), mode });
    this.change();
  }

  intercepted(id: string): void {
    const open = this.openSupervision(id);
    if (open) open.interceptedAtMs = this.deps.clock.nowMs();
    this.change();
  }

  endSupervision(id: string): void {
    const open = this.openSupervision(id);
    if (!open) return;
    open.endedAtMs = this.deps.clock.nowMs();
    this.change();
  }

  private openSupervision(id: string): SupervisionEntry | undefined {
    return this.document.supervisions?.find((one) => one.id === id && one.endedAtMs === undefined);
  }

  addRecordingAct(act: Omit<RecordingAct, 'atMs'>): void {
    const acts = (this.document.recordingActs ??= []);
    if (acts.length >= MAX_RECORDING_ACTS) return;
    acts.push({ atMs: this.deps.clock.nowMs(), ...act });
    this.change();
  }

  addQuality(quality: LegQuality): void {
    const qualities = (this.document.quality ??= []);
    if (qualities.length >= MAX_LEG_QUALITIES) return;
    qualities.push(quality);
    this.change();
  }

  beginSoundFault(fault: Omit<SoundFault, 'atMs'>): void {
    const faults = (this.document.soundFaults ??= []);
    if (faults.length >= MAX_SOUND_FAULTS) return;
    faults.push({ atMs: this.deps.clock.nowMs(), ...fault });
    this.change();
  }

  endSoundFault({ role, id }: Pick<SoundFault, 'role' | 'id'>): void {
    const open = this.document.soundFaults?.find(
      (one) => one.role === role && one.id === id && one.endedAtMs === undefined,
    );
    if (!open) return;
    open.endedAtMs = this.deps.clock.nowMs();
    this.change();
  }

  /**
   * What is heard again and again is noted once.
   * @param isAnswer it is who has answered what was dialled.
   */
  addDetection(found: Omit<DetectionEntry, 'atMs'>, isAnswer = found.role === 'called'): void {
    const known = (this.document.detections ??= []);
    const isKnown = known.some(
      ({ id, heard, detail }) => id === found.id && heard === found.heard && detail === found.detail,
    );
    if (isKnown || known.length >= MAX_DETECTIONS) return;
    known.push({ atMs: this.deps.clock.nowMs(), ...found });
    if (isAnswer) this.document.answeredBy = found.heard;
    this.change();
  }

  /** The app is another one than before: who supervised is gone, but for these, and what was watched is watched anew. */
  resumed(stay: ReadonlySet<string> = new Set()): void {
    const nowMs = this.deps.clock.nowMs();
    for (const supervision of this.document.supervisions ?? [])
      if (!stay.has(supervision.id)) supervision.endedAtMs ??= nowMs;
    for (const fault of this.document.soundFaults ?? []) fault.endedAtMs ??= nowMs;
    this.change();
  }

  /** The call is over: everything open ends now. */
  finish(outcome: Outcome): void {
    const nowMs = this.deps.clock.nowMs();
    this.closeSegment(nowMs);
    for (const party of this.document.parties) party.leftAtMs ??= nowMs;
    for (const supervision of this.document.supervisions ?? []) supervision.endedAtMs ??= nowMs;
    for (const fault of this.document.soundFaults ?? []) fault.endedAtMs ??= nowMs;
    this.document.endedAtMs = nowMs;
    this.document.outcome = outcome;
    this.change();
  }

  beginWrapUp(agentId: AgentId): void {
    this.document.segments.push({ kind: 'wrap-up', startedAtMs: this.deps.clock.nowMs(), agentId });
    this.change();
  }

  finishWrapUp(wrapUp: Omit<WrapUp, 'endedAtMs'>): void {
    const endedAtMs = this.deps.clock.nowMs();
    const { segments, wrapUp: earlier } = this.document;
    const open = segments.find(
      ({ kind, agentId, endedAtMs: over }) => kind === 'wrap-up' && agentId === wrapUp.agentId && over === undefined,
    );
    if (open) open.endedAtMs = endedAtMs;
    if (earlier) (this.document.earlierWrapUps ??= []).push(earlier);
    this.document.wrapUp = { ...wrapUp, endedAtMs };
    this.change();
  }

  /** Text for a wrap-up that is over; its times stay. */
  reviseWrapUp(revised: { agentId: AgentId; note: string; disposition?: string | undefined }): void {
    const { agentId, note, disposition } = revised;
    const { wrapUp, earlierWrapUps = [] } = this.document;
    const found = [...earlierWrapUps, ...(wrapUp ? [wrapUp] : [])].findLast((one) => one.agentId === agentId);
    if (!found) return;
    Object.assign(found, { note, ...(disposition !== undefined && { disposition }) });
    this.change();
  }

  /** Resolves when everything changed so far is in the store (or has been given up, with a log line). */
  settled(): Promise<void> {
    return this.idle;
  }

  private closeSegment(nowMs: number): void {
    const open = this.current;
    if (open && open.endedAtMs === undefined) open.endedAtMs = nowMs;
  }

  /** Several changes while a save is under way become one save. */
  private change(): void {
    this.dirty = true;
    if (this.saving) return;
    this.saving = true;
    this.idle = this.saveWhileDirty();
  }

  private async saveWhileDirty(): Promise<void> {
    let failures = 0;
    await Promise.resolve();
    while (this.dirty) {
      this.dirty = false;
      const snapshot = structuredClone(this.document);
      try {
        await this.deps.save(snapshot);
        this.deps.saved(snapshot);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures > MAX_RETRIES) {
          this.deps.log.error({ err: error, interaction: snapshot }, 'an interaction could not be saved');
          break;
        }
        this.deps.log.warn(
          { reason: messageOf(error), failures, interactionId: snapshot._id },
          'saving is tried again',
        );
        this.dirty = true;
        await sleep(this.deps.clock, RETRY_DELAY_MS);
      }
    }
    this.saving = false;
  }
}

const isSameTransfer = (last: Transfer | undefined, next: Omit<Transfer, 'atMs'>): boolean =>
  last?.result === undefined && JSON.stringify({ ...last, atMs: 0 }) === JSON.stringify({ atMs: 0, ...next });
