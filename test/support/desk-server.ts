/**
 * A server for the desk alone: the contract's REST and event socket over a center in memory, and a SIP peer at `/sip`.
 * Everything it sends is checked against the contract's schemas, so that it cannot drift away from them.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import type { Express, Request, Response } from 'express';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import {
  colleagueListSchema,
  interactionPageSchema,
  interactionQuerySchema,
  loginRequestSchema,
  loginReplySchema,
  sessionSchema,
} from '../../api/contract/rest';
import { conferenceListSchema } from '../../api/contract/conferences';
import type { ConferenceView } from '../../api/contract/conferences';
import { extensionListSchema } from '../../api/contract/extensions';
import type { ExtensionView } from '../../api/contract/extensions';
import { teamCallSchema } from '../../api/contract/supervision';
import type { LoginReply, Session } from '../../api/contract/rest';
import { commandSchema, serverMessageSchema } from '../../api/contract/socket';
import { AGENT, DeskCenter } from './desk/center';
import { toneRecording } from './desk/recording';
import { memorySource } from '../../base/byte-source';
import { peaksSchema, recordingViewSchema } from '../../api/contract/recordings';
import type { RecordingView } from '../../api/contract/recordings';
import { peaksOf } from '../../media/recording/stereo-wav';
import { routeAcdSettings } from './desk/acd-settings';
import { routeConferenceRooms } from './desk/conference-rooms';
import { routeRecordingPolicies } from './desk/recording-policies';
import { routeWaiting } from './desk/waiting';
import type { WaitingInMemory } from './desk/waiting';
import { routeWatch } from './desk/watch';
import { routeWorkforce } from './desk/workforce';
import type { WorkforceInMemory } from './api/workforce';
import type { WatchInMemory } from './api/watch-desk';
import { SipPeer } from './desk/sip-peer';

export const PASSWORD = 'correct horse';
const SIP_PASSWORD = 'sip-secret';
const TRIES = 4;

const USERS: Record<string, Omit<Session['user'], 'userName'>> = {
  agent1: {
    userId: 'user-1',
    displayName: AGENT.displayName,
    roles: ['agent'],
    agent: { agentId: AGENT.agentId, extension: AGENT.extension },
  },
  super1: { userId: 'user-2', displayName: 'Sam Okafor', roles: ['supervisor'] },
  admin1: { userId: 'user-3', displayName: 'Ada Brandt', roles: ['administrator'] },
};

export class DeskServer {
  readonly center = new DeskCenter();
  readonly sip = new SipPeer(SIP_PASSWORD, (registered) => this.center.setDevice(registered));
  private readonly sessions = new Map<string, LoginReply>();
  private readonly sockets = new Set<WebSocket>();
  /** The socket in front of the agent's desk. */
  private atDesk: WebSocket | undefined;
  /** Who stands in the directory. */
  conferences: ConferenceView[] = [];
  readonly extensions: ExtensionView[] = [
    { extension: AGENT.extension, kind: 'agent', displayName: AGENT.displayName, state: 'away' },
    { extension: '1003', kind: 'agent', displayName: 'Tomás Rivera', state: 'free' },
    { extension: '1004', kind: 'agent', displayName: 'Zhou Ting', displayNameZh: '周婷', state: 'talking' },
    { extension: '2001', kind: 'phone', displayName: 'Reception', displayNameZh: '前台', state: 'free' },
    { extension: '2002', kind: 'phone', displayName: 'Back office', displayNameZh: '后台', state: 'offline' },
  ];
  /** How often the list of agents was read. */
  agentReads = 0;
  /** What stands, and the waits that reports are made of. */
  watch!: WatchInMemory;
  waiting!: WaitingInMemory;
  /** What reports of agents are made of. */
  workforce!: Promise<WorkforceInMemory>;
  /** Why there are no SIP messages of any call. */
  traceRefusal = { status: 404, code: 'not_found', message: 'No SIP messages are kept.' };
  private failures = 0;
  /** While true every event socket is refused, as by a server that is down. */
  private down = false;

  private constructor(private readonly server: Server) {}

  static async start(webFolder: string, port = 0): Promise<DeskServer> {
    const app = express();
    const http = createServer(app);
    const desk = new DeskServer(http);
    desk.route(app, webFolder);
    desk.upgrade();
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
    return desk;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection and refuses new ones until {@link comeBack}. */
  goDown(): void {
    this.down = true;
    for (const socket of this.sockets) socket.terminate();
    this.sip.cut();
  }

  comeBack(): void {
    this.down = false;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private route(app: Express, webFolder: string): void {
    app.use(express.json());
    app.use((_request, response, next) => {
      response.setHeader('Content-Security-Policy', "default-src 'self'; style-src 'self' 'unsafe-inline'");
      next();
    });
    app.post('/api/v1/login', (request, response) => this.login(request, response));
    app.get('/api/v1/me', (request, response) => {
      const session = this.sessionOf(request);
      if (session) response.json(sessionSchema.parse(session));
      else refuse(response, { status: 401, code: 'unauthenticated', message: 'Sign in first.' });
    });
    app.post('/api/v1/logout', (request, response) => {
      const session = this.sessionOf(request);
      if (session) this.sessions.delete(session.token);
      response.status(204).end();
    });
    app.get('/api/v1/interactions', (request, response) => this.list(request, response));
    app.get('/api/v1/interactions/:id/recordings/:n', (_request, response) => {
      response.type('audio/wav').send(toneRecording());
    });
    app.get('/api/v1/recordings/:id', (request, response) => response.json(this.recordingOf(request.params.id)));
    app.get('/api/v1/recordings/:id/peaks', async (_request, response) => {
      const peaks = await peaksOf(memorySource(toneRecording()), 400);
      response.json(peaksSchema.parse(peaks.ok ? peaks.value : undefined));
    });
    app.get('/api/v1/interactions/:id/trace', (_request, response) => refuse(response, this.traceRefusal));
    app.get('/api/v1/alarms', (_request, response) => response.json({ items: [] }));
    app.get('/api/v1/colleagues', (_request, response) => {
      const items = [this.center.agent, ...this.others()];
      response.json(colleagueListSchema.parse({ items }));
    });
    app.get('/api/v1/agents', (_request, response) => {
      this.agentReads += 1;
      response.json({ items: [this.center.agent, ...this.others()] });
    });
    app.get('/api/v1/team-calls', (_request, response) => {
      response.json({ items: teamCallSchema.array().parse(this.center.teamCalls) });
    });
    app.get('/api/v1/conferences', (_request, response) => {
      response.json(conferenceListSchema.parse({ items: this.conferences }));
    });
    routeConferenceRooms(app);
    routeAcdSettings(app);
    routeRecordingPolicies(app);
    this.watch = routeWatch(app);
    this.waiting = routeWaiting(app);
    this.workforce = routeWorkforce(app);
    app.get('/api/v1/sounds', (_request, response) => response.json({ items: [] }));
    app.get('/api/v1/extensions', (_request, response) => {
      response.json(extensionListSchema.parse({ items: this.extensions }));
    });
    app.use(express.static(webFolder));
    app.get('/{*path}', (_request, response) => response.sendFile(join(webFolder, 'index.html')));
  }

  private others() {
    const since = Date.now() - 95_000;
    return ['ready', 'wrap-up', 'signed-out'].map((state, index) => ({
      agentId: `agent-${index + 2}`,
      displayName: ['Tomás Rivera', '周婷', 'Grace Mbeki'][index],
      extension: `100${index + 2}`,
      state,
      sinceMs: since - index * 700_000,
      deviceRegistered: state !== 'signed-out',
    }));
  }

  /** When its recordings were deleted, if they were. */
  recordingsDeletedAtMs: number | undefined;

  private recordingOf(id: string): RecordingView {
    const deletedAtMs = this.recordingsDeletedAtMs;
    return recordingViewSchema.parse({
      ...{ id, interactionId: 'interaction-1', n: 1, startedAtMs: 0, durationMs: 2000, direction: 'inbound' },
      ...{ caller: '', called: '', agentIds: [], state: deletedAtMs === undefined ? 'kept' : 'deleted', deletedAtMs },
    });
  }

  private login(request: Request, response: Response): void {
    const body = loginRequestSchema.safeParse(request.body);
    if (!body.success) return refuse(response, { status: 400, code: 'bad_input', message: 'Bad input.' });
    if (this.failures >= TRIES) {
      response.setHeader('Retry-After', '42');
      return refuse(response, { status: 429, code: 'overloaded', message: 'Too many tries.' });
    }
    const user = USERS[body.data.userName];
    if (!user || body.data.password !== PASSWORD) {
      this.failures += 1;
      return refuse(response, { status: 401, code: 'unauthenticated', message: 'Wrong name or password.' });
    }
    const session = loginReplySchema.parse({
      token: randomBytes(16).toString('hex'),
      expiresAtMs: Date.now() + 3_600_000,
      user: { ...user, userName: body.data.userName },
      ...(user.agent
        ? {
            sip: {
              uri: 'sip:agent1@switchroom.test',
              userName: 'agent1',
              password: SIP_PASSWORD,
              webSocketPath: '/sip',
            },
          }
        : {}),
    });
    this.sessions.set(session.token, session);
    response.setHeader('Set-Cookie', `switchroom_session=${session.token}; Path=/; HttpOnly; SameSite=Strict`);
    response.json(session);
    return undefined;
  }

  private list(request: Request, response: Response): void {
    if (!this.sessionOf(request)) {
      return refuse(response, { status: 401, code: 'unauthenticated', message: 'Sign in first.' });
    }
    const query = interactionQuerySchema.parse(request.query);
    const items = this.center.interactions.filter(
      (one) =>
        (!query.number || one.caller.number.includes(query.number) || one.called.number.includes(query.number)) &&
        (!query.result || one.outcome?.result === query.result) &&
        (!query.queueId || one.queueId === query.queueId),
    );
    response.json(interactionPageSchema.parse({ items }));
    return undefined;
  }

  private sessionOf(request: IncomingMessage): LoginReply | undefined {
    const token = /switchroom_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    return token === undefined ? undefined : this.sessions.get(token);
  }

  private upgrade(): void {
    const events = new WebSocketServer({ noServer: true });
    const sip = new WebSocketServer({ noServer: true, handleProtocols: () => 'sip' });
    this.server.on('upgrade', (request, socket, head) => {
      const session = this.sessionOf(request);
      if (this.down || !session) return void socket.destroy();
      if (request.url?.startsWith('/sip')) {
        return sip.handleUpgrade(request, socket, head, (webSocket) => this.sip.attach(webSocket));
      }
      return events.handleUpgrade(request, socket, head, (webSocket) => {
        const takeover = request.url?.includes('takeover=yes') ?? false;
        if (this.takesDesk(webSocket, session, takeover)) this.serve(webSocket, session);
      });
    });
  }

  /** One window at the agent's desk; during a call another gets it only by a takeover. */
  private takesDesk(socket: WebSocket, session: Session, takeover: boolean): boolean {
    if (!session.user.agent) return true;
    const before = this.atDesk;
    const inCall = [...this.center.calls.values()].some(({ state }) => state !== 'wrap-up' && state !== 'ended');
    const present = before !== undefined && before.readyState === before.OPEN;
    const loser = present && inCall && !takeover ? socket : before;
    const reason = loser === socket ? 'in-use' : 'replaced';
    loser?.send(JSON.stringify(serverMessageSchema.parse({ type: 'bye', reason })));
    loser?.close();
    if (loser !== socket) this.atDesk = socket;
    return loser !== socket;
  }

  private serve(socket: WebSocket, session: Session): void {
    this.sockets.add(socket);
    const leave = this.center.subscribe(
      (message) => socket.send(JSON.stringify(serverMessageSchema.parse(message))),
      session.user.agent !== undefined,
    );
    socket.on('close', () => {
      leave();
      this.sockets.delete(socket);
    });
    socket.on('message', (data) => {
      const command = commandSchema.parse(JSON.parse(String(data)));
      const refusal = this.center.perform(command);
      const reply =
        refusal === undefined ? { ok: true } : { ok: false, fault: { code: 'not_found', message: refusal } };
      socket.send(JSON.stringify(serverMessageSchema.parse({ type: 'reply', id: command.id, ...reply })));
    });
  }
}

const refuse = (response: Response, fault: { status: number; code: string; message: string }): void => {
  response.status(fault.status).json({ code: fault.code, message: fault.message });
};
