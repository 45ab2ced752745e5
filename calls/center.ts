/** The contact center: builds the context of all calls and joins signaling, media, ACD and store. */
import { Alarms } from '../base/alarms';
import { TypedEmitter } from '../base/emitter';
import type { Clock } from '../base/clock';
import type { AgentId, EndpointId, InteractionId, QueueId } from '../base/ids';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import { KeyedSerialQueue } from '../base/serial-queue';
import type { AcdEvent, AcdState, AgentConfig, QueueConfig } from '../acd/core/model';
import type { KnownHours } from '../acd/hours/queue-hours';
import { AcdRunner } from '../acd/runner';
import type { AcdRunnerDeps, Observed } from '../acd/runner';
import type { MediaPort } from '../media/ports';
import type { IncomingInvite, SignalingPort } from '../signaling/ports';
import type { ExtensionCall } from '../signaling/subscriptions/extension-state';
import type { Interaction } from '../store/interaction';
import { performAcdEffect } from './acd-adapter';
import { CallFraud } from './call-fraud';
import type { CallPermission } from './call-permission';
import { createCallPermission } from './call-permission';
import type { CallRouting } from './call-routing';
import { plainRouting } from './call-routing';
import { Conferences } from './conference/conferences';
import type { Stay } from './conference/model';
import { conferenceDesk } from './conference/desk';
import type { ConferenceDesk } from './conference/desk';
import { deskQueues } from './desk-view';
import { onCall } from './context';
import type { CallContext, CenterEvents, Directory, ToneSettings } from './context';
import { createDesks } from './desks';
import { endCall } from './end';
import { legsOf } from './legs';
import { acceptInbound } from './inbound';
import { extensionCalls } from './extension-states';
import { handleMediaEvent } from './media-events';
import type { CallerContext } from './context-book';
import { G711_ONLY } from './leg-codecs';
import type { CodecPolicy } from './leg-codecs';
import type { Desks } from './ports';
import { CallKeeper, KeptSerialQueue } from './keep/call-keeper';
import type { CallRecords } from './keep/call-keeper';
import type { MediaEstate } from './keep/estate';
import type { KeptCall } from './keep/rebuild-call';
import { Restoration } from './keep/restoration';
import { createSupervision } from './supervision';
import type { Supervision } from './supervision-ports';
import { createWaitingDesk } from './waiting-desk';
import type { WaitingDesk } from './waiting-ports';
import { preRoute } from './pre-route';
import type { PromptKeeper } from './record-prompt';
import type { RouteQuestion, RouteTarget } from './pre-route';
import { QueueAlarms } from './queue-alarms';
import type { QueueAlarmsDeps } from './queue-alarms';
import { QueueFigureBook } from './queue-figures';
import type { QueueFiguresDeps } from './queue-figures';
import { queueLoads } from './queue-loads';
import { QualityWatch } from './quality-watch';
import { QueueNews } from './queue-news';
import { stationChanged } from './choose-station';
import { browsersOnly } from './stations';
import type { StationBook } from './stations';
import { VoiceAnswers } from './voice-answer';
import type { VoiceAnswerDeps } from './voice-answer';
import { reserveContext } from './reserve-context';
import type { NamedReservation } from './reserve-context';

const DEFAULT_FAILURE_MS = 4000;

export interface CenterDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signaling: SignalingPort;
  readonly media: MediaPort;
  readonly directory: Directory;
  /** Everybody may call everybody when it is absent. */
  readonly permission?: CallPermission;
  /** Only the limits that are built in hold when it is absent. */
  readonly fraud?: CallContext['fraud'];
  /** Numbers are as they are dialled when it is absent. */
  readonly routing?: CallRouting;
  /** Callers can record no prompts when it is absent. */
  readonly prompts?: PromptKeeper | undefined;
  /** Where the ACD goes on and what it writes down; it begins anew and writes nothing when it is absent. */
  readonly acd?: Pick<AcdRunnerDeps, 'from' | 'journal'>;
  /** Raised when one-way audio happens again and again; only logged when it is absent. */
  readonly alarms?: Pick<Alarms, 'raise'>;
  /** How long callers wait for a voice; measured, but judged by nobody, when it is absent. */
  readonly voiceAnswer?: Omit<VoiceAnswerDeps, 'clock'>;
  /** When queues are an alarm; never when it is absent. */
  readonly queueAlarms?: Pick<QueueAlarmsDeps, 'standing' | 'termsOf'>;
  /** Keeps the waits in queues that are over; nobody does when it is absent. */
  readonly keepWait?: QueueFiguresDeps['keep'];
  /** Sees what the ACD sees; must not throw. Nobody does when it is absent. */
  readonly acdFollower?: AcdFollower;
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
  /** How tones sound and how long they last; those of most countries, and four seconds, when it is absent. */
  readonly tones?: ToneSettings | undefined;
  /** Which music is a stream; none is when it is absent. */
  readonly musicStream?: CallContext['musicStream'];
  /** Agents whose sessions have outlived the restart: they are not signed out. */
  readonly stay?: ReadonlySet<AgentId>;
  /** What browsers and phones are offered and may offer; G.711 alone when it is absent. */
  readonly codecs?: CodecPolicy | undefined;
  /** Where agents hear; by their browsers alone when it is absent. */
  readonly stations?: StationBook | undefined;
  /** Whether agents are told that a supervisor is with their call. Default false. */
  readonly agentsSeeSupervision?: boolean;
  /** Where calls are written down so that they outlive the app, and those of before; they end with it when it is absent. */
  readonly kept?: { readonly records: CallRecords; readonly found: readonly KeptCall[] };
  readonly save: (interaction: Interaction) => Promise<void>;
  /** As of the context's. */
  readonly lastAgentOf?: CallContext['lastAgentOf'];
  readonly measureRecording: CallContext['measureRecording'];
  /** Somebody guesses the PINs of a conference room. */
  readonly onPinGuessing?: (roomId: string) => void;
}

export interface AcdFollower {
  /** Once, with the state that the ACD goes on from. */
  begin(state: AcdState): void;
  observe(observed: Observed): void;
}

/** By which settings of queues and agents change while the center runs. */
export interface AcdSetUp {
  /** Errors: `conflict` when the ACD refuses it. */
  configure(
    event: Extract<
      AcdEvent,
      {
        type:
          | 'queue-configured'
          | 'queue-removed'
          | 'queue-opened'
          | 'queue-closed'
          | 'callback-hours-set'
          | 'agent-configured';
      }
    >,
  ): Result<void>;
  /** Undefined for a queue that the ACD does not know. */
  hoursOf(queueId: QueueId): KnownHours | undefined;
}

export interface Center {
  readonly desks: Desks;
  readonly supervision: Supervision;
  readonly waiting: WaitingDesk;
  readonly conferences: ConferenceDesk;
  /** The calls in which each extension takes part now; those without a call are not in it. */
  extensionCalls(): ReadonlyMap<string, readonly ExtensionCall[]>;
  /** Another leg of the call that this leg belongs to. */
  neighbourOf(endpointId: EndpointId): EndpointId | undefined;
  /** Told when {@link extensionCalls} may have changed without a desk's being told. */
  onLines(listener: () => void): () => void;
  /** Looks whether the agent's station can be called now. */
  stationChanged(agentId: AgentId): void;
  /** Number of calls that have not ended. */
  readonly openCalls: number;
  readonly acd: AcdSetUp;
  /** Where a call would go if it came now. */
  preRoute(question: RouteQuestion): RouteTarget;
  reserveContext(
    context: CallerContext,
    reserve: { ttlMs: number; forNumber?: string | undefined },
  ): Promise<Result<NamedReservation>>;
  /** Once. */
  takeContext(token: string): CallerContext | undefined;
  /** The interactions of calls that are to go on after a restart. */
  readonly keptInteractions: ReadonlySet<InteractionId>;
  /** Goes on with them, when media and the SIP server can be asked; to be called once. Resolves when all have gone on. */
  goOn(estate: MediaEstate): Promise<void>;
  /** Ends every call with the given reason and waits until all is written down. */
  close(reason: string): Promise<void>;
}

export const createCenter = (deps: CenterDeps): Center => {
  const ctx = createContext(deps);
  configureAcd(ctx.acd, deps);
  const restoration = new Restoration(ctx, ctx.keeper);
  restoration.rebuild(deps.kept?.found ?? [], deps.stay);
  const queueAlarms = watchQueues(ctx, deps);
  const doorway = openDoorway(ctx);
  const unsubscribe = deps.media.onEvent((event) => handleMediaEvent(ctx, event));
  return {
    desks: createDesks(ctx),
    supervision: createSupervision(ctx),
    waiting: createWaitingDesk(ctx),
    conferences: conferenceDesk(ctx),
    extensionCalls: () => extensionCalls(ctx),
    neighbourOf: (endpointId) => neighbourOf(ctx, endpointId),
    onLines: (listener) => ctx.events.on('lines', listener),
    get openCalls() {
      return ctx.calls.size;
    },
    acd: {
      configure: (event) => ctx.acd.dispatch(event),
      hoursOf: (queueId) => ctx.acd.state.queues.get(queueId),
    },
    stationChanged: (agentId) => stationChanged(ctx, agentId),
    preRoute: (question) => preRoute(ctx, question),
    reserveContext: (context, reserve) => reserveContext(ctx, context, reserve),
    takeContext: (token) => ctx.routing.contexts.take(token),
    keptInteractions: restoration.interactionIds,
    goOn: (estate) => restoration.goOn(estate),
    close: async (reason) => {
      await doorway.close();
      await endAll(ctx, reason);
      ctx.keeper.close();
      await ctx.conferences.settled();
      ctx.quality.close();
      ctx.voiceAnswers.close();
      queueAlarms?.close();
      unsubscribe();
      await ctx.acd.close();
      ctx.queueNews.close();
      ctx.routing.contexts.close();
      ctx.events.removeAll();
    },
  };
};

/** The ACD goes on with what it had where it refuses what is set now, such as another tenant while contacts are there. */
const configureAcd = (acd: AcdRunner, { queues, agents, log }: CenterDeps): void => {
  const told = [
    ...queues.map((queue) => ({ type: 'queue-configured', queue }) as const),
    ...agents.map((agent) => ({ type: 'agent-configured', agent }) as const),
  ];
  for (const event of told) {
    const taken = acd.dispatch(event);
    if (!taken.ok) log.error({ event, reason: taken.fault.message }, 'the ACD does not go by a setting that is kept');
  }
};

const neighbourOf = (ctx: CallContext, endpointId: EndpointId): EndpointId | undefined => {
  const callId = ctx.callsByEndpoint.get(endpointId);
  const call = callId && ctx.calls.get(callId);
  return call && legsOf(call).find((leg) => leg.endpointId !== endpointId)?.endpointId;
};

const watchQueues = (ctx: CallContext, { clock, queueAlarms }: CenterDeps): QueueAlarms | undefined =>
  queueAlarms &&
  new QueueAlarms({
    clock,
    ...queueAlarms,
    loads: () => queueLoads(ctx),
    recent: (queueId, minutes) => ctx.queueFigures.recent(queueId, minutes),
  });

/** Counts by the limits that are built in; costs nothing, keeps nothing. */
const builtInLimits = ({ clock, log }: CenterDeps, { classOf }: CallPermission): CallFraud =>
  new CallFraud({
    clock,
    log,
    alarms: new Alarms({ clock, log }),
    limits: () => [],
    classOf,
    costPerMinute: () => 0,
    usage: [],
    save: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  });

type CenterContext = CallContext & {
  readonly acd: AcdRunner;
  readonly queueNews: QueueNews;
  readonly keeper: CallKeeper;
};

const createContext = (deps: CenterDeps): CenterContext => {
  const acd = new AcdRunner({
    clock: deps.clock,
    perform: (effect) => performAcdEffect(ctx, effect),
    observe: (observed) => {
      queueFigures.observe(observed);
      deps.acdFollower?.observe(observed);
    },
    ...deps.acd,
  });
  const queueFigures = new QueueFigureBook({ clock: deps.clock, keep: deps.keepWait });
  queueFigures.begin(acd.state);
  deps.acdFollower?.begin(acd.state);
  const permission = deps.permission ?? createCallPermission(() => []);
  const events = new TypedEmitter<CenterEvents>(deps.log);
  const calls: CallContext['calls'] = new Map();
  const wrapUps: CallContext['wrapUps'] = new Map();
  const keeper: CallKeeper = new CallKeeper({
    ...{ clock: deps.clock, records: deps.kept?.records, calls, wrapUps },
    stayOf: (call): Stay | undefined => ctx.conferences.stayOf(call),
  });
  const ctx = {
    clock: deps.clock,
    log: deps.log,
    signaling: deps.signaling,
    media: deps.media,
    directory: deps.directory,
    permission,
    fraud: deps.fraud ?? builtInLimits(deps, permission),
    routing: deps.routing ?? plainRouting(deps.clock),
    prompts: deps.prompts,
    save: deps.save,
    lastAgentOf: deps.lastAgentOf,
    musicStream: deps.musicStream,
    tones: deps.tones ?? { failureMs: DEFAULT_FAILURE_MS },
    measureRecording: deps.measureRecording,
    calls,
    callsByEndpoint: new Map(),
    callsByContact: new Map(),
    wrapUps,
    lapsedWrapUps: new Map(),
    watches: new Map(),
    codecs: deps.codecs ?? { browsers: G711_ONLY, phones: G711_ONLY },
    stations: deps.stations ?? browsersOnly,
    stationChoices: new KeyedSerialQueue(),
    agentsSeeSupervision: deps.agentsSeeSupervision ?? false,
    serial: deps.kept ? new KeptSerialQueue(keeper) : new KeyedSerialQueue(),
    keeper,
    events,
    quality: new QualityWatch({
      ...{ clock: deps.clock, log: deps.log, media: deps.media, calls },
      alarms: deps.alarms ?? new Alarms(deps),
      tell: (told) => events.emit('desk', { type: 'quality', calls: told }),
    }),
    queueNews: new QueueNews({
      clock: deps.clock,
      tell: () => events.emit('desk', { type: 'queues', queues: deskQueues(ctx) }),
    }),
    queueFigures,
    voiceAnswers: new VoiceAnswers({ clock: deps.clock, limitMs: 0, ...deps.voiceAnswer }),
    conferences: new Conferences({
      clock: deps.clock,
      log: deps.log,
      onGuessing: (roomId) => deps.onPinGuessing?.(roomId),
      ctx: (): CallContext => ctx,
    }),
    acd,
  } satisfies CallContext;
  return ctx;
};

/** Lets calls in until it is closed; closing waits for those that are on the doorstep. */
const openDoorway = (ctx: CallContext): { close(): Promise<void> } => {
  const entering = new Set<Promise<void>>();
  let closed = false;
  const enter = async (invite: IncomingInvite): Promise<void> => {
    try {
      await acceptInbound(ctx, invite);
    } catch (error) {
      ctx.log.error({ err: error, sipCallId: invite.callId }, 'a call could not be accepted');
      invite.reject(500, 'Internal error');
    }
  };
  ctx.signaling.onIncoming((invite) => {
    if (closed) {
      invite.reject(503, 'Shutting down');
      return;
    }
    const entry = enter(invite).finally(() => entering.delete(entry));
    entering.add(entry);
  });
  return {
    close: async () => {
      closed = true;
      await Promise.all(entering);
    },
  };
};

const endAll = async (ctx: CallContext, reason: string): Promise<void> => {
  const open = [...ctx.calls.values()];
  await Promise.all(
    open.map(async (call) => {
      onCall(ctx, call, () => endCall(ctx, call, { party: 'system', reason, failed: true }));
      await ctx.serial.run(call.callId, () => call.log.settled());
    }),
  );
};
