/** Seeded random lives of calls: whatever happens at whatever moment, every call ends and leaves nothing behind. */
import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, QueueId, UserId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { SeededRandom } from '../../../base/random';
import type { QueueConfig } from '../../../acd/core/model';
import { createCenter } from '../../../calls/center';
import type { Center } from '../../../calls/center';
import type { DeskCall } from '../../../calls/ports';
import type { TransferTarget } from '../../../calls/third-party';
import { SUPERVISION_MODES } from '../../../media/supervision';
import { parseFlow } from '../../../flows/document';
import type { Interaction } from '../../../store/interaction';
import { MediaDouble, SignalingDouble } from '../../unit/calls/support/port-doubles';
import { StationsDouble } from '../../unit/calls/support/stations-double';

const SEEDS = Array.from({ length: 150 }, (_, index) => index + 1);
const STEPS = 400;
const AGENTS = ['ann', 'bob', 'eve', 'fay', 'gus'].map((name) => asId<AgentId>(name));
const QUEUE = asId<QueueId>('support');

const flow = (() => {
  const parsed = parseFlow({
    id: 'f',
    version: 1,
    title: '',
    start: 'answer',
    steps: {
      answer: { do: 'answer', next: 'menu' },
      menu: {
        do: 'menu',
        prompts: [{ prompt: 'menu', language: 'en' }],
        choices: { '1': { next: 'queue' }, '2': { next: 'bye' } },
        timeoutMs: 500,
        attempts: 2,
        otherwise: 'queue',
      },
      queue: { do: 'enqueue', queue: 'support', prompts: [{ prompt: 'please-wait', language: 'en' }] },
      bye: { do: 'hang-up', reason: 'chose to leave' },
    },
  });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
})();

class World {
  readonly clock = new SimulatedClock();
  readonly random: SeededRandom;
  readonly signaling: SignalingDouble;
  readonly media: MediaDouble;
  readonly saved = new Map<string, Interaction>();
  readonly errors: string[] = [];
  readonly stations = new StationsDouble();
  readonly center: Center;
  private arrivals = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.signaling = new SignalingDouble(this.clock, this.random);
    this.media = new MediaDouble(this.clock, this.random);
    const log = silentLogger();
    const agents = AGENTS.map((agentId) => ({ agentId, userName: agentId, displayName: agentId, extension: '1' }));
    this.center = createCenter({
      stations: this.stations,
      clock: this.clock,
      log: Object.assign(log, { error: (what: object, text: string) => this.noteError(what, text) }),
      signaling: this.signaling,
      media: this.media,
      directory: {
        flowOf: (number) => (number === '4000' ? flow : undefined),
        agent: (agentId) => agents.find((agent) => agent.agentId === agentId),
        agents: () => agents,
        queue: () => ({ queueId: QUEUE, name: 'Support' }),
        queues: () => [{ queueId: QUEUE, name: 'Support' }],
        extension: () => undefined,
        phone: () => undefined,
        phones: () => [],
        mayRefer: () => true,
        outboundTrunk: () => ({ trunkId: 'local', callerId: '100' }),
      },
      queues: [{ queueId: QUEUE, skills: {}, offerTimeoutMs: 2000, wrapUpMs: 1500, ...ringingOf(seed) }],
      agents: AGENTS.map((agentId) => ({ agentId, skills: {} })),
      measureRecording: () => Promise.resolve({ durationMs: 500, sizeBytes: 8000 }),
      save: (interaction) => {
        this.saved.set(interaction._id, interaction);
        return Promise.resolve();
      },
    });
    for (const agentId of AGENTS) {
      this.center.desks.signIn(agentId);
      this.center.stationChanged(agentId);
      void this.center.desks.perform(agentId, { command: 'ready' });
    }
  }

  /** Something happens, possible or not. */
  happen(): void {
    const { random } = this;
    const agentId = random.pick(AGENTS);
    const call = this.center.desks.snapshot(agentId).calls[0];
    const acts: (() => void)[] = [
      () => void this.signaling.arrive(`caller${(this.arrivals += 1)}`),
      () => this.anyOf(this.signaling.invites)?.leave(),
      () => this.anyOf(this.signaling.outgoing)?.progress(),
      () => this.signaling.outgoing.at(-1)?.answer(),
      () => this.anyOf(this.signaling.outgoing)?.answer(),
      () => this.anyOf(this.signaling.outgoing)?.refuse(random.pick(['busy', 'declined', 'no_answer', 'unavailable'])),
      () => this.anyOf(this.signaling.outgoing)?.dialog?.end({ by: 'remote', reason: undefined }),
      () => this.pressKey(),
      () => this.askByRefer(),
      () => this.customerHolds(),
      () => this.customerHolds(),
      () => this.endSomePlay(),
      () => void this.center.desks.perform(agentId, { command: 'ready' }),
      () => void this.center.desks.perform(agentId, { command: 'ready' }),
      () => void this.center.desks.perform(agentId, { command: 'not-ready', reason: 'break' }),
      () => void this.center.desks.perform(agentId, { command: 'dial', number: '+49301234' }),
      () => this.command(agentId, call),
      () => this.command(agentId, call),
      () => this.superviseSomebody(agentId),
      () => this.changeSomeSupervision(),
      () => this.stations.turn(this.center, agentId, random.int(4) > 0),
      () => this.loseSomeMedia(),
      () => void this.center.desks.signOut(agentId),
      () => void this.center.desks.signIn(agentId),
    ];
    random.pick(acts)();
  }

  async letTimePass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms, 5);
  }

  /** Everybody outside leaves, and nobody answers: more than once, since who was called back rings again. */
  async endAll(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const invite of this.signaling.invites) invite.leave();
      for (const { dialog } of this.signaling.outgoing) dialog?.end({ by: 'remote', reason: undefined });
      for (const call of this.signaling.outgoing) call.refuse('no_answer');
      await this.letTimePass(3_000);
    }
  }

  private noteError(what: object, text: string): void {
    const { err } = what as { err?: Error };
    if (err) this.errors.push(`${text}: ${err.stack}`);
  }

  private anyOf<Item>(items: Item[]): Item | undefined {
    return items.length > 0 ? this.random.pick(items.slice(-4)) : undefined;
  }

  private pressKey(): void {
    const endpoint = this.anyOf([...this.media.endpoints.keys()]);
    if (endpoint)
      this.media.emit({
        type: 'digit',
        endpointId: endpoint,
        digit: this.random.pick(['1', '1', '1', '2', '9']),
        durationMs: 100,
        form: this.random.pick(['rfc4733', 'inband']),
      });
  }

  private someTarget(): TransferTarget {
    return this.random.pick<TransferTarget>([
      ...AGENTS.map((agentId) => ({ kind: 'agent', agentId }) as const),
      { kind: 'queue', queueId: QUEUE },
      { kind: 'number', number: '+49307777' },
      { kind: 'number', number: '4000' },
      { kind: 'number', number: this.random.pick(['2', '1002', 'nonsense']) },
    ]);
  }

  private askByRefer(): void {
    const asking = this.random.int(2) === 0 ? this.anyOf(this.signaling.invites) : this.anyOf(this.signaling.outgoing);
    if (asking?.dialog && !asking.dialog.ended) asking.dialog.asksFor(this.random.pick(['+49308888', '4000', '12x']));
  }

  private customerHolds(): void {
    const dialog = this.anyOf(this.signaling.invites)?.dialog;
    if (dialog && !dialog.ended) void dialog.reoffer(this.random.pick(['a=sendonly', 'a=inactive', 'a=sendrecv']));
  }

  private endSomePlay(): void {
    const play = this.anyOf([...this.media.plays.values()]);
    if (play && !play.loop) this.media.endPlay(play.playId, 'finished');
  }

  private loseSomeMedia(): void {
    const endpoint = this.random.int(6) === 0 ? this.anyOf([...this.media.endpoints.keys()]) : undefined;
    if (endpoint) this.media.lose(endpoint, this.random.pick(['worker-died', 'ice-failed', 'dtls-failed']));
  }

  private superviseSomebody(agentId: AgentId): void {
    const { supervision } = this.center;
    const watched = this.anyOf(supervision.teamCalls());
    if (!watched) return;
    const target = this.random.pick([
      { kind: 'call', callId: watched.callId },
      { kind: 'call', callId: watched.callId },
      { kind: 'agent', agentId: this.random.pick(AGENTS) },
    ] as const);
    const by = { userId: asId<UserId>(`user ${agentId}`), userName: agentId, displayName: agentId, agentId };
    void supervision.begin({ by, target, mode: this.random.pick(SUPERVISION_MODES), device: { kind: 'browser' } });
    this.clock.after(50, () => this.signaling.outgoing.at(-1)?.answer());
  }

  private changeSomeSupervision(): void {
    const { supervision } = this.center;
    const one = this.anyOf(supervision.list());
    if (!one) return;
    const { supervisionId, userId } = one;
    this.random.pick([
      () => void supervision.changeMode(supervisionId, userId, this.random.pick(SUPERVISION_MODES)),
      () => void supervision.intercept(supervisionId, userId),
      () => void supervision.leave(supervisionId, userId),
    ])();
  }

  private command(agentId: AgentId, call: DeskCall | undefined): void {
    if (!call) return;
    const { callId } = call;
    const command = this.random.pick([
      ...([
        'hold',
        'resume',
        'mute',
        'hang-up',
        'wrap-up-done',
        'send-digits',
        'transfer',
        'consult',
        'consult',
      ] as const),
      ...(['consult', 'toggle-consult', 'cancel-consult', 'merge-consult', 'leave-call', 'drop-party'] as const),
      ...(['complete-transfer', 'complete-transfer', 'complete-transfer', 'complete-transfer'] as const),
    ]);
    const { desks } = this.center;
    if (command === 'transfer' || command === 'consult') {
      void desks.perform(agentId, { command, callId, target: this.someTarget() });
      const reached = this.random.int(3) > 0;
      this.clock.after(100, () => {
        const newest = this.signaling.outgoing.at(-1);
        if (reached) newest?.answer();
        else newest?.refuse('no_answer');
      });
      const next = this.random.pick(['merge-consult', 'complete-transfer', 'toggle-consult'] as const);
      this.clock.after(300, () => void desks.perform(agentId, { command: next, callId }));
    } else if (command === 'wrap-up-done') void desks.perform(agentId, { command, callId, note: 'done' });
    else if (command === 'drop-party') {
      const partyId = this.anyOf([...(call.parties ?? [])])?.partyId ?? 'nobody';
      void desks.perform(agentId, { command, callId, partyId });
    } else if (command === 'send-digits') void desks.perform(agentId, { command, callId, digits: '12' });
    else void desks.perform(agentId, { command, callId });
  }
}

const RICH_TRANSFERS = [
  'blind to agent',
  'blind to queue',
  'blind to outside',
  'blind to flow',
  'attended to agent',
  'attended to outside',
];

const checkHistory = (interaction: Interaction): void => {
  const about = JSON.stringify(interaction);
  if (!interaction.outcome || interaction.endedAtMs === undefined) throw new Error(`no outcome: ${about}`);
  const call = interaction.segments.filter((segment) => segment.kind !== 'wrap-up');
  let atMs = interaction.startedAtMs;
  for (const segment of call) {
    if (segment.startedAtMs !== atMs || segment.endedAtMs === undefined)
      throw new Error(`a gap between segments: ${about}`);
    atMs = segment.endedAtMs;
  }
  if (atMs !== interaction.endedAtMs) throw new Error(`segments do not add up: ${about}`);
  for (const { endedAtMs } of interaction.segments)
    if (endedAtMs === undefined) throw new Error(`an open segment: ${about}`);
};

/** In every other world the queue rings two at once. */
const ringingOf = (seed: number): Pick<QueueConfig, 'strategy' | 'ringAtOnce'> =>
  seed % 2 === 0 ? { strategy: 'ring-several', ringAtOnce: 2 } : {};

const live = async (seed: number): Promise<World> => {
  const world = new World(seed);
  for (let step = 0; step < STEPS; step += 1) {
    world.happen();
    await world.letTimePass(world.random.int(3) === 0 ? world.random.int(400) : world.random.int(15));
  }
  return world;
};

describe('random lives of calls', () => {
  const lived: Interaction[] = [];

  it.each(SEEDS)('seed %i: every call ends, is written down, and leaves nothing open', async (seed) => {
    const world = await live(seed);
    await world.endAll();
    lived.push(...world.saved.values());

    expect(world.errors).toEqual([]);
    expect(world.center.openCalls).toBe(0);
    expect(world.signaling.open).toEqual([]);
    expect([...world.media.endpoints.keys()]).toEqual([]);
    expect([...world.media.recordings.keys()]).toEqual([]);
    expect([...world.media.mixes.keys()]).toEqual([]);
    expect([...world.media.plays.keys()]).toEqual([]);
    expect(world.clock.pendingTimers).toBe(0);
    expect(world.saved.size).toBeGreaterThan(5);
    world.saved.forEach(checkHistory);
    for (const agent of world.center.desks.agents()) {
      expect(['ready', 'not-ready', 'signed-out']).toContain(agent.state);
    }
  });

  it('the lives are rich: calls are answered, abandoned, held, recorded and dialled', async () => {
    const all = lived;
    const kinds = new Set(all.flatMap(({ segments }) => segments.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(['consult', 'flow', 'hold', 'queue', 'ringing', 'talk', 'wrap-up']);
    const holds = new Set(
      all.flatMap(({ segments }) => segments.flatMap((one) => (one.kind === 'hold' ? one.detail : []))),
    );
    expect(holds).toEqual(new Set(['by-agent', 'by-customer', 'by-both']));
    const transfers = all.flatMap((one) => one.transfers ?? []);
    const ways = new Set(transfers.map(({ kind, to }) => `${kind} to ${to.kind}`));
    for (const wanted of RICH_TRANSFERS) expect(ways).toContain(wanted);
    expect(all.some(({ segments }) => segments.some(({ detail }) => detail === 'conference'))).toBe(true);
    const supervisions = all.flatMap((one) => one.supervisions ?? []);
    expect(new Set(supervisions.flatMap(({ modes }) => modes.map(({ mode }) => mode))).size).toBe(3);
    expect(supervisions.some(({ interceptedAtMs }) => interceptedAtMs !== undefined)).toBe(true);
    const results = new Set(transfers.map(({ result }) => result));
    for (const wanted of ['completed', 'returned', 'failed']) expect(results).toContain(wanted);
    expect(all.some(({ direction, outcome }) => direction === 'outbound' && outcome?.result === 'answered')).toBe(true);
    expect(new Set(all.flatMap(({ outcome }) => outcome?.result ?? []))).toEqual(
      new Set(['answered', 'abandoned', 'failed']),
    );
  });
});
