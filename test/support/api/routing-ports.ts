/** The routing ports over collections in memory. */
import type { RoutingPorts } from '../../../api/ports';
import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { ok } from '../../../base/result';
import type { Directory } from '../../../calls/context';
import { loadCallSettings } from '../../../main/call-settings';
import type { CallRule } from '../../../store/call-rules';
import { trunkBodySchema } from '../../../api/contract/trunks';
import { silentLogger } from '../../../base/log';
import type { FlowId } from '../../../base/ids';
import { TrunkBook } from '../../../main/trunk-book';
import type { DialledNumber, Flow, FlowStore, SettingsStore } from '../../../store/settings';
import type { CallLimit, CallUsage } from '../../../store/call-limits';
import type { AnswerModeSetting } from '../../../store/answer-modes';
import type { MusicStreamSetting } from '../../../store/music-streams';
import type { RecordingPolicy } from '../../../store/recording-policies';
import type { ReleaseModeSetting } from '../../../store/release-modes';
import type { LookUp, Site, TemporaryNumbers } from '../../../store/sites';

export const memorySettings = <Document extends { _id: string }>(): SettingsStore<Document> => {
  const documents = new Map<string, Document>();
  return {
    save: (document) => Promise.resolve(void documents.set(document._id, document)),
    get: (id) => Promise.resolve(documents.get(id)),
    list: () => Promise.resolve([...documents.values()].sort((a, b) => a._id.localeCompare(b._id))),
    remove: (id) => Promise.resolve(documents.delete(id)),
  };
};

const memoryFlows = (): FlowStore => {
  const flows = new Map<FlowId, Flow>();
  return {
    save: (_id, document) => {
      const version = (flows.get(_id)?.version ?? 0) + 1;
      flows.set(_id, { _id, version, document });
      return Promise.resolve(version);
    },
    get: (id) => Promise.resolve(flows.get(id)),
    list: () => Promise.resolve([...flows.values()]),
  };
};

/** Settings that are kept in memory, and no calls behind them. */
export const routingPorts = async (callUsage = memorySettings<CallUsage>()): Promise<RoutingPorts> => {
  const live = { flows: new Map(), numbers: new Map(), queueIds: new Set(['support']) };
  const store = {
    callRules: memorySettings<CallRule>(),
    numbers: memorySettings<DialledNumber>(),
    flows: memoryFlows(),
    sites: memorySettings<Site>(),
    lookUps: memorySettings<LookUp>(),
    temporaryNumbers: memorySettings<TemporaryNumbers>(),
    releaseModes: memorySettings<ReleaseModeSetting>(),
    answerModes: memorySettings<AnswerModeSetting>(),
    musicStreams: memorySettings<MusicStreamSetting>(),
    recordingPolicies: memorySettings<RecordingPolicy>(),
    callLimits: memorySettings<CallLimit>(),
    callUsage,
  };
  const directory = { flow: () => undefined, agent: () => ({}), queue: () => ({}) } as unknown as Directory;
  const clock = new SimulatedClock();
  const log = silentLogger();
  const { ports, routing } = await loadCallSettings(
    store,
    { directory, live },
    { clock, log, alarms: new Alarms({ clock, log }), costPerMinute: () => 0 },
  );
  return {
    ...ports,
    preRoute: () => ({ kind: 'unknown' }),
    reserveContext: (context, reserve) => {
      const reserved = routing.contexts.reserve(context, reserve);
      return Promise.resolve(reserved.ok ? ok({ ...reserved.value, userToUser: reserved.value.token }) : reserved);
    },
    takeContext: (token) => routing.contexts.take(token),
  };
};

/** The trunks of an empty store, and none in a file; without a gateway, that is. */
export const trunkDesk = (): Promise<TrunkBook> => {
  const state = new Map<string, unknown>();
  return TrunkBook.load({
    store: {
      trunks: memorySettings(),
      outboundRoutes: memorySettings(),
      state: {
        get: <Value>(name: string) => Promise.resolve(state.get(name) as Value | undefined),
        set: (name, value) => Promise.resolve(void state.set(name, value)),
      },
    },
    file: {
      trunks: [{ id: 'local', ...trunkBodySchema.parse({ name: 'Local', addresses: ['self'] }) }],
      routes: [],
      numbering: {},
    },
    log: silentLogger(),
  });
};
