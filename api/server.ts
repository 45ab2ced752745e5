/** The HTTP server: REST, event socket, the browsers' SIP WebSockets and the web app, on one port. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Clock } from '../base/clock';
import { SwitchroomError, invariant, messageOf } from '../base/errors';
import type { Logger } from '../base/log';
import type { Desks } from '../calls/ports';
import type { WaitingDesk } from '../calls/waiting-ports';
import type { Supervision } from '../calls/supervision-ports';
import type { SettingsStore } from '../store/settings';
import type { ApiKey } from '../store/sites';
import { ApiKeys } from './http/api-keys';
import { eventDoor } from './events/event-door';
import { apiRouter } from './http/api-router';
import { withOpenApiRoute } from './http/openapi';
import { reportError } from './http/report-error';
import type { Route } from './http/route';
import { securityHeaders } from './http/security-headers';
import { serveUpgrades } from './http/upgrades';
import { webRootRouter } from './http/web-root';
import type {
  AcdSettingsPorts,
  AuditWriter,
  ConferencePorts,
  AcdJournal,
  DecisionReader,
  ExtensionReader,
  HealthParts,
  MediaProcesses,
  InteractionReader,
  PasswordHasher,
  PhoneAdministration,
  RecordingArchive,
  RecordingFiles,
  RecordingSound,
  RoutingPorts,
  SecurityDesk,
  SipCredentials,
  SoundAdministration,
  TrunkDesk,
  TraceReader,
  UserDirectory,
  WaitReporter,
} from './ports';
import type { WatchDesk } from './watch-ports';
import type { WorkforcePorts } from './workforce-ports';
import { createParts } from './parts';
import type { SessionKeeping } from './parts';
import { acdSettingsRoutes } from './routes/acd-settings-routes';
import { callLimitRoutes } from './routes/call-limit-routes';
import { callRuleRoutes } from './routes/call-rule-routes';
import { recordingControlRoutes } from './routes/recording-control-routes';
import { acdJournalRoutes } from './routes/acd-journal-routes';
import { decisionRoutes } from './routes/decision-routes';
import { waitingRoutes } from './routes/waiting-routes';
import { waitReportRoutes } from './routes/wait-report-routes';
import { centerRoutes } from './routes/center-routes';
import { deskRoutes } from './routes/desk-routes';
import { agentRoutes } from './routes/agent-routes';
import { apiKeyRoutes } from './routes/api-key-routes';
import { conferenceRoutes } from './routes/conference-routes';
import { contextRoutes } from './routes/context-routes';
import { extensionRoutes } from './routes/extension-routes';
import { flowRoutes } from './routes/flow-routes';
import { interactionRoutes } from './routes/interaction-routes';
import type { NameBook } from './routes/interaction-view';
import { mediaRoutes } from './routes/media-routes';
import { phoneRoutes } from './routes/phone-routes';
import { recordingRoutes } from './routes/recording-routes';
import { securityRoutes } from './routes/security-routes';
import { sessionRoutes } from './routes/session-routes';
import { siteRoutes } from './routes/site-routes';
import { soundRoutes } from './routes/sound-routes';
import { trunkRoutes } from './routes/trunk-routes';
import { webhookRoutes } from './routes/webhook-routes';
import { watchRoutes } from './routes/watch-routes';
import { workforceRoutes } from './routes/workforce-routes';
import { supervisionRoutes } from './routes/supervision-routes';
import { traceRoutes } from './routes/trace-routes';
import type { SessionRegistry } from './sessions/session-registry';
import { SignIn } from './sessions/sign-in';
import type { IceSettings } from './contract/rest';
import { SIP_WEBSOCKET_PATH } from './sessions/sip-accounts';

const EVENTS_PATH = '/api/v1/events';
/** What one timer can wait for is 24.8 days. */
const MAX_SESSION_HOURS = 24 * 24;
/** How long open requests may take to end when the server closes. */
const CLOSE_GRACE_MS = 1_000;

export interface ApiOptions {
  readonly bindAddress: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly desks: Desks;
  readonly supervision: Supervision;
  /** Whether agents see in the history who listened to their calls. */
  readonly agentsSeeSupervision: boolean;
  readonly users: UserDirectory;
  readonly passwords: PasswordHasher;
  readonly interactions: InteractionReader;
  readonly audit: AuditWriter;
  readonly phones: PhoneAdministration;
  readonly extensions: ExtensionReader;
  readonly sounds: SoundAdministration;
  readonly recordings: RecordingFiles;
  readonly archive: RecordingArchive;
  readonly sound: RecordingSound;
  readonly routing: RoutingPorts;
  readonly acdSettings: AcdSettingsPorts;
  readonly conferences: ConferencePorts;
  readonly decisions: DecisionReader;
  readonly acdJournal: AcdJournal;
  readonly waitReport: WaitReporter;
  readonly waiting: WaitingDesk;
  readonly apiKeys: SettingsStore<ApiKey>;
  readonly trunks: TrunkDesk;
  readonly health: () => Promise<HealthParts> | HealthParts;
  readonly security: SecurityDesk;
  readonly watch: WatchDesk;
  readonly workforce: WorkforcePorts;
  readonly mediaProcesses: MediaProcesses;
  readonly traces: TraceReader;
  readonly sipCredentials: SipCredentials;
  /** The host part of the agents' SIP URIs. */
  readonly sipDomain: string;
  /** TURN servers for a user's browser; none when absent. */
  readonly iceFor?: ((userName: string) => IceSettings | undefined) | undefined;
  /** The edge's WebSocket door. */
  readonly sipWebSocketTarget: { readonly host: string; readonly port: number };
  /** Tells of the app's connection to the SIP server; returns what ends that. */
  readonly onSignaling?: ((handler: (connected: boolean) => void) => () => void) | undefined;
  /** The built agent-web. */
  readonly webRoot: string;
  /** At most 576. */
  readonly sessionHours: number;
  /** Left out: sessions end with the process. */
  readonly sessionKeeping?: SessionKeeping | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Api {
  readonly port: number;
  /** Says goodbye to every browser and ends what is open. Idempotent. */
  close(): Promise<void>;
}

const nameBook = (desks: Desks): NameBook => ({
  agent: (agentId) => {
    const agent = desks.agents().find((one) => one.agentId === agentId);
    return agent && { name: agent.displayName, nameZh: agent.displayNameZh };
  },
  queue: (queueId) => desks.snapshot(undefined).queues.find((queue) => queue.queueId === queueId),
});

const createApp = (options: {
  routes: Route[];
  sessions: SessionRegistry;
  keys: ApiKeys;
  webRoot: string;
  log: Logger;
}) => {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(securityHeaders);
  app.use('/api/v1', apiRouter(options));
  app.use('/api', (request, response) => {
    response.status(404).json({ code: 'not_found', message: `There is no ${request.method} ${request.originalUrl}.` });
  });
  app.use(webRootRouter(options.webRoot));
  app.use((request, response) => {
    response.status(404).json({ code: 'not_found', message: `There is no ${request.method} ${request.path}.` });
  });
  app.use(reportError({ log: options.log, isPrivate: () => false }));
  return app;
};

const listen = (server: Server, { bindAddress, port }: ApiOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const cure = 'choose another with HTTP_PORT';
      const message = `HTTP cannot listen on ${bindAddress}:${port} (${messageOf(error)}); ${cure}`;
      reject(new SwitchroomError('unavailable', message, { cause: error }));
    });
    server.listen(port, bindAddress, resolve);
  });

/** Ends idle connections at once, and the others when their reply is sent or the grace is over. */
const closeServer = (server: Server, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    const impatience = clock.after(CLOSE_GRACE_MS, () => server.closeAllConnections());
    server.close(() => {
      impatience.cancel();
      resolve();
    });
    server.closeIdleConnections();
  });

/** Starts the server. Rejects with `unavailable` when it cannot listen. */
export const startApi = async (options: ApiOptions): Promise<Api> => {
  const { clock, log, desks, sessionHours } = options;
  invariant(sessionHours > 0 && sessionHours <= MAX_SESSION_HOURS, `sessionHours must be 1 to ${MAX_SESSION_HOURS}`);
  const parts = createParts(options);
  const { sessions, hub, sipProxy } = parts;
  const keys = await ApiKeys.load({ store: options.apiKeys, clock });
  const routes = withOpenApiRoute(
    [
      ...sessionRoutes({
        ...options,
        ...parts,
        signIn: new SignIn(options),
        holdsDesk: (session) => hub.holdsDesk(session),
      }),
      ...interactionRoutes({ ...options, names: nameBook(desks) }),
      ...recordingRoutes(options),
      ...centerRoutes(options),
      ...deskRoutes(options),
      ...agentRoutes(options),
      ...supervisionRoutes(options),
      ...callRuleRoutes(options),
      ...recordingControlRoutes(options),
      ...callLimitRoutes(options),
      ...trunkRoutes(options),
      ...flowRoutes(options),
      ...decisionRoutes(options),
      ...acdJournalRoutes(options),
      ...waitReportRoutes(options),
      ...waitingRoutes(options),
      ...acdSettingsRoutes(options),
      ...securityRoutes(options),
      ...watchRoutes(options),
      ...workforceRoutes(options),
      ...webhookRoutes(options),
      ...mediaRoutes(options),
      ...siteRoutes(options),
      ...contextRoutes(options),
      ...conferenceRoutes(options),
      ...apiKeyRoutes({ ...options, keys }),
      ...phoneRoutes(options),
      ...traceRoutes(options),
      ...extensionRoutes(options),
      ...soundRoutes(options),
    ],
    options.version,
  );
  const server = createServer(createApp({ routes, sessions, keys, webRoot: options.webRoot, log }));
  serveUpgrades(server, {
    sessions,
    log,
    handlers: { [EVENTS_PATH]: eventDoor(hub), [SIP_WEBSOCKET_PATH]: (upgrade) => sipProxy.accept(upgrade) },
  });
  try {
    await listen(server, options);
  } catch (error) {
    await parts.close();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      (closed ??= (async () => {
        const ended = closeServer(server, clock);
        await parts.close();
        await ended;
      })()),
  };
};
