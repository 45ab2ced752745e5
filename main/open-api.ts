/** Wires the API to what it shows and changes. */
import { exportJournal } from '../acd/journal/export';
import type { Alarms } from '../base/alarms';
import { systemClock } from '../base/clock';
import type { Logger } from '../base/log';
import type { SessionKeeping } from '../api/parts';
import type { ExtensionReader, PhoneAdministration } from '../api/ports';
import { calibrate } from '../acd/calibration';
import { startApi } from '../api/server';
import type { Api } from '../api/server';
import type { Center } from '../calls/center';
import { decisionsOf } from '../calls/decisions';
import type { MediaPool } from '../media/pool/pool';
import type { Gateway } from '../signaling/gateway';
import type { Store } from '../store/connect';
import { passwordHasher } from '../store/password';
import type { AcdSettings } from './acd-settings/open';
import type { CallSettings } from './call-settings';
import type { ConferenceBook } from './conference-book';
import type { AppStart } from './child-messages';
import { mediaProcessesOf } from './media-pool';
import type { RecordingHouse } from './recordings/recording-house';
import { createRecordingSound } from './recordings/recording-sound';
import type { PromptBook } from './prompt-book';
import type { SipTraces } from './sip-traces';
import type { SipCredentialBook } from './sip-credentials';
import type { TrunkBook } from './trunk-book';
import type { Watch } from './watch';
import type { Workforce } from './workforce/open';
import { turnCredentials } from './turn-credentials';

export const openApi = (deps: {
  config: AppStart;
  sipDomain: string;
  store: Store;
  callSettings: CallSettings;
  acdSettings: AcdSettings;
  trunkBook: TrunkBook;
  center: Center;
  conferences: ConferenceBook;
  gateway: Gateway;
  traces: SipTraces;
  media: MediaPool;
  sounds: PromptBook;
  credentials: SipCredentialBook;
  sessionKeeping: SessionKeeping;
  alarms: Alarms;
  watch: Watch;
  /** Whether all that should be in the store by now is there. */
  isWritten: () => boolean;
  workforce: Workforce;
  recordings: RecordingHouse;
  phones: PhoneAdministration;
  extensions: ExtensionReader;
  log: Logger;
}): Promise<Api> => {
  const { config, store, callSettings, trunkBook, center, gateway, traces, media, credentials, alarms, phones, log } =
    deps;
  const { extensions, sessionKeeping } = deps;
  return startApi({
    bindAddress: config.bindAddress,
    port: config.httpPort,
    desks: center.desks,
    supervision: center.supervision,
    waiting: center.waiting,
    agentsSeeSupervision: config.agentsSeeSupervision,
    users: {
      findByUserName: async (userName) => {
        const user = await store.users.findByUserName(userName);
        return user && { ...user, userId: user._id };
      },
    },
    passwords: passwordHasher,
    interactions: store.interactions,
    audit: store.audit,
    phones,
    extensions,
    sounds: deps.sounds,
    recordings: deps.recordings.library,
    archive: deps.recordings.archive,
    sound: createRecordingSound(),
    waitReport: { of: ({ intervalMs, ...query }) => calibrate(store.waitPromises.list(query), intervalMs) },
    decisions: { of: (contactId) => decisionsOf(store.acdJournal, contactId) },
    acdJournal: { between: (span) => exportJournal(store.acdJournal, span) },
    routing: {
      ...callSettings.ports,
      preRoute: (question) => center.preRoute(question),
      reserveContext: (context, reserve) => center.reserveContext(context, reserve),
      takeContext: (token) => center.takeContext(token),
    },
    acdSettings: deps.acdSettings.ports,
    conferences: { rooms: deps.conferences.editor, desk: center.conferences },
    apiKeys: store.apiKeys,
    trunks: trunkBook,
    health: async () => ({
      edge: gateway.connected,
      media: media.ready && media.processes().every(({ state }) => state !== 'away'),
      store: await store.ping().then(deps.isWritten, () => false),
      mediaProcesses: media.processes(),
    }),
    security: { alarms, bans: gateway.bans },
    watch: deps.watch.desk,
    workforce: deps.workforce.ports,
    mediaProcesses: mediaProcessesOf(media),
    traces,
    sipCredentials: credentials,
    sipDomain: deps.sipDomain,
    iceFor: (userName) => turnCredentials(config.turn, { userName, nowMs: systemClock.nowMs() }),
    sipWebSocketTarget: config.sipWebSocket,
    onSignaling: (handler) => gateway.onConnection(handler),
    webRoot: config.webRoot,
    sessionHours: config.sessionHours,
    sessionKeeping,
    version: config.version,
    clock: systemClock,
    log,
  });
};
