/**
 * A center that dies and lives again: signaling, media, the ACD's journal and what is stored outlive it, as processes of
 * their own do.
 */
import { JournalWriter } from '../../../../acd/journal/journal-writer';
import { resumeState } from '../../../../acd/journal/resume';
import { SimulatedClock } from '../../../../base/clock';
import type { Clock, Timer } from '../../../../base/clock';
import type { AgentId, CallId } from '../../../../base/ids';
import { Alarms } from '../../../../base/alarms';
import { silentLogger } from '../../../../base/log';
import { SeededRandom } from '../../../../base/random';
import { fail, ok } from '../../../../base/result';
import type { Result } from '../../../../base/result';
import { CallFraud } from '../../../../calls/call-fraud';
import { createCenter } from '../../../../calls/center';
import type { Center } from '../../../../calls/center';
import { plainRouting } from '../../../../calls/call-routing';
import { parseCallRecord } from '../../../../calls/keep/call-record';
import type { CallRecord } from '../../../../calls/keep/call-record';
import { flowOfRoom } from '../../../../calls/conference/room-flow';
import type { DirectoryPhone } from '../../../../calls/context';
import type { KeptMedia } from '../../../../calls/keep/estate';
import type { ReleasePolicy } from '../../../../calls/release-mode';
import type { DeskCall, DeskCommand } from '../../../../calls/ports';
import type { FlowDocument } from '../../../../flows/document';
import type { IncomingInvite, SipDialog } from '../../../../signaling/ports';
import type { ConferenceRoom } from '../../../../store/conference-rooms';
import type { Interaction } from '../../../../store/interaction';
import { MemoryJournal } from '../../../support/memory-journal';
import { DialogDouble } from './dialog-double';
import { MediaDouble, SignalingDouble } from './port-doubles';
import type { Arrival, InviteDouble, OutgoingDouble } from './port-doubles';
import { ANN, BOB, SUPPORT, WRAP_UP_MS, flowOf } from './small-center';
import { StationsDouble } from './stations-double';

const STEP_MS = 300;
const STAFF: readonly AgentId[] = [ANN, BOB];

/** A clock that stops with its owner. */
class LifeClock implements Clock {
  private dead = false;

  constructor(private readonly clock: Clock) {}

  nowMs = (): number => this.clock.nowMs();
  monotonicMs = (): number => this.clock.monotonicMs();
  after = (delayMs: number, run: () => void): Timer => this.clock.after(delayMs, () => this.living(run));
  every = (periodMs: number, run: () => void): Timer => this.clock.every(periodMs, () => this.living(run));

  die(): void {
    this.dead = true;
  }

  private living(run: () => void): void {
    if (!this.dead) run();
  }
}

/** Keeps dialogs while the app is away. */
class PatientSignaling extends SignalingDouble {
  /** Of the life before, and not adopted yet. */
  private unclaimed = new Set<DialogDouble>();

  override adopt = (record: unknown): Promise<Result<SipDialog>> => {
    const { id } = record as { readonly id: string };
    const owner = this.owners.find(({ dialog }) => dialog?.id === id);
    if (!owner?.dialog) return Promise.resolve(fail('not_found', `there is no dialog ${id}`));
    const { ended } = owner.dialog;
    this.unclaimed.delete(owner.dialog);
    owner.dialog = new DialogDouble(id);
    if (ended) owner.dialog.end(ended);
    return Promise.resolve(ok(owner.dialog));
  };

  override adoptInvite = (record: unknown): Promise<Result<IncomingInvite>> => {
    const { id } = record as { readonly id: string };
    const invite = this.invites.find(({ callId, final }) => callId === id && final === 'none');
    return Promise.resolve(invite ? ok(invite) : fail('not_found', `the caller of ${id} waits no more`));
  };

  override adoptionDone = (): void => {
    for (const dialog of this.unclaimed) dialog.end({ by: 'local' });
  };

  /** The app is gone: what rings is cancelled, and nobody hears of the ends of dialogs. */
  appDies(): void {
    for (const call of this.outgoing) if (call.state === 'ringing') call.state = 'over';
    for (const invite of this.invites) invite.forgetApp();
    for (const owner of this.owners) if (owner.dialog) owner.dialog = silentCopy(owner.dialog);
    this.unclaimed = new Set(this.owners.flatMap(({ dialog }) => dialog ?? []));
  }

  private get owners(): (InviteDouble | OutgoingDouble)[] {
    return [...this.invites, ...this.outgoing];
  }
}

const silentCopy = ({ id, ended }: DialogDouble): DialogDouble => {
  const copy = new DialogDouble(id);
  if (ended) copy.end(ended);
  return copy;
};

const plainFlow = flowOf({
  answer: { do: 'answer', next: 'queue' },
  queue: { do: 'enqueue', queue: 'support', prompts: [{ prompt: 'please-wait', language: 'en' }] },
});

export interface LivesOptions {
  readonly flow?: FlowDocument;
  /** The extension of a desk phone. */
  readonly phone?: string;
  readonly room?: ConferenceRoom;
  readonly release?: ReleasePolicy;
  readonly stations?: StationsDouble;
}

const phoneOf = (extension: string): DirectoryPhone => ({ extension, displayName: extension, mayCallOutside: false });

type OnCall = DeskCommand extends infer Command
  ? Command extends { readonly callId: unknown }
    ? Omit<Command, 'callId'>
    : never
  : never;

export class Lives {
  readonly clock = new SimulatedClock();
  readonly saved = new Map<string, Interaction>();
  readonly records = new Map<CallId, string>();
  readonly journal = new MemoryJournal();
  readonly media = new MediaDouble(this.clock, new SeededRandom(1));
  readonly signaling = new PatientSignaling(this.clock, new SeededRandom(2));
  fraud = this.newFraud(this.clock);
  /** Nobody hears that anything has been written. */
  isStoreSlow = false;
  /** The queue's, from the next life on. */
  tenant: string | undefined;
  /** What was logged as an error. */
  readonly complaints: unknown[] = [];
  /** What media were last told to keep. */
  kept: KeptMedia | undefined;
  private life: { readonly center: Center; readonly clock: LifeClock } | undefined;

  private readonly stations: StationsDouble;

  constructor(private options: LivesOptions = {}) {
    this.stations = options.stations ?? new StationsDouble();
  }

  static async begin(options: LivesOptions = {}): Promise<Lives> {
    const lives = new Lives(options);
    await lives.live();
    for (const agentId of STAFF) {
      lives.center.desks.signIn(agentId);
      lives.center.stationChanged(agentId);
    }
    return lives;
  }

  get center(): Center {
    if (!this.life) throw new Error('there is no app');
    return this.life.center;
  }

  /** The app is killed and comes back; browsers stay signed in and register again. */
  async dieAndLive(awayMs = 1_000): Promise<void> {
    this.die();
    this.clock.advance(awayMs);
    await this.live();
    await this.pass();
    for (const agentId of STAFF) this.center.stationChanged(agentId);
    await this.pass();
  }

  die(): void {
    this.life?.clock.die();
    this.life = undefined;
    this.signaling.appDies();
  }

  async live(): Promise<void> {
    const clock = new LifeClock(this.clock);
    const log = Object.assign(silentLogger(), {
      error: (_about: unknown, said: unknown) => void this.complaints.push(said),
    });
    const { options, journal: sink } = this;
    const release = options.release;
    const people = STAFF.map((agentId, at) => ({
      ...{ agentId, userName: agentId, displayName: agentId, extension: `100${at + 1}` },
    }));
    const found = [...this.records.values()].flatMap((json) => {
      const record = recordIn(json);
      const interaction = this.saved.get(record.interactionId);
      return interaction?.endedAtMs === undefined || record.phase.kind === 'ended'
        ? [{ record, interaction: structuredClone(interaction as Interaction) }]
        : [];
    });
    this.fraud = this.newFraud(clock);
    const center = createCenter({
      clock,
      log,
      fraud: this.fraud,
      signaling: this.signaling,
      media: this.media,
      directory: {
        flowOf: (number) => {
          if (options.room?.numbers.includes(number)) return flowOfRoom(options.room);
          return number === '4000' ? (options.flow ?? plainFlow) : undefined;
        },
        conferenceRoom: (id) => (options.room?._id === id ? options.room : undefined),
        conferenceRoomOf: (number) => (options.room?.numbers.includes(number) ? options.room : undefined),
        conferenceRooms: () => (options.room ? [options.room] : []),
        agent: (agentId) => people.find((one) => one.agentId === agentId),
        agents: () => people,
        queue: (queueId) => ({ queueId, name: queueId }),
        queues: () => [{ queueId: SUPPORT, name: SUPPORT }],
        extension: (number) => {
          const agent = people.find(({ extension }) => extension === number);
          if (agent) return { kind: 'agent', agent };
          return number === options.phone ? { kind: 'phone', phone: phoneOf(number) } : undefined;
        },
        phone: (extension) => (extension === options.phone ? phoneOf(extension) : undefined),
        phones: () => [],
        outboundTrunk: () => ({ trunkId: 'carrier', callerId: '100' }),
      },
      stations: this.stations,
      ...(release && { routing: { ...plainRouting(clock), releaseOf: () => release } }),
      queues: [{ queueId: SUPPORT, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: WRAP_UP_MS, tenant: this.tenant }],
      agents: STAFF.map((agentId) => ({ agentId, skills: {} })),
      stay: new Set(STAFF),
      acd: {
        from: await resumeState(this.journal, { log }),
        journal: (snapshot) => new JournalWriter({ sink, clock, log, snapshot }),
      },
      kept: {
        found,
        records: {
          save: (callId, record) => void this.records.set(callId, record),
          written: () => (this.isStoreSlow ? new Promise(() => undefined) : Promise.resolve()),
          remove: (callId) => void this.records.delete(callId),
        },
      },
      measureRecording: () => Promise.resolve(undefined),
      save: (interaction) => Promise.resolve(void this.saved.set(interaction._id, structuredClone(interaction))),
    });
    this.life = { center, clock };
    void center.goOn({
      inherited: () =>
        Promise.resolve({
          endpoints: new Set(this.media.endpoints.keys()),
          plays: new Set(this.media.plays.keys()),
          recordings: new Set(this.media.recordings.keys()),
          mixes: new Set(this.media.mixes.keys()),
        }),
      closeRest: (keep) => this.closeRest(keep),
    });
  }

  /** Before the next life. */
  removeRoom(): void {
    const { room: _room, ...rest } = this.options;
    this.options = rest;
  }

  pass(ms = STEP_MS): Promise<void> {
    return this.clock.advanceAsync(ms, ms > 10_000 ? 250 : 5);
  }

  callOf(agentId: AgentId): DeskCall | undefined {
    return this.center.desks.snapshot(agentId).calls[0];
  }

  stateOf(agentId: AgentId): string | undefined {
    return this.center.desks.snapshot(agentId).agent?.state;
  }

  ready(agentId: AgentId): Promise<unknown> {
    return this.center.desks.perform(agentId, { command: 'ready' });
  }

  async act(agentId: AgentId, command: OnCall): Promise<Result<void>> {
    const callId = this.callOf(agentId)?.callId;
    if (callId === undefined) throw new Error(`${agentId} has no call`);
    const done = this.center.desks.perform(agentId, { ...command, callId });
    await this.pass();
    return done;
  }

  async arrive(from: string, arrival?: Arrival): Promise<InviteDouble> {
    const invite = this.signaling.arrive(from, arrival);
    await this.pass();
    return invite;
  }

  async answer(): Promise<OutgoingDouble> {
    const newest = this.signaling.outgoing.at(-1);
    if (!newest) throw new Error('nobody was called');
    newest.answer();
    await this.pass();
    return newest;
  }

  /** A caller comes and talks with Ann. */
  async talkWithAnn(from = 'customer'): Promise<InviteDouble> {
    await this.ready(ANN);
    const invite = await this.arrive(from);
    await this.answer();
    return invite;
  }

  record(): CallRecord {
    const [json] = this.records.values();
    if (json === undefined) throw new Error('nothing is written down');
    return recordIn(json);
  }

  historyOf(caller: string): Interaction {
    const found = [...this.saved.values()].find((interaction) => interaction.caller.number === caller);
    if (!found) throw new Error(`nothing was saved of ${caller}`);
    return found;
  }

  /** Of the legs that are played music. */
  get musicFor(): number {
    return [...this.media.plays.values()].filter(({ sources }) => sources[0]?.kind === 'music').length;
  }

  expectNothingLeft(): void {
    expect(this.center.openCalls).toBe(0);
    expect(this.signaling.open).toEqual([]);
    expect([...this.media.endpoints.keys()]).toEqual([]);
    expect([...this.media.recordings.keys()]).toEqual([]);
    expect([...this.media.mixes.keys()]).toEqual([]);
    expect([...this.records.keys()]).toEqual([]);
  }

  private newFraud(clock: Clock): CallFraud {
    const log = silentLogger();
    return new CallFraud({
      ...{ clock, log, alarms: new Alarms({ clock, log }) },
      limits: () => [],
      classOf: () => 'other',
      costPerMinute: () => 1,
      usage: [],
      save: () => Promise.resolve(),
      forget: () => Promise.resolve(),
    });
  }

  private async closeRest(keep: KeptMedia): Promise<void> {
    this.kept = keep;
    for (const endpointId of [...this.media.endpoints.keys()])
      if (!keep.endpoints.has(endpointId)) await this.media.closeEndpoint(endpointId);
    for (const recordingId of [...this.media.recordings.keys()])
      if (!keep.recordings.has(recordingId)) await this.media.stopRecording(recordingId);
    for (const mixId of [...this.media.mixes.keys()]) if (!keep.mixes.has(mixId)) await this.media.closeMix(mixId);
  }
}

const recordIn = (json: string): CallRecord => {
  const parsed = parseCallRecord(json);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};
