/** The app process: calls, ACD, flows and API, wired to edge, media and store. */
import { Alarms } from '../base/alarms';
import { systemClock } from '../base/clock';
import { SwitchroomError } from '../base/errors';
import type { Logger } from '../base/log';
import type { Center } from '../calls/center';
import type { OutboundTrunk } from '../calls/context';
import { createGateway } from '../signaling/gateway';
import { rtpOf } from '../signaling/gateway/invite-view';
import type { Gateway } from '../signaling/gateway';
import { openStore } from '../store/connect';
import { bootstrapCenter } from './bootstrap-center';
import { openAcdSettings } from './acd-settings/open';
import { usesInRules } from './acd-settings/uses';
import { loadCallSettings } from './call-settings';
import { runChild } from './child-process';
import { ConferenceBook } from './conference-book';
import { copyEnvironment } from './config';
import type { AppStart } from './child-messages';
import { closeInterruptedCalls } from './interrupted-calls';
import { createExtensionBook } from './extension-book';
import { watchExtensions } from './extension-watch';
import { loadRecords } from './lasting-records';
import type { AppRecords } from './lasting-records';
import { loadDirectory } from './load-directory';
import type { TrunkRules } from './load-directory';
import { MessageBook } from './message-book';
import { createPhoneAdministration } from './phone-administration';
import { PhoneBook } from './phone-book';
import { keepRegistrations, restoreRegistrations } from './phone-registrations';
import { openLiveCalls } from './live-calls';
import { estateOf, openMediaPool } from './media-pool';
import { watchStreams } from './music-streams';
import { openAcd } from './open-acd';
import { openRecordingHouse } from './recordings/recording-house';
import { sealRecordings } from './recordings/seal-recording';
import { restoreSessions } from './restore-sessions';
import { openSecretBox } from './secret-keys';
import { PromptBook } from './prompt-book';
import { SipTraces } from './sip-traces';
import { StationBook } from './station-book';
import { SipCredentialBook } from './sip-credentials';
import { TrunkBook } from './trunk-book';
import { openWatch } from './watch';
import { keepSigningAlive, lastSignOfLife } from './signs-of-life';
import { openWorkforce } from './workforce/open';
import { openApi } from './open-api';
import { openCenter } from './open-center';

/** The realm of the browsers' SIP accounts and the host part of their URIs; a name, never resolved. */
const SIP_REALM = 'switchroom.invalid';
const DATABASE = 'switchroom';

copyEnvironment();
runChild('app', async (config, { log, tell }) => {
  const secrets = openSecretBox(config.secretKeys, log);
  const store = await openStore({ uri: config.storeUri, database: DATABASE, log, clock: systemClock, secrets });
  const accounts = await bootstrapCenter(store, {
    clock: systemClock,
    password: config.bootstrapPassword,
    sipRealm: SIP_REALM,
  });
  if (accounts.length > 0) tell({ type: 'accounts', accounts });
  const alarms = new Alarms({ clock: systemClock, log });
  const recordings = await openRecordingHouse({
    ...{ store, secrets, alarms, clock: systemClock, log },
    recordingsDir: config.recordingsDir,
    config: config.recordings,
  });
  const interrupted = await store.interactions.listOpen();
  const lastAliveMs = await lastSignOfLife(store.state);
  const phones = await PhoneBook.load({
    store,
    realm: SIP_REALM,
    clock: systemClock,
    addressesOf: (extension) => gateway.registrar.bindingsOf(extension).map(({ source }) => source.address),
  });
  const messages = await MessageBook.load(store);
  const trunkRules: TrunkRules = {
    outboundTrunk: (number) => outboundTrunk(gateway, number),
    srtpOf: (trunkId) => gateway.trunks.line(trunkId)?.trunk.settings.srtp,
    mayRefer: (trunkId) => gateway.trunks.line(trunkId)?.trunk.settings.allowRefer ?? false,
    dtmfOfTrunk: (trunkId) => gateway.trunks.line(trunkId)?.trunk.settings.dtmf,
    rtpOfTrunk: (trunkId) => {
      const line = gateway.trunks.line(trunkId);
      return line && rtpOf(line.trunk.settings);
    },
    detectOfTrunk: (trunkId) => gateway.trunks.line(trunkId)?.trunk.settings.detect ?? config.detect,
    countryOfTrunk: (trunkId) => gateway.trunks.line(trunkId)?.trunk.settings.numbers?.country,
  };
  const conferences = await ConferenceBook.load(store.conferenceRooms);
  const loaded = await loadDirectory(store, { phones, conferences }, trunkRules);
  const records = await loadRecords(store, { clock: systemClock, log });
  const watch = await openWatch({ store, records, alarms, clock: systemClock, log, config });
  const callSettings = await loadCallSettings(store, loaded, {
    clock: systemClock,
    log,
    alarms,
    contexts: records.contexts,
    retentionDays: config.recordings.retentionDays,
    costPerMinute: (number, trunkId) => gateway.trunks.planner.costPerMinute(number, trunkId),
  });

  const sessions = await restoreSessions(records.sessions, store);
  const credentials = new SipCredentialBook({
    realm: SIP_REALM,
    clock: systemClock,
    records: records.sipAccounts,
    box: secrets,
    lifetimeMs: config.sessionHours * 3_600_000,
  });
  const prepareRecording = config.recordings.encrypt ? sealRecordings(secrets) : undefined;
  const media = openMediaPool(config, {
    prepareRecording,
    neighbourOf: (endpointId) => center.neighbourOf(endpointId),
    log,
  });
  const trunkBook = await TrunkBook.load({ store, file: config, log });
  const gateway = connectGateway({ config, credentials, phones, trunkBook, records, alarms, log });
  trunkBook.attach(gateway.trunks);
  const { registrar } = gateway;
  const kept = { store, registrar, phones, log };
  await restoreRegistrations(kept);
  const registrations = keepRegistrations(kept);
  phones.onAccountChanged = (extension) => registrar.unregister(extension);
  const traces = new SipTraces({ gateway, store: store.traces, clock: systemClock, log });
  const acd = await openAcd(store.acdJournal, { clock: systemClock, log });
  const workforce = await openWorkforce({
    ...{ store, model: loaded.model, clock: systemClock, log },
    before: { lastAliveMs, agents: acd.from.state.agents.values() },
  });
  const tones = { country: config.numbering.country, ...config.tones };
  const stay = sessions.agentIds;
  const { codecs } = config;
  const sounds = new PromptBook({
    store: store.sounds,
    builtInDir: config.soundsDir,
    ownDir: config.ownSoundsDir,
    flows: () => loaded.live.flows.values(),
    clock: systemClock,
  });
  const takes = await sounds.clearTakes();
  if (takes > 0) log.info({ takes }, 'prompts that callers were recording at the last end are gone');
  const opened = {
    store,
    loaded,
    codecs,
    callSettings,
    stay,
    acd,
    gateway,
    traces,
    media,
    sounds,
    recordings,
    tones,
    agentsSeeSupervision: config.agentsSeeSupervision,
    alarms,
    watch,
    workforce,
    log,
  };
  const liveCalls = openLiveCalls({ records: records.liveCalls, box: secrets, clock: systemClock, log }, interrupted);
  const stations = await StationBook.load({ store, model: loaded.model, registrar });
  const center = openCenter({ ...opened, liveCalls, stations });
  watch.follow(center.desks);
  const over = interrupted.filter(({ _id }) => !center.keptInteractions.has(_id));
  await closeInterruptedCalls({ store, recordings, interactions: over, lastAliveMs, log });
  const signsOfLife = keepSigningAlive(store.state, { clock: systemClock, log });
  conferences.attach(loaded.directory, {
    onChanged: (roomId) => center.conferences.roomChanged(roomId),
    onRemoved: (roomId) => center.conferences.roomRemoved(roomId),
  });
  watchStations(gateway, center, stations);
  watchExtensions({ gateway, center, directory: loaded.directory, messages });

  const admitted = await gateway.ready;
  if (!admitted.ok) throw new SwitchroomError(admitted.fault.code, admitted.fault.message);
  await media.whenReady();
  recordings.watch(media);
  await center.goOn(estateOf(media));
  for (const agentId of stations.agentIds()) center.stationChanged(agentId);
  const streamWatch = watchStreams(media, { alarms, clock: systemClock });
  recordings.start();
  const administration = createPhoneAdministration({
    phones,
    messages,
    registrar,
    directory: loaded.directory,
    numbers: loaded.live.numbers,
    trunkIds: () => trunkBook.list().map(({ id }) => id),
  });
  const acdSettings = await openAcdSettings({
    ...{ store, loaded, acd: center.acd, clock: systemClock, log },
    usesOfQueue: (queueId) => [...usesInRules(phones.listRules(), queueId), ...callSettings.usesOfQueue(queueId)],
    usesOfTeam: (id) => workforce.usesOfTeam(id),
    hasSite: (id) => callSettings.hasSite(id),
    onAgentChanged: (agentId) => center.stationChanged(agentId),
  });
  const api = await openApi({
    config,
    sipDomain: SIP_REALM,
    store,
    callSettings,
    acdSettings,
    trunkBook,
    center,
    conferences,
    gateway,
    traces,
    media,
    sounds,
    credentials,
    sessionKeeping: { found: sessions.found, records: records.sessions },
    alarms,
    watch,
    isWritten: () => !acd.isBehind() && !records.liveCalls.isBehind,
    workforce,
    recordings,
    phones: administration,
    extensions: createExtensionBook({ center, directory: loaded.directory, registrar }),
    log,
  });

  return {
    info: { httpPort: api.port, numbers: loaded.numbers },
    close: async () => {
      acdSettings.close();
      await center.close('shutting-down');
      await watch.close();
      await workforce.close();
      await callSettings.fraud.settled();
      await api.close();
      await registrations.close();
      traces.close();
      await gateway.close();
      streamWatch();
      media.close();
      await signsOfLife.close();
      await records.close();
      await recordings.close();
      await store.close();
    },
  };
});

const connectGateway = (deps: {
  config: AppStart;
  credentials: SipCredentialBook;
  phones: PhoneBook;
  trunkBook: TrunkBook;
  records: AppRecords;
  alarms: Alarms;
  log: Logger;
}): Gateway => {
  const { config, credentials, phones, trunkBook, records, alarms, log } = deps;
  return createGateway({
    server: config.drachtio,
    clock: systemClock,
    log,
    ...trunkBook.plan,
    identity: config.identity,
    strangers: { refusal: config.protection.strangers, users: config.protection.userNetworks },
    guardRecords: records.guard,
    subscriptionRecords: records.subscriptions,
    alarms,
    registrar: {
      realm: SIP_REALM,
      credentialsFor: (userName) => credentials.of(userName) ?? phones.secretsOf(userName),
      isPhone: (userName) => phones.isPhone(userName),
      algorithms: config.digestAlgorithms,
    },
  });
};

const outboundTrunk = ({ trunks }: Gateway, number: string): OutboundTrunk | undefined => {
  const line = trunks.planner.firstTrunk(number);
  if (!line) return undefined;
  const { trunkId, callerId = 'anonymous' } = line.trunk.settings;
  const { codecs, settings } = line.trunk;
  return { trunkId, callerId, codecs, ...(settings.srtp && { srtp: settings.srtp }) };
};

/** An agent can be offered calls while the browser, or the phone that is the agent's station, is registered. */
const watchStations = ({ registrar }: Gateway, center: Center, stations: StationBook): void => {
  const changed = (userName: string): void => {
    for (const agentId of stations.agentsAt(userName)) center.stationChanged(agentId);
  };
  registrar.events.on('registered', changed);
  registrar.events.on('unregistered', changed);
};
