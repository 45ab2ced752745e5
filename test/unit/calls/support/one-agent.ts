/** A center of one queue and one agent, who is ready. */
import { SimulatedClock } from '../../../../base/clock';
import type { Detect } from '../../../../base/detect';
import { asId } from '../../../../base/ids';
import type { AgentId, QueueId } from '../../../../base/ids';
import type { Logger } from '../../../../base/log';
import { silentLogger } from '../../../../base/log';
import { SeededRandom } from '../../../../base/random';
import { createCenter } from '../../../../calls/center';
import type { Center, CenterDeps } from '../../../../calls/center';
import { plainRouting } from '../../../../calls/call-routing';
import type { CallRouting } from '../../../../calls/call-routing';
import { chooseRecordingPolicy } from '../../../../calls/recording-policy';
import type { OutboundTrunk } from '../../../../calls/context';
import type { LegRtp } from '../../../../calls/leg-rtp';
import type { PromptKeeper } from '../../../../calls/record-prompt';
import type { ReleasePolicy } from '../../../../calls/release-mode';
import type { DeskCall } from '../../../../calls/ports';
import { parseFlow } from '../../../../flows/document';
import type { FlowDocument } from '../../../../flows/document';
import type { Interaction } from '../../../../store/interaction';
import type { RecordingPolicy } from '../../../../store/recording-policies';
import { MediaDouble, SignalingDouble } from './port-doubles';
import { StationsDouble } from './stations-double';

export const ANN = asId<AgentId>('ann');
export const WRAP_UP_MS = 1_500;
const QUEUE = asId<QueueId>('support');
const STEP_MS = 500;

const flow = (() => {
  const steps = {
    answer: { do: 'answer', next: 'queue' },
    queue: { do: 'enqueue', queue: 'support', prompts: [{ prompt: 'please-wait', language: 'en' }] },
  };
  const parsed = parseFlow({ id: 'f', version: 1, title: '', start: 'answer', steps });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
})();

export interface OneAgentOptions {
  readonly flow?: FlowDocument;
  readonly release?: ReleasePolicy;
  readonly trunk?: OutboundTrunk;
  /** How packets of that trunk may come. */
  readonly trunkRtp?: LegRtp;
  /** What is listened for in conversations through that trunk. */
  readonly trunkDetect?: Detect;
  /** The center's, for recordings whose policy names none. */
  readonly retentionDays?: number;
  readonly recordingPolicies?: readonly RecordingPolicy[];
  readonly ask?: CallRouting['ask'];
  readonly log?: Logger;
  readonly voiceAnswer?: CenterDeps['voiceAnswer'];
  readonly prompts?: PromptKeeper;
}

export class OneAgent {
  readonly clock = new SimulatedClock();
  readonly saved = new Map<string, Interaction>();
  readonly center: Center;
  readonly signaling: SignalingDouble;
  readonly media: MediaDouble;
  private arrivals = 0;

  constructor(options: OneAgentOptions = {}) {
    const { clock } = this;
    const random = new SeededRandom(1);
    this.signaling = new SignalingDouble(clock, random);
    this.media = new MediaDouble(clock, random);
    const agent = { agentId: ANN, userName: 'ann', displayName: 'Ann', displayNameZh: '安娜', extension: '1' };
    const queue = { queueId: QUEUE, name: 'Support', nameZh: '技术支持' };
    this.center = createCenter({
      stations: new StationsDouble(),
      clock,
      log: options.log ?? silentLogger(),
      signaling: this.signaling,
      media: this.media,
      directory: {
        // Numbers with a plus are outside.
        flowOf: (number) => (number.startsWith('+') ? undefined : (options.flow ?? flow)),
        agent: () => agent,
        agents: () => [agent],
        queue: () => queue,
        queues: () => [queue],
        extension: () => undefined,
        phone: () => undefined,
        phones: () => [],
        outboundTrunk: () => options.trunk,
        rtpOfTrunk: () => options.trunkRtp,
        detectOfTrunk: () => options.trunkDetect,
      },
      routing: {
        ...plainRouting(clock),
        releaseOf: () => options.release,
        recordingOf: (call) => chooseRecordingPolicy(options.recordingPolicies ?? [], call),
        retentionDays: options.retentionDays,
        lookUpOf: (id) => ({ _id: id, url: 'https://pay.example/', headers: {}, timeoutMs: 1_000 }),
        ...(options.ask && { ask: options.ask }),
      },
      ...(options.release && { routing: { ...plainRouting(clock), releaseOf: () => options.release } }),
      ...(options.voiceAnswer && { voiceAnswer: options.voiceAnswer }),
      ...(options.prompts && { prompts: options.prompts }),
      queues: [{ queueId: QUEUE, skills: {}, offerTimeoutMs: 20_000, wrapUpMs: WRAP_UP_MS }],
      agents: [{ agentId: ANN, skills: {} }],
      measureRecording: () => Promise.resolve(undefined),
      save: (interaction) => Promise.resolve(void this.saved.set(interaction._id, structuredClone(interaction))),
    });
    this.center.desks.signIn(ANN);
    this.center.stationChanged(ANN);
    void this.center.desks.perform(ANN, { command: 'ready' });
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms, 5);
  }

  get call(): DeskCall | undefined {
    return this.center.desks.snapshot(ANN).calls[0];
  }

  /** A caller comes and talks with the agent. */
  async talk(): Promise<DeskCall> {
    this.signaling.arrive(`caller${(this.arrivals += 1)}`);
    await this.pass(STEP_MS);
    this.signaling.outgoing.at(-1)?.answer();
    await this.pass(STEP_MS);
    if (this.call?.state !== 'connected') throw new Error(`the call is ${this.call?.state}`);
    return this.call;
  }

  /** As {@link talk}; the caller hangs up, and the agent is in wrap-up. */
  async wrapUp(): Promise<DeskCall> {
    const { callId } = await this.talk();
    void this.center.desks.perform(ANN, { command: 'hang-up', callId });
    await this.pass(STEP_MS);
    if (this.call?.state !== 'wrap-up') throw new Error(`the call is ${this.call?.state}`);
    return this.call;
  }
}
