/** A real API server on a loopback port, over stores in memory. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scryptSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { Alarms } from '../../../base/alarms';
import type { Clock } from '../../../base/clock';
import { systemClock } from '../../../base/clock';
import { asId, newId } from '../../../base/ids';
import type { AgentId, InteractionId, QueueId, RecordingId, UserId } from '../../../base/ids';
import { LastingRecords } from '../../../base/lasting';
import { silentLogger } from '../../../base/log';
import { fail, ok } from '../../../base/result';
import type { ApiAuditEntry, HealthParts, PasswordHasher, UserAccount } from '../../../api/ports';
import type { InteractionFilter } from '../../../store/interactions';
import type { Api } from '../../../api/server';
import { startApi } from '../../../api/server';
import { DiskStorage } from '../../../store/recordings/disk-storage';
import type { ExtensionView } from '../../../api/contract/extensions';
import type { BanView } from '../../../api/contract/security';
import type { TracedMessageView } from '../../../api/contract/trace';
import type { Result } from '../../../base/result';
import type { LoginReply } from '../../../api/contract/rest';
import type { CallUsage } from '../../../store/call-limits';
import type { Interaction } from '../../../store/interaction';
import { createRecordingSound } from '../../../main/recordings/recording-sound';
import { ConferencesInMemory } from './conference-ports';
import { FakeDesks } from './fake-desks';
import { FakeMediaProcesses } from './fake-media-processes';
import { FakeWaiting } from './fake-waiting';
import { FakeSupervision } from './fake-supervision';
import { memoryArchive } from './memory-archive';
import { phonesInMemory } from './phones-in-memory';
import { acdSettingsWorld } from './acd-settings-ports';
import { memorySettings, routingPorts, trunkDesk } from './routing-ports';
import { soundsBelow } from './sounds-below';
import { watchDesk } from './watch-desk';
import { workforceInMemory } from './workforce';
import type { WorkforceInMemory } from './workforce';
import type { KeptSession } from '../../../api/sessions/session-registry';
import { MemoryLastingStore } from '../memory-lasting';

export const PASSWORD = 'correct horse battery staple';

/** A cheap hash: the tests are about the API, not about scrypt's cost. */
export const cheapPasswords: PasswordHasher = {
  hash: (password) => Promise.resolve(scryptSync(password, 'salt', 32, { N: 16 }).toString('hex')),
  verify: async (password, hash) => (await cheapPasswords.hash(password)) === hash,
};

const HASH = scryptSync(PASSWORD, 'salt', 32, { N: 16 }).toString('hex');

const account = (userName: string, roles: UserAccount['roles'], extension?: string): UserAccount => ({
  _id: asId<UserId>(`user-${userName}`),
  userName,
  displayName: userName.toUpperCase(),
  displayNameZh: `${userName}的中文名`,
  roles,
  agent: extension === undefined ? undefined : { agentId: asId<AgentId>(`agent-${userName}`), extension },
  passwordHash: HASH,
  disabled: userName === 'leaver',
});

export const USERS = [
  account('anna', ['agent'], '1001'),
  account('ben', ['agent'], '1002'),
  account('sue', ['supervisor']),
  account('admin', ['administrator']),
  account('leaver', ['agent'], '1003'),
];

export const anInteraction = (overrides: Partial<Interaction> = {}): Interaction => ({
  _id: newId<InteractionId>(),
  channel: 'voice',
  direction: 'inbound',
  startedAtMs: 1_700_000_000_000,
  answeredAtMs: 1_700_000_005_000,
  endedAtMs: 1_700_000_060_000,
  caller: { number: '+4930123456' },
  called: { number: '4000' },
  queueId: asId<QueueId>('support'),
  agentId: asId<AgentId>('agent-anna'),
  digits: ['1'],
  segments: [{ kind: 'talk', startedAtMs: 1_700_000_005_000, endedAtMs: 1_700_000_060_000 }],
  parties: [{ role: 'caller', id: '+4930123456', joinedAtMs: 1_700_000_000_000 }],
  outcome: { result: 'answered', reason: 'caller-hung-up', party: 'caller' },
  recordings: [],
  ...overrides,
});

export const aRecording = (path: string, n = 1): Interaction['recordings'][number] => ({
  n,
  recordingId: asId<RecordingId>(`recording-${n}`),
  path,
  startedAtMs: 1_700_000_005_000,
  durationMs: 55_000,
  channels: ['caller', 'agent'],
  sizeBytes: 0,
});

/** A PCM WAV of 8 kHz, 16 bits, two channels, with a counting payload. */
export const wavFile = (payloadBytes: number, declaredBytes = payloadBytes): Buffer => {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + declaredBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(declaredBytes, 40);
  const payload = Buffer.alloc(payloadBytes);
  for (let index = 0; index < payloadBytes; index += 1) payload[index] = index % 251;
  return Buffer.concat([header, payload]);
};

const PAGE_SIZE_CURSOR = /^\d+$/;

export interface ApiFixtureOptions {
  readonly clock?: Clock;
  readonly sipPort?: number;
  readonly sessionHours?: number;
  readonly agentsSeeSupervision?: boolean;
  /** Those of a server before this one. */
  readonly sessions?: MemoryLastingStore<KeptSession>;
}

export class ApiFixture {
  /** What outlives the server. */
  readonly sessions: MemoryLastingStore<KeptSession>;
  readonly desks = new FakeDesks(
    USERS.flatMap(({ agent, displayName, displayNameZh = '' }) =>
      agent ? [{ ...agent, displayName, displayNameZh }] : [],
    ),
  );
  readonly supervision = new FakeSupervision();
  readonly interactions: Interaction[] = [];
  readonly filters: InteractionFilter[] = [];
  readonly callUsage = memorySettings<CallUsage>();
  readonly audit: ApiAuditEntry[] = [];
  readonly issued: string[] = [];
  readonly revoked: string[] = [];
  readonly archive = memoryArchive();
  readonly parts: HealthParts = { edge: true, media: true, store: true };
  readonly alarms = new Alarms({ clock: systemClock, log: silentLogger() });
  /** What is remembered of which interaction. */
  readonly traced = new Map<string, TracedMessageView[]>();
  private readonly traceOf = ({ _id }: Interaction): Result<TracedMessageView[]> => {
    const messages = this.traced.get(_id);
    return messages ? ok(messages) : fail('not_found', `No SIP messages of ${_id} are kept.`);
  };
  readonly conferences = new ConferencesInMemory();
  readonly waiting = new FakeWaiting();
  readonly watch = watchDesk();
  workforce!: WorkforceInMemory;
  readonly banned: BanView[] = [];
  readonly mediaProcesses = new FakeMediaProcesses();
  readonly extensions: ExtensionView[] = [];
  private readonly bans = {
    list: () => this.banned,
    lift: (id: string) =>
      this.banned
        .splice(0, this.banned.length, ...this.banned.filter((ban) => ban.id !== id))
        .some((ban) => ban.id === id),
  };
  private api: Api | undefined;
  private folder = '';

  constructor(private readonly options: ApiFixtureOptions = {}) {
    this.sessions = options.sessions ?? new MemoryLastingStore();
  }

  get port(): number {
    if (!this.api) throw new Error('the API is not started');
    return this.api.port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    this.folder = await mkdtemp(join(tmpdir(), 'switchroom-api-'));
    await this.put('web/index.html', '<!doctype html><title>Switchroom</title>');
    await this.put('web/assets/index-4f3c2b1a.js', 'export {};');
    await this.put('secret.txt', 'not for the browser');
    await this.put('recordings/.keep', '');
    const clock = this.options.clock ?? systemClock;
    const log = silentLogger();
    const { sessions: store } = this;
    const records = await LastingRecords.load({ store, clock, log, name: 'sessions', maxRecords: 100 });
    const agents = USERS.flatMap(({ agent, displayName, displayNameZh }) =>
      agent ? [{ agentId: agent.agentId, displayName, displayNameZh, teams: ['day'] }] : [],
    );
    this.workforce = await workforceInMemory(agents, clock);
    this.api = await startApi({
      sessionKeeping: { found: records.takeFound(), records },
      bindAddress: '127.0.0.1',
      port: 0,
      desks: this.desks,
      supervision: this.supervision,
      agentsSeeSupervision: this.options.agentsSeeSupervision ?? false,
      users: {
        findByUserName: (name) => Promise.resolve(USERS.find((user) => user.userName === name.toLowerCase())),
      },
      passwords: cheapPasswords,
      interactions: { list: (filter) => this.list(filter), get: (id) => this.get(id) },
      audit: { write: (entry) => Promise.resolve(void this.audit.push(entry)) },
      recordings: new DiskStorage(join(this.folder, 'recordings')),
      archive: this.archive,
      sound: createRecordingSound(),
      routing: await routingPorts(this.callUsage),
      decisions: { of: () => Promise.resolve([]) },
      acdJournal: { between: (span) => Readable.from([span]) },
      waitReport: { of: () => Promise.resolve([]) },
      waiting: this.waiting,
      acdSettings: (await acdSettingsWorld()).ports,
      conferences: await this.conferences.ports(),
      apiKeys: memorySettings(),
      phones: await phonesInMemory(this.options.clock ?? systemClock),
      extensions: { list: () => this.extensions },
      sounds: soundsBelow(join(this.folder, 'sounds')),
      trunks: await trunkDesk(),
      health: () => this.parts,
      traces: { read: (interaction) => Promise.resolve(this.traceOf(interaction)) },
      security: { alarms: this.alarms, bans: this.bans },
      watch: this.watch,
      workforce: this.workforce,
      mediaProcesses: this.mediaProcesses,
      sipCredentials: {
        issue: (userName) => ({ password: `sip-${userName}-${this.issued.push(userName)}` }),
        revoke: (userName) => void this.revoked.push(userName),
      },
      sipDomain: 'switchroom.test',
      sipWebSocketTarget: { host: '127.0.0.1', port: this.options.sipPort ?? 9 },
      webRoot: join(this.folder, 'web'),
      sessionHours: this.options.sessionHours ?? 12,
      version: '0.1.0',
      clock: this.options.clock ?? systemClock,
      log: silentLogger(),
    });
    return this;
  }

  async put(path: string, content: string | Buffer): Promise<void> {
    const target = join(this.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  async stop(): Promise<void> {
    await this.api?.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.origin}${path}`, init);
  }

  login(userName: string, password = PASSWORD): Promise<Response> {
    return this.post('/api/v1/login', { userName, password });
  }

  /** Signs in and gives the session. */
  async session(userName: string): Promise<LoginReply> {
    const response = await this.login(userName);
    if (response.status !== 200) throw new Error(`sign-in gave ${response.status}`);
    return (await response.json()) as LoginReply;
  }

  /** @param token bearer token to get `path` with. */
  get(id: string): Promise<Interaction | undefined> {
    return Promise.resolve(this.interactions.find(({ _id }) => _id === id));
  }

  getAs(token: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, { headers: { authorization: `Bearer ${token}`, ...headers } });
  }

  /** Any method, with a body in JSON. */
  sendAs(token: string, what: { method: string; path: string; body?: unknown }): Promise<Response> {
    const { method, path, body } = what;
    return this.fetch(path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  private list(filter: InteractionFilter) {
    this.filters.push(filter);
    if (filter.cursor !== undefined && !PAGE_SIZE_CURSOR.test(filter.cursor)) {
      return Promise.resolve(fail('bad_input', 'The cursor is none of ours.'));
    }
    const start = Number(filter.cursor ?? 0);
    const matching = this.interactions.filter(
      (item) => filter.agentId === undefined || item.agentId === filter.agentId,
    );
    const end = start + filter.limit;
    return Promise.resolve(
      ok({ items: matching.slice(start, end), nextCursor: end < matching.length ? String(end) : undefined }),
    );
  }
}
