/** The API over the product's own store: the embedded server and the official driver between them. */
import { calibrate } from '../../../acd/calibration';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJournal } from '../../../acd/journal/export';
import { Alarms } from '../../../base/alarms';
import { ok } from '../../../base/result';
import { systemClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, ContactId, QueueId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { agentReportSchema } from '../../../api/contract/agent-report';
import { scheduleBodySchema } from '../../../api/contract/schedules';
import { interactionPageSchema, loginReplySchema } from '../../../api/contract/rest';
import { waitReportSchema } from '../../../api/contract/wait-report';
import { AcdModel } from '../../../main/acd-settings/acd-model';
import { openWorkforce } from '../../../main/workforce/open';
import type { Workforce } from '../../../main/workforce/open';
import { createRecordingSound } from '../../../main/recordings/recording-sound';
import { memoryArchive } from '../../support/api/memory-archive';
import { DiskStorage } from '../../../store/recordings/disk-storage';
import type { Api } from '../../../api/server';
import { startApi } from '../../../api/server';
import type { Store } from '../../../store/connect';
import { openStore } from '../../../store/connect';
import type { EmbeddedStore } from '../../../store/embedded/server';
import { startEmbeddedStore } from '../../../store/embedded/server';
import { passwordHasher } from '../../../store/password';
import { FakeMediaProcesses } from '../../support/api/fake-media-processes';
import { anInteraction, PASSWORD } from '../../support/api/api-fixture';
import { decisionsOf } from '../../../calls/decisions';
import { acdSettingsWorld } from '../../support/api/acd-settings-ports';
import { ConferencesInMemory } from '../../support/api/conference-ports';
import { FakeDesks } from '../../support/api/fake-desks';
import { FakeWaiting } from '../../support/api/fake-waiting';
import { FakeSupervision } from '../../support/api/fake-supervision';
import { phonesInMemory } from '../../support/api/phones-in-memory';
import { memorySettings, routingPorts, trunkDesk } from '../../support/api/routing-ports';
import { soundsBelow } from '../../support/api/sounds-below';
import { watchDesk } from '../../support/api/watch-desk';

let folder: string;
let embedded: EmbeddedStore;
let store: Store;
let api: Api;
let workforce: Workforce;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchroom-api-store-'));
  const common = { clock: systemClock, log: silentLogger() };
  embedded = await startEmbeddedStore({ dataDir: folder, host: '127.0.0.1', port: 0, ...common });
  store = await openStore({ uri: embedded.uri, database: 'switchroom', ...common });
  const account = { passwordHash: await passwordHasher.hash(PASSWORD), createdAtMs: 1, disabled: false };
  const agent = { agentId: asId<AgentId>('agent-anna'), extension: '1001', skills: {} };
  await store.users.add({ ...account, userName: 'Anna', displayName: 'Anna', roles: ['agent'], agent });
  await store.users.add({ ...account, userName: 'sue', displayName: 'Sue', roles: ['supervisor'] });
  workforce = await openWorkforce({
    ...{ store, model: await AcdModel.load(store), ...common },
    before: { lastAliveMs: undefined, agents: [] },
  });
  api = await startApi({
    ...common,
    bindAddress: '127.0.0.1',
    port: 0,
    supervision: new FakeSupervision(),
    agentsSeeSupervision: false,
    desks: new FakeDesks([{ agentId: 'agent-anna', displayName: 'Anna', extension: '1001' }]),
    users: store.users,
    passwords: passwordHasher,
    sounds: soundsBelow(join(folder, 'sounds')),
    interactions: store.interactions,
    audit: store.audit,
    phones: await phonesInMemory(systemClock),
    extensions: { list: () => [] },
    recordings: new DiskStorage(folder),
    archive: memoryArchive(),
    sound: createRecordingSound(),
    routing: await routingPorts(),
    waiting: new FakeWaiting(),
    waitReport: { of: ({ intervalMs, ...query }) => calibrate(store.waitPromises.list(query), intervalMs) },
    decisions: { of: (contactId) => decisionsOf(store.acdJournal, contactId) },
    acdJournal: { between: (span) => exportJournal(store.acdJournal, span) },
    acdSettings: (await acdSettingsWorld()).ports,
    conferences: await new ConferencesInMemory().ports(),
    apiKeys: memorySettings(),
    trunks: await trunkDesk(),
    health: () => ({ edge: true, media: true, store: true }),
    traces: { read: () => Promise.resolve(ok([])) },
    security: { alarms: new Alarms(common), bans: { list: () => [], lift: () => false } },
    watch: watchDesk(),
    workforce: workforce.ports,
    mediaProcesses: new FakeMediaProcesses(),
    sipCredentials: { issue: () => ({ password: 'p' }), revoke: () => undefined },
    sipDomain: 'switchroom.test',
    sipWebSocketTarget: { host: '127.0.0.1', port: 9 },
    webRoot: folder,
    sessionHours: 1,
    version: '0.1.0',
  });
});

afterAll(async () => {
  await api.close();
  await workforce.close();
  await store.close();
  await embedded.close();
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`http://127.0.0.1:${api.port}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const tokenOf = async (userName: string): Promise<string> =>
  loginReplySchema.parse(await (await post('/login', { userName, password: PASSWORD })).json()).token;

const page = async (token: string, query: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${api.port}/api/v1/interactions${query}`, { headers });
  return interactionPageSchema.parse(await response.json());
};

it('signs in by the name in any case, and audits it', async () => {
  expect((await post('/login', { userName: 'ANNA', password: PASSWORD })).status).toBe(200);
  expect((await post('/login', { userName: 'anna', password: 'wrong' })).status).toBe(401);
  expect(await store.audit.list({ limit: 2 })).toMatchObject([
    { action: 'sign-in-failed', userName: 'anna', address: '127.0.0.1' },
    { action: 'sign-in', userName: 'anna' },
  ]);
});

it('pages and filters the history, and shows agents their own', async () => {
  const startOf = (index: number) => ({ startedAtMs: 1_700_000_000_000 + index });
  const own = Array.from({ length: 5 }, (_, index) => anInteraction(startOf(index)));
  const foreign = anInteraction({ ...startOf(9), agentId: asId<AgentId>('agent-ben'), caller: { number: '+8610' } });
  for (const interaction of [...own, foreign]) await store.interactions.save(interaction);
  const newestFirst = own.map(({ _id }) => _id).reverse();
  const anna = await tokenOf('anna');
  const first = await page(anna, '?limit=3');
  expect(first.items.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
  const second = await page(anna, `?limit=3&cursor=${first.nextCursor}`);
  expect(second.items.map(({ id }) => id)).toEqual(newestFirst.slice(3));
  expect(second.nextCursor).toBeUndefined();
  const sue = await tokenOf('sue');
  expect((await page(sue, '')).items).toHaveLength(6);
  expect((await page(sue, '?number=%2B86')).items.map(({ id }) => id)).toEqual([foreign._id]);
});

it('gives the journal of the ACD line by line, to administrators alone, and writes down who has read it', async () => {
  const sink = store.acdJournal.writer({ writer: 'test', keepMs: 1e9 });
  const event = { type: 'time-passed' } as const;
  await sink.append([10, 20, 30, 40].map((atMs, place) => ({ n: place + 1, atMs, event, decisions: [] })));
  const account = { passwordHash: await passwordHasher.hash(PASSWORD), createdAtMs: 1, disabled: false };
  await store.users.add({ ...account, userName: 'root', displayName: 'Root', roles: ['administrator'] });
  const read = async (userName: string): Promise<Response> => {
    const headers = { authorization: `Bearer ${await tokenOf(userName)}` };
    return fetch(`http://127.0.0.1:${api.port}/api/v1/acd/journal?fromMs=20&toMs=40`, { headers });
  };
  expect((await read('sue')).status).toBe(403);
  const given = await read('root');
  expect(given.headers.get('content-type')).toContain('application/x-ndjson');
  const lines = (await given.text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { fromMs: 20, toMs: 40 },
    ...[1, 2, 3].map((n) => ({ n, atMs: n * 10, event, decisions: [] })),
  ]);
  expect(await store.audit.list({ limit: 1 })).toMatchObject([{ action: 'acd-journal-read', userName: 'root' }]);
});

it('compares the waits that callers were told with those that came', async () => {
  const startedAtMs = 1_800_000_000_000;
  const queueId = asId<QueueId>('support');
  const wait = { fromMs: 0, toMs: 60_000, likelyMs: 20_000 };
  const told = { kind: 'told', atMs: startedAtMs + 1000, queueId, position: 1, wait } as const;
  for (const waitedMs of [30_000, 90_000]) {
    const agentId = asId<AgentId>('agent-anna');
    const talk = {
      kind: 'talk',
      startedAtMs: told.atMs + waitedMs,
      endedAtMs: startedAtMs + 200_000,
      agentId,
    } as const;
    const queue = { kind: 'queue', startedAtMs, endedAtMs: talk.startedAtMs, queueId } as const;
    const over = { startedAtMs, endedAtMs: startedAtMs + 200_000, segments: [queue, talk], queueNotes: [told] };
    await store.interactions.save(anInteraction(over));
  }
  const headers = { authorization: `Bearer ${await tokenOf('sue')}` };
  const report = (query: string) =>
    fetch(`http://127.0.0.1:${api.port}/api/v1/reports/expected-wait?${query}`, { headers });
  const range = `fromMs=${startedAtMs - 1}&toMs=${startedAtMs + 1}`;
  expect(waitReportSchema.parse(await (await report(range)).json()).items).toMatchObject([
    { queueId, promises: 2, kept: 2, within: 1, longer: 1, withinShare: 0.5, biasMs: 40_000 },
  ]);
  expect(await (await report(`${range}&queueId=sales`)).json()).toEqual({ items: [] });
  expect((await report(`fromMs=5&toMs=5`)).status).toBe(400);
});

it('makes the report of agents of what the store keeps: times that reach into it, waits, and the schedule', async () => {
  const fromMs = Date.parse('2026-11-23T08:00:00+08:00');
  const minute = (n: number): number => fromMs + n * 60_000;
  const agentId = asId<AgentId>('agent-anna');
  const shift = { days: [1], from: '08:00', to: '09:00', activity: 'work' };
  const body = { name: 'Early', agents: [agentId], timeZone: 'Asia/Shanghai', weekly: [shift] };
  expect(await workforce.ports.schedules.put('early', scheduleBodySchema.parse(body))).toMatchObject({ ok: true });
  const times = [
    { state: 'ready', fromMs: minute(-600), toMs: minute(10) },
    { state: 'offered', fromMs: minute(10), toMs: minute(11), offers: 1 },
    { state: 'busy', fromMs: minute(11), toMs: minute(40) },
    { state: 'not-ready', reason: 'break', fromMs: minute(45), toMs: minute(90) },
    { state: 'ready', fromMs: minute(-1600), toMs: minute(-700) },
    { state: 'ready', fromMs: minute(60), toMs: minute(90), agentId: asId<AgentId>('agent-gone') },
  ] as const;
  for (const time of times) await store.agentTimes.save({ agentId, ...time });
  // Again, as after a crash: it stays one.
  await store.agentTimes.save({ agentId, ...times[0] });
  const [contactId, queueId] = [asId<ContactId>('c1'), asId<QueueId>('support')];
  const wait = { contactId, queueId, agentId, arrivedAtMs: minute(5), endedAtMs: minute(11), targetMs: 20_000 };
  await store.waits.save({ ...wait, result: 'answered', handleMs: 29 * 60_000 });
  await store.waits.save({ ...wait, contactId: asId<ContactId>('c2'), agentId: asId('agent-bob'), result: 'answered' });
  const headers = { authorization: `Bearer ${await tokenOf('sue')}` };
  const range = `fromMs=${fromMs}&toMs=${minute(60)}&agentId=${agentId}`;
  const url = `http://127.0.0.1:${api.port}/api/v1/reports/agents?${range}`;
  const report = agentReportSchema.parse(await (await fetch(url, { headers })).json());
  expect(report.items).toMatchObject([
    {
      agentId,
      displayName: 'Anna',
      total: {
        readyMs: 600_000,
        ringingMs: 60_000,
        conversationMs: 29 * 60_000,
        notReadyMs: { break: 15 * 60_000 },
        ...{ offers: 1, answered: 1, averageHandleMs: 29 * 60_000, occupancy: 30 / 55 },
        ...{ scheduledMs: 3_600_000, adherence: 40 / 60 },
      },
    },
  ]);
});
