/** Opens the store: always the official mongodb driver, whether the embedded server answers or MongoDB. */
import { MongoClient, MongoError } from 'mongodb';
import { systemClock } from '../base/clock';
import type { Clock } from '../base/clock';
import { SwitchroomError, messageOf } from '../base/errors';
import type { LastingStore } from '../base/lasting';
import type { Logger } from '../base/log';
import type { SecretBox } from '../base/secret-box';
import { WaitPromises } from './wait-promises';
import { MongoAcdJournalStore, type AcdJournalStore } from './acd-journal';
import { MongoAgentTimeStore, type AgentTimeStore } from './agent-times';
import { MongoAuditStore, type AuditStore } from './audit';
import type { CallRule } from './call-rules';
import type { ConferenceRoom } from './conference-rooms';
import { ours, withoutCredentials } from './faults';
import { MongoInteractionStore, type InteractionStore } from './interactions';
import { MongoLastingStore, type LastingCollection } from './lasting';
import { migrate } from './migrations/migrate';
import { RecordingManifest } from './recordings/manifest';
import { MongoRecordingIndex, type RecordingIndex } from './recordings/recording-index';
import {
  MongoFlowStore,
  MongoSettingsStore,
  type DialledNumber,
  type FlowStore,
  type NumberStore,
  type QueueStore,
  type StoredRoute,
  type StoredTrunk,
  type SettingsStore,
} from './settings';
import type { ExtensionRule, MessageCounts, Phone, Registrations } from './phones';
import { SealedSettingsStore, SECRETS } from './sealed-settings';
import type { CallLimit, CallUsage } from './call-limits';
import type { AnswerModeSetting } from './answer-modes';
import type { QueueAlarmSetting } from './queue-alarms';
import type { MusicStreamSetting } from './music-streams';
import type { Named, Queue, StoredCalendar, Tenant } from './queues';
import type { RecordingPolicy } from './recording-policies';
import type { ChosenStation } from './stations';
import type { ReleaseModeSetting } from './release-modes';
import type { ApiKey, LookUp, Site, TemporaryNumbers } from './sites';
import type { StoredSchedule } from './schedules';
import { MongoStateStore, type StateStore } from './state';
import type { StoredSound } from './sounds';
import { MongoTraceStore, type TraceStore } from './traces';
import { MongoUserStore, type UserStore } from './users';
import { MongoWaitStore, type WaitStore } from './waits';
import { closeClient } from './close-client';
import { watchDriver } from './watch-driver';
import type { Webhook } from './webhooks';
import { WriteOrder } from './write-order';

export interface StoreOptions {
  uri: string;
  database: string;
  log: Logger;
  clock: Clock;
  /** Encrypts secrets among the settings; left out: they lie there in the clear. */
  secrets?: SecretBox;
  /** How long to look for the server before giving up, at the start and in every operation; default 5 s. */
  serverSelectionTimeoutMs?: number;
}

export interface Store {
  readonly interactions: InteractionStore;
  readonly users: UserStore;
  readonly queues: QueueStore;
  readonly calendars: SettingsStore<StoredCalendar>;
  readonly skills: SettingsStore<Named>;
  readonly teams: SettingsStore<Named>;
  readonly stations: SettingsStore<ChosenStation>;
  readonly tenants: SettingsStore<Tenant>;
  readonly numbers: NumberStore;
  readonly flows: FlowStore;
  readonly callRules: SettingsStore<CallRule>;
  readonly sites: SettingsStore<Site>;
  readonly lookUps: SettingsStore<LookUp>;
  readonly temporaryNumbers: SettingsStore<TemporaryNumbers>;
  readonly apiKeys: SettingsStore<ApiKey>;
  readonly phones: SettingsStore<Phone>;
  readonly extensions: SettingsStore<ExtensionRule>;
  readonly registrations: SettingsStore<Registrations>;
  readonly messages: SettingsStore<MessageCounts>;
  readonly sounds: SettingsStore<StoredSound>;
  readonly releaseModes: SettingsStore<ReleaseModeSetting>;
  readonly answerModes: SettingsStore<AnswerModeSetting>;
  readonly queueAlarms: SettingsStore<QueueAlarmSetting>;
  readonly webhooks: SettingsStore<Webhook>;
  readonly waits: WaitStore;
  readonly agentTimes: AgentTimeStore;
  readonly schedules: SettingsStore<StoredSchedule>;
  readonly musicStreams: SettingsStore<MusicStreamSetting>;
  readonly recordingPolicies: SettingsStore<RecordingPolicy>;
  readonly callLimits: SettingsStore<CallLimit>;
  readonly conferenceRooms: SettingsStore<ConferenceRoom>;
  readonly callUsage: SettingsStore<CallUsage>;
  readonly trunks: SettingsStore<StoredTrunk>;
  readonly outboundRoutes: SettingsStore<StoredRoute>;
  readonly audit: AuditStore;
  readonly acdJournal: AcdJournalStore;
  readonly waitPromises: WaitPromises;
  readonly traces: TraceStore;
  /** The lasting records of that kind; what their values are is the business of the rooms above. */
  lasting<Value>(kind: LastingCollection): LastingStore<Value>;
  readonly state: StateStore;
  readonly recordings: RecordingIndex;
  /** The manifest of recordings, whose end is sealed by a key of the box. */
  openManifest(box: SecretBox): Promise<RecordingManifest>;
  /** Resolves when the database answers. @throws SwitchroomError `unavailable` otherwise. */
  ping(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

const SERVER_SELECTION_TIMEOUT_MS = 5000;
/**
 * How often the driver looks whether the server is there; a look that is not answered within the time to connect ends
 * the operations that wait for the same server, so that a silent way to it is noticed, whatever TCP believes.
 */
const HEARTBEAT_MS = 2000;

const createClient = ({ uri, serverSelectionTimeoutMs = SERVER_SELECTION_TIMEOUT_MS }: StoreOptions): MongoClient => {
  try {
    return new MongoClient(uri, {
      appName: 'switchroom',
      serverSelectionTimeoutMS: serverSelectionTimeoutMs,
      connectTimeoutMS: serverSelectionTimeoutMs,
      heartbeatFrequencyMS: HEARTBEAT_MS,
      ignoreUndefined: true,
      writeConcern: { w: 'majority', journal: true },
    });
  } catch (error) {
    throw new SwitchroomError(
      'bad_input',
      `The database address ${withoutCredentials(uri)} is not valid: ${messageOf(error)}`,
      { cause: error },
    );
  }
};

/**
 * Connects and migrates.
 * @throws SwitchroomError `unavailable` with one sentence that names the address, without its credentials; `bad_input`
 * when secrets cannot be decrypted.
 */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const { uri, database, log, clock, secrets } = options;
  const client = createClient(options);
  const { serverSelectionTimeoutMs: lookTimeoutMs = SERVER_SELECTION_TIMEOUT_MS } = options;
  // The driver lives by the system's time.
  const endWatch = watchDriver(client, { clock: systemClock, log, lookTimeoutMs, awaitMs: HEARTBEAT_MS });
  const db = client.db(database);
  const ping = async (): Promise<void> => void (await ours(db.command({ ping: 1 })));
  try {
    await client.connect();
    await ping();
    await migrate({ db, clock, log });
  } catch (error) {
    endWatch();
    await closeClient(client, { clock: systemClock });
    if (!(error instanceof MongoError || (error instanceof SwitchroomError && error.code === 'unavailable')))
      throw error;
    throw new SwitchroomError(
      'unavailable',
      `The database at ${withoutCredentials(uri)} cannot be reached: ${messageOf(error)}`,
      { cause: error },
    );
  }
  const sealed = async <Document extends { _id: string }>(
    collection: keyof typeof SECRETS,
  ): Promise<SettingsStore<Document>> => {
    const plain = new MongoSettingsStore<Document>(db, collection);
    if (!secrets) return plain;
    const store = new SealedSettingsStore(plain, { box: secrets, collection, isSecret: SECRETS[collection] });
    const count = await store.sealAll();
    if (count > 0) log.info({ collection, count, keyId: secrets.keyId }, 'secrets in the database were encrypted');
    return store;
  };
  const openSealed = async () => ({
    trunks: await sealed<StoredTrunk>('trunks'),
    phones: await sealed<Phone>('phones'),
    sites: await sealed<Site>('sites'),
    lookUps: await sealed<LookUp>('lookUps'),
    conferenceRooms: await sealed<ConferenceRoom>('conferenceRooms'),
    webhooks: await sealed<Webhook>('webhooks'),
  });
  const sealedStores = await openSealed().catch(async (error: unknown) => {
    endWatch();
    await closeClient(client, { clock: systemClock });
    throw error;
  });
  const close = (): Promise<void> => {
    endWatch();
    return closeClient(client, { clock: systemClock });
  };
  let closing: Promise<void> | undefined;
  const state = new MongoStateStore(db);
  const order = new WriteOrder();
  return {
    interactions: new MongoInteractionStore(db, order),
    users: new MongoUserStore(db),
    queues: new MongoSettingsStore<Queue>(db, 'queues'),
    calendars: new MongoSettingsStore<StoredCalendar>(db, 'calendars'),
    skills: new MongoSettingsStore<Named>(db, 'skills'),
    teams: new MongoSettingsStore<Named>(db, 'teams'),
    stations: new MongoSettingsStore<ChosenStation>(db, 'stations'),
    tenants: new MongoSettingsStore<Tenant>(db, 'tenants'),
    numbers: new MongoSettingsStore<DialledNumber>(db, 'numbers'),
    flows: new MongoFlowStore(db),
    ...sealedStores,
    outboundRoutes: new MongoSettingsStore<StoredRoute>(db, 'outboundRoutes'),
    callRules: new MongoSettingsStore<CallRule>(db, 'callRules'),
    temporaryNumbers: new MongoSettingsStore<TemporaryNumbers>(db, 'temporaryNumbers'),
    apiKeys: new MongoSettingsStore<ApiKey>(db, 'apiKeys'),
    extensions: new MongoSettingsStore<ExtensionRule>(db, 'extensions'),
    registrations: new MongoSettingsStore<Registrations>(db, 'registrations'),
    messages: new MongoSettingsStore<MessageCounts>(db, 'messages'),
    sounds: new MongoSettingsStore<StoredSound>(db, 'sounds'),
    releaseModes: new MongoSettingsStore<ReleaseModeSetting>(db, 'releaseModes'),
    answerModes: new MongoSettingsStore<AnswerModeSetting>(db, 'answerModes'),
    queueAlarms: new MongoSettingsStore<QueueAlarmSetting>(db, 'queueAlarms'),
    waits: new MongoWaitStore(db),
    agentTimes: new MongoAgentTimeStore(db),
    schedules: new MongoSettingsStore<StoredSchedule>(db, 'schedules'),
    musicStreams: new MongoSettingsStore<MusicStreamSetting>(db, 'musicStreams'),
    recordingPolicies: new MongoSettingsStore<RecordingPolicy>(db, 'recordingPolicies'),
    callLimits: new MongoSettingsStore<CallLimit>(db, 'callLimits'),
    callUsage: new MongoSettingsStore<CallUsage>(db, 'callUsage'),
    audit: new MongoAuditStore(db),
    acdJournal: new MongoAcdJournalStore(db),
    waitPromises: new WaitPromises(db),
    traces: new MongoTraceStore(db),
    lasting: (kind) => new MongoLastingStore(db, kind, order),
    state,
    recordings: new MongoRecordingIndex(db),
    openManifest: (box) => RecordingManifest.open(db, { state, box }),
    ping,
    close: () => (closing ??= close()),
  };
};
