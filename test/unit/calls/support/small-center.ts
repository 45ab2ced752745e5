/** A center of one queue and three agents, who are ready, with a trunk for calls outwards. */
import { SimulatedClock } from '../../../../base/clock';
import { asId } from '../../../../base/ids';
import type { AgentId, EndpointId, QueueId } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import { SeededRandom } from '../../../../base/random';
import type { Result } from '../../../../base/result';
import type { QueueConfig } from '../../../../acd/core/model';
import { createCenter } from '../../../../calls/center';
import type { Center, CenterDeps } from '../../../../calls/center';
import { flowOfRoom } from '../../../../calls/conference/room-flow';
import { plainRouting } from '../../../../calls/call-routing';
import type { ReleasePolicy } from '../../../../calls/release-mode';
import type { CallOrigin } from '../../../../signaling/ports';
import type { DeskCall, DeskCommand } from '../../../../calls/ports';
import { parseFlow } from '../../../../flows/document';
import type { FlowDocument } from '../../../../flows/document';
import type { SrtpPolicy } from '../../../../media/ports';
import type { ConferenceRoom } from '../../../../store/conference-rooms';
import type { Interaction } from '../../../../store/interaction';
import type { WaitingTerms } from '../../../../store/waiting-terms';
import { MediaDouble, SignalingDouble } from './port-doubles';
import type { InviteDouble, OutgoingDouble } from './port-doubles';
import { StationsDouble } from './stations-double';

export const [ANN, BOB, EVE] = ['ann', 'bob', 'eve'].map((name) => asId<AgentId>(name)) as [AgentId, AgentId, AgentId];
export const SUPPORT = asId<QueueId>('support');
export const SALES = asId<QueueId>('sales');
export const WRAP_UP_MS = 60_000;
const STEP_MS = 300;

const DOOR_RTP = { rtpSources: ['10.9.0.0/16'] };
const PHONES = [
  { extension: '2001', displayName: 'Door', displayNameZh: '门口', mayCallOutside: false, rtp: DOOR_RTP },
  { extension: '2002', displayName: 'Manager', mayCallOutside: true },
  { extension: '2003', displayName: 'Office', mayCallOutside: true, mayTakeOver: true, srtp: 'required' as const },
];
const PBX = { trunkId: 'pbx', number: '71', headers: { 'X-From': 'center' }, fromTrunks: false };

const phoneOf = (number: string) => PHONES.find(({ extension }) => extension === number);

/** @param steps which begin at `answer`. */
export const flowOf = (steps: object): FlowDocument => {
  const parsed = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

const flow = flowOf({
  answer: { do: 'answer', next: 'queue' },
  queue: { do: 'enqueue', queue: 'support', prompts: [{ prompt: 'please-wait', language: 'en' }] },
});

type OnCall = DeskCommand extends infer Command
  ? Command extends { readonly callId: unknown }
    ? Omit<Command, 'callId'>
    : never
  : never;

export class SmallCenter {
  /** Whether the trunk may transfer its calls by REFER. */
  referAllowed = true;
  readonly clock = new SimulatedClock();
  readonly saved = new Map<string, Interaction>();
  readonly media: MediaDouble;
  readonly signaling: SignalingDouble;
  readonly center: Center;
  private readonly stations: StationsDouble;

  /** @param options.srtp how trunks want their media. */
  constructor({
    srtp,
    rooms = [],
    flow: own = flow,
    release,
    support = {},
    waiting,
    flows = {},
    stations = new StationsDouble(),
    ...options
  }: Pick<
    CenterDeps,
    'lastAgentOf' | 'fraud' | 'permission' | 'agentsSeeSupervision' | 'alarms' | 'routing' | 'tones' | 'codecs'
  > & {
    readonly stations?: StationsDouble;
    readonly srtp?: SrtpPolicy;
    readonly rooms?: readonly ConferenceRoom[];
    readonly flow?: FlowDocument;
    readonly release?: ReleasePolicy;
    /** Settings of the queue "support" beside those that it has. */
    readonly support?: Partial<QueueConfig>;
    /** What callers hear and may do who wait in it. */
    readonly waiting?: WaitingTerms;
    /** By id. */
    readonly flows?: Readonly<Record<string, FlowDocument>>;
  } = {}) {
    const { clock } = this;
    const random = new SeededRandom(1);
    this.signaling = new SignalingDouble(clock, random);
    this.media = new MediaDouble(clock, random);
    const agents = [ANN, BOB, EVE].map((agentId, index) => ({
      agentId,
      userName: agentId,
      displayName: agentId,
      displayNameZh: ['安', '波', '伊'][index],
      extension: `100${index + 1}`,
    }));
    const roomOf = (number: string) => rooms.find(({ numbers }) => numbers.includes(number));
    const queues = [SUPPORT, SALES].map((queueId) => ({
      queueId,
      name: queueId,
      ...(queueId === SUPPORT && { waiting }),
    }));
    this.stations = stations;
    this.center = createCenter({
      ...options,
      stations,
      clock,
      log: silentLogger(),
      signaling: this.signaling,
      media: this.media,
      directory: {
        flowOf: (number) => {
          const room = roomOf(number);
          if (room) return flowOfRoom(room);
          return number === '4000' ? own : undefined;
        },
        flow: (flowId) => flows[flowId],
        conferenceRooms: () => rooms,
        conferenceRoom: (roomId) => rooms.find(({ _id }) => _id === roomId),
        conferenceRoomOf: roomOf,
        agent: (agentId) => agents.find((agent) => agent.agentId === agentId),
        agents: () => agents,
        queue: (queueId) => queues.find((queue) => queue.queueId === queueId),
        queues: () => queues,
        extension: (number) => {
          const agent = agents.find(({ extension }) => extension === number);
          if (agent) return { kind: 'agent', agent };
          const phone = phoneOf(number);
          if (phone) return { kind: 'phone', phone };
          return number === '3001' ? { kind: 'trunk', trunk: { ...PBX, srtp } } : undefined;
        },
        phone: phoneOf,
        phones: () => PHONES,
        mayRefer: () => this.referAllowed,
        countryOfTrunk: (trunkId) => (trunkId === 'local' ? '44' : undefined),
        outboundTrunk: () => ({ trunkId: 'carrier', callerId: '100', ...(srtp && { srtp }) }),
      },
      ...(release && { routing: { ...plainRouting(clock), releaseOf: () => release } }),
      queues: [
        { queueId: SUPPORT, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: WRAP_UP_MS, ...support },
        { queueId: SALES, skills: { sales: 1 }, offerTimeoutMs: 20_000, wrapUpMs: WRAP_UP_MS },
      ],
      agents: [
        { agentId: ANN, skills: {} },
        { agentId: BOB, skills: {} },
        { agentId: EVE, skills: { sales: 5 } },
      ],
      measureRecording: () => Promise.resolve(undefined),
      save: (interaction) => Promise.resolve(void this.saved.set(interaction._id, structuredClone(interaction))),
    });
    for (const agentId of [ANN, BOB, EVE]) {
      this.center.desks.signIn(agentId);
      this.center.stationChanged(agentId);
    }
  }

  /** The agent's telephone can be called from now on, or no more. */
  telephone(agentId: AgentId, isThere: boolean): void {
    this.stations.turn(this.center, agentId, isThere);
  }

  pass(ms = STEP_MS): Promise<void> {
    return this.clock.advanceAsync(ms, 5);
  }

  callOf(agentId: AgentId): DeskCall | undefined {
    return this.center.desks.snapshot(agentId).calls[0];
  }

  stateOf(agentId: AgentId): string {
    const agent = this.center.desks.snapshot(agentId).agent;
    return agent?.state === 'not-ready' ? `not-ready: ${agent.notReadyReason}` : (agent?.state ?? 'none');
  }

  async ready(...agents: AgentId[]): Promise<void> {
    for (const agentId of agents) await this.center.desks.perform(agentId, { command: 'ready' });
  }

  /** Performs a command on the agent's call and lets what follows happen. */
  async act(agentId: AgentId, command: OnCall): Promise<Result<void>> {
    const callId = this.callOf(agentId)?.callId;
    if (callId === undefined) throw new Error(`${agentId} has no call`);
    const done = this.center.desks.perform(agentId, { ...command, callId });
    await this.pass();
    return done;
  }

  /** A caller comes and talks with Ann. */
  async talkWithAnn(): Promise<InviteDouble> {
    await this.ready(ANN);
    const invite = this.signaling.arrive('customer');
    await this.pass();
    await this.answer();
    if (this.callOf(ANN)?.state !== 'connected') throw new Error(`the call is ${this.callOf(ANN)?.state}`);
    return invite;
  }

  /** A phone of ours dials. */
  async phoneCalls(extension: string, to: string): Promise<InviteDouble> {
    const origin = { kind: 'phone', userName: extension } as const;
    const invite = this.signaling.arrive(extension, { to: { number: to }, origin });
    await this.pass();
    return invite;
  }

  /** A phone of ours, or a trunk, sends an INVITE with Replaces. */
  async replaces(by: string, dialog: { id: string; isRinging?: boolean }, origin?: CallOrigin): Promise<InviteDouble> {
    const { id: dialogId, isRinging } = dialog;
    const invite = this.signaling.arrive(by, {
      origin: origin ?? { kind: 'phone', userName: by },
      replaces: { dialogId, ...(isRinging && { isRinging }) },
    });
    await this.pass();
    return invite;
  }

  get newest(): OutgoingDouble {
    const newest = this.signaling.outgoing.at(-1);
    if (!newest) throw new Error('nobody was called');
    return newest;
  }

  async answer(): Promise<OutgoingDouble> {
    const { newest } = this;
    newest.answer();
    await this.pass();
    return newest;
  }

  /** The tone that is played comes to its end. */
  async endTone(): Promise<void> {
    const tone = [...this.media.plays.values()].find(({ sources }) => sources[0]?.kind === 'tone');
    if (!tone) throw new Error('no tone is played');
    this.media.endPlay(tone.playId, 'finished');
    await this.pass();
  }

  /** Who hears whom, by the users and numbers that were called; `customer` is who called in. */
  get joined(): string[] {
    const pairs = new Set<string>();
    for (const [one, other] of this.media.bridged) {
      pairs.add([this.nameOf(one), this.nameOf(other)].sort().join(' + '));
    }
    return [...pairs].sort();
  }

  /** Every listener with those who are heard, such as `ann: customer, eve`. */
  get hearing(): string[] {
    const heard = new Map<string, string[]>();
    for (const [listener, speaker] of this.media.hearing) {
      const name = this.nameOf(listener);
      heard.set(name, [...(heard.get(name) ?? []), this.nameOf(speaker)]);
    }
    return [...heard].map(([listener, speakers]) => `${listener}: ${speakers.sort().join(', ')}`).sort();
  }

  /** Who is recorded on each channel of the recordings that run, such as `customer | ann, bob`. */
  get recorded(): string[] {
    const names = (side: readonly EndpointId[]): string =>
      side
        .map((endpointId) => this.nameOf(endpointId))
        .sort()
        .join(', ');
    return [...this.media.sides.values()].map((sides) => sides.map(names).join(' | '));
  }

  /** Who hears music or a tone. */
  get entertained(): string[] {
    const plays = [...this.media.plays.values()].filter(({ endpointId }) => !this.media.bridged.has(endpointId));
    return [...new Set(plays.map(({ endpointId }) => this.nameOf(endpointId)))].sort();
  }

  private nameOf(endpointId: Parameters<MediaDouble['closeEndpoint']>[0]): string {
    const of = this.signaling.outgoing.find(({ request }) => request.sdp === `sdp of ${endpointId}`);
    const came = this.signaling.invites.find((one) => one.answeredWith === `sdp of ${endpointId}`);
    if (!of) return came?.callId ?? 'nobody';
    const { target } = of.request;
    if (target.kind === 'user' || target.kind === 'phone') return target.userName;
    return target.kind === 'contact' ? target.uri : target.number;
  }

  get history(): Interaction {
    const [interaction] = this.saved.values();
    if (!interaction) throw new Error('nothing was saved');
    return interaction;
  }

  /** Of the call that began as this one's. */
  historyOf(caller: string): Interaction {
    const found = [...this.saved.values()].find((interaction) => interaction.caller.number === caller);
    if (!found) throw new Error(`nothing was saved of ${caller}`);
    return found;
  }

  /** Everything is over and nothing is left. */
  expectNothingLeft(): void {
    expect(this.center.openCalls).toBe(0);
    expect(this.signaling.open).toEqual([]);
    expect([...this.media.endpoints.keys()]).toEqual([]);
    expect([...this.media.recordings.keys()]).toEqual([]);
    expect([...this.media.mixes.keys()]).toEqual([]);
  }
}
