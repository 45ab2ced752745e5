/** What is kept of an app that was killed: for how long, for whom, and that nothing of it is told twice or never. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock, systemClock } from '../../../base/clock';
import { newId } from '../../../base/ids';
import type { EndpointId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { MediaClient } from '../../../media/client';
import { FrameReader, writeFrame } from '../../../media/framing';
import { AppLives } from '../../../media/keeping/app-lives';
import { KeptMedia } from '../../../media/keeping/kept-media';
import type { AppLife } from '../../../media/keeping/terms';
import type { MediaEvent } from '../../../media/ports';
import { HEARTBEAT_MS, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../../media/protocol';
import { MediaServer } from '../../../media/server';
import { codeOf, tlsOf, value } from '../../support/media-bench';
import { rememberingEngine } from '../../support/media-socket';
import { pause, until } from '../../support/wait';

const log = silentLogger();
const secret = 'a secret of this test';

let folder: string;
let clock: SimulatedClock;
let media: ReturnType<typeof rememberingEngine>;
let server: MediaServer;
let clients: MediaClient[];
let sockets: Socket[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchroom-keeping-'));
  clock = new SimulatedClock();
  media = rememberingEngine();
  clients = [];
  sockets = [];
  const address = { socketPath: join(folder, 'media.sock') };
  server = value(await MediaServer.start({ engine: media.engine, address, secret, clock, log }));
});

afterEach(async () => {
  for (const client of clients) client.close();
  for (const socket of sockets) socket.destroy();
  await server.close();
  expect(clock.pendingTimers).toBe(0);
  await rm(folder, { recursive: true });
});

const connect = async (app: AppLife): Promise<{ client: MediaClient; events: MediaEvent[] }> => {
  const client = new MediaClient({ address: server.address, secret, app, clock: systemClock, log });
  clients.push(client);
  const events: MediaEvent[] = [];
  client.onEvent((event) => events.push(event));
  await client.whenReady();
  return { client, events };
};

interface DoomedApp {
  readonly endpointId: EndpointId;
  readonly said: unknown[];
  readonly socket: Socket;
  kill(): Promise<void>;
}

/** An app that will be killed; it confirms nothing. */
const doomed = async (
  app: AppLife,
  connectTo = (): Socket => createConnection(join(folder, 'media.sock')),
): Promise<DoomedApp> => {
  const socket = connectTo();
  sockets.push(socket);
  const [said, reader] = [[] as unknown[], new FrameReader()];
  socket.on('data', (chunk) => said.push(...value(reader.push(chunk))));
  socket.on('error', () => undefined);
  writeFrame(socket, { type: 'hello', version: PROTOCOL_VERSION, secret, clientId: 'doomed', app });
  const endpointId = newId<EndpointId>();
  const params = [{ endpointId, kind: 'rtp', codecs: ['PCMA'] }];
  writeFrame(socket, { type: 'request', id: 1, oldest: 1, method: 'openEndpoint', params });
  writeFrame(socket, { type: 'request', id: 2, oldest: 1, method: 'keepMemo', params: [endpointId, { at: 'work' }] });
  await until('the answers', () => said.length === 3);
  const kill = async (): Promise<void> => {
    const before = clock.pendingTimers;
    socket.destroy();
    await until('the end to be noticed', () => clock.pendingTimers > before);
  };
  return { endpointId, said, socket, kill };
};

const digit = (endpointId: EndpointId, key: string): MediaEvent => ({
  ...{ type: 'digit', endpointId, digit: key, durationMs: 100, form: 'rfc4733' },
});

it('what a killed app had open is closed after 60 s, and not before', async () => {
  const app = await doomed({ id: 'app', life: '1' });
  await app.kill();
  clock.advance(59_999);
  await pause(20);
  expect(media.open.size).toBe(1);
  clock.advance(1);
  await until('the end', () => media.open.size === 0);
});

it('of an app that only falls silent, as when a network fails, nothing is kept for long', async () => {
  const address = { host: '127.0.0.1', port: 0 };
  const remote = value(await MediaServer.start({ engine: media.engine, address, secret, clock, log }));
  const bound = remote.address as { port: number };
  const app = await doomed({ id: 'app', life: '1' }, () => createConnection(bound.port, '127.0.0.1'));
  const isCutOff = new Promise((resolve) => void app.socket.once('close', resolve));
  // It says nothing more, heartbeat after heartbeat.
  for (let beat = 0; beat < 6; beat += 1) clock.advance(HEARTBEAT_MS);
  await isCutOff;
  await until('the grace to begin', () => clock.pendingTimers > 1);
  expect(media.open.size).toBe(1);
  clock.advance(3000);
  await until('the end', () => media.open.size === 0);
  await remote.close();
});

it('the next life gets what was open, the memos and the events, those too that the killed one had not confirmed', async () => {
  const app = await doomed({ id: 'app', life: '1' });
  media.emit(digit(app.endpointId, '1'));
  await until('the first', () => app.said.length === 4);
  await app.kill();
  media.emit(digit(app.endpointId, '2'));
  const { client, events } = await connect({ id: 'app', life: '2' });
  // A call that has come since is not inherited, and closed by nobody for that.
  const newer = newId<EndpointId>();
  value(await client.openEndpoint({ endpointId: newer, kind: 'rtp', codecs: ['PCMA'] }));
  const claimed = value(await client.claim());
  expect(claimed).toMatchObject({ endpoints: [app.endpointId], memos: [[app.endpointId, { at: 'work' }]] });
  media.emit(digit(app.endpointId, '3'));
  await client.counts();
  expect(events).toEqual([]);
  await client.resume();
  expect(events).toEqual(['1', '2', '3'].map((key) => digit(app.endpointId, key)));
  media.emit(digit(app.endpointId, '4'));
  await until('the next', () => events.length === 4);
  clock.advance(120_000);
  await client.counts();
  expect([...media.open]).toEqual([app.endpointId, newer]);
});

it('an app on another machine, which is known by its certificate, gets it as well', async () => {
  const address = { host: '127.0.0.1', port: 0, tls: tlsOf('media') };
  const remote = value(await MediaServer.start({ engine: media.engine, address, secret: '', clock, log }));
  const { port } = remote.address as { port: number };
  const life = async (name: string): Promise<MediaClient> => {
    const reached = { host: '127.0.0.1', port, tls: tlsOf('app') };
    const app = { id: 'app', life: name };
    const client = new MediaClient({ address: reached, secret: '', app, clock: systemClock, log });
    clients.push(client);
    await client.whenReady();
    return client;
  };
  const [older, newer] = [await life('1'), await life('2')];
  const endpointId = newId<EndpointId>();
  value(await older.openEndpoint({ endpointId, kind: 'rtp', codecs: ['PCMA'] }));
  expect(value(await newer.claim()).endpoints).toEqual([endpointId]);
  await until('the older one to be cut off', () => !older.ready);
  expect(media.open.size).toBe(1);
  newer.close();
  await until('the end', () => media.open.size === 0);
  await remote.close();
});

it('a life after that, which never saw the one before come to an end, gets it as well', async () => {
  const app = await doomed({ id: 'app', life: '1' });
  await app.kill();
  const second = await connect({ id: 'app', life: '2' });
  value(await second.client.claim());
  const third = await connect({ id: 'app', life: '3' });
  let superseded = false;
  second.client.onChange((change) => (superseded ||= change === 'superseded'));
  expect(value(await third.client.claim())).toMatchObject({ endpoints: [app.endpointId], memos: [expect.anything()] });
  await until('the older one to know', () => superseded);
  // Nothing is lost to it: the other one goes on with it.
  expect(second.events).toEqual([]);
  expect(codeOf(await second.client.counts())).toBe('unavailable');
  expect(media.open.size).toBe(1);
});

it('an older life that comes back after the claim is refused, however it calls itself', async () => {
  const app = await doomed({ id: 'app', life: '1' });
  await app.kill();
  const { client } = await connect({ id: 'app', life: '2' });
  value(await client.claim());
  const socket = createConnection(join(folder, 'media.sock'));
  sockets.push(socket);
  const [said, reader] = [[] as unknown[], new FrameReader()];
  socket.on('data', (chunk) => said.push(...value(reader.push(chunk))));
  writeFrame(socket, {
    ...{ type: 'hello', version: PROTOCOL_VERSION, secret, clientId: 'another' },
    app: { id: 'app', life: '1' },
  });
  await until('the refusal', () => said.length > 0);
  expect(said).toMatchObject([{ type: 'refused', superseded: true }]);
});

it('another app gets nothing, and one without an id may not ask', async () => {
  const app = await doomed({ id: 'app', life: '1' });
  await app.kill();
  const { client } = await connect({ id: 'another app', life: '2' });
  expect(value(await client.claim())).toEqual({ endpoints: [], recordings: [], mixes: [], takes: [], memos: [] });
  const nameless = new MediaClient({ address: server.address, secret, clock: systemClock, log });
  clients.push(nameless);
  await nameless.whenReady();
  expect(codeOf(await nameless.claim())).toBe('forbidden');
  expect(media.open.has(app.endpointId)).toBe(true);
});

it('an app that comes as somebody new within one life has given up what it had', async () => {
  const app = await doomed({ id: 'app', life: '1' });
  await app.kill();
  const { client } = await connect({ id: 'app', life: '1' });
  value(await client.counts());
  expect(media.open.size).toBe(0);
  expect(value(await client.claim()).endpoints).toEqual([]);
});

describe('what is kept', () => {
  it('is read in pages that fit into frames', () => {
    const [before, after] = [new KeptMedia(), new KeptMedia()];
    const ids = Array.from({ length: 500 }, () => newId<EndpointId>());
    for (const id of ids) {
      before.endpoints.add(id);
      before.remember(id, { sdp: 'x'.repeat(3000) });
    }
    after.absorb(before);
    const pages = after.pages();
    expect(pages.flatMap(({ endpoints }) => endpoints)).toEqual(ids);
    expect(pages.flatMap(({ memos }) => memos.map(([id]) => id))).toEqual(ids);
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(MAX_FRAME_BYTES);
    expect(before.isEmpty).toBe(true);
  });

  it('is bounded in events and in memos', () => {
    const kept = new KeptMedia();
    const id = newId<EndpointId>();
    for (let at = 0; at < 10_100; at += 1) kept.admit(digit(id, '1'));
    expect(kept.notYetSeen()).toHaveLength(10_000);
    kept.seen(9_999);
    expect(kept.notYetSeen()).toHaveLength(1);
    const remembered = Array.from({ length: 20_001 }, (_, at) => kept.remember(newId<EndpointId>(), at));
    expect(remembered.indexOf(false)).toBe(20_000);
  });

  it('is of no life that was forgotten', () => {
    const lives = new AppLives();
    const old = { id: 'app', life: 'old' };
    expect(lives.admit(old)).toBe(true);
    lives.claimedBy({ id: 'app', life: 'new' });
    expect(lives.admit(old)).toBe(false);
    for (let at = 0; at < 1000; at += 1) lives.admit({ id: 'app', life: `${at}` });
    expect(lives.admit(old)).toBe(true);
  });
});
