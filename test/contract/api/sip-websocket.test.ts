import type { IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { AddressInfo } from 'node:net';
import { ApiFixture } from '../../support/api/api-fixture';

/** The edge's WebSocket door: answers each message with its length, and remembers how it was asked. */
let edge: WebSocketServer;
let asked: IncomingMessage[];
let api: ApiFixture;
let sockets: WebSocket[];

beforeEach(async () => {
  asked = [];
  sockets = [];
  edge = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'sip' });
  edge.on('connection', (socket, request) => {
    asked.push(request);
    socket.on('message', (data: Buffer) => socket.send(`${data.length} bytes`));
    socket.on('error', () => undefined);
  });
  await new Promise((resolve) => edge.once('listening', resolve));
  api = await new ApiFixture({ sipPort: (edge.address() as AddressInfo).port }).start();
});

afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await api.stop();
  for (const socket of edge.clients) socket.terminate();
  await new Promise((resolve) => edge.close(resolve));
});

const open = (query: string, options: { headers?: Record<string, string>; protocol?: string } = {}): WebSocket => {
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}/sip${query}`, options.protocol ?? 'sip', {
    headers: options.headers,
  });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
};

const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));
const closed = (socket: WebSocket) => new Promise((resolve) => socket.once('close', resolve));
const refused = (socket: WebSocket) =>
  new Promise<number>((resolve) => {
    socket.once('unexpected-response', (_request, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
  });

describe('the SIP WebSocket', () => {
  it('is carried to the edge and back, with the browser’s address and without its session', async () => {
    const { token } = await api.session('anna');
    const socket = open('', { headers: { cookie: `switchroom_session=${token}`, 'x-forwarded-for': '6.6.6.6' } });
    await opened(socket);
    expect(socket.protocol).toBe('sip');
    const answer = new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
    socket.send('REGISTER sip:switchroom SIP/2.0\r\n\r\n');
    expect(await answer).toBe('35 bytes');
    expect(asked[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(JSON.stringify(asked[0]?.headers)).not.toContain(token);
    expect(asked[0]?.url).toBe('/sip');
  });

  it('takes the token of a program', async () => {
    const { token } = await api.session('anna');
    await opened(open(`?token=${token}`));
    await opened(open('', { headers: { authorization: `Bearer ${token}` } }));
    expect(asked.map(({ url }) => url)).toEqual(['/sip', '/sip']);
  });

  it('is refused without a session, to users who are no agents, to other pages, and without the subprotocol', async () => {
    const anna = (await api.session('anna')).token;
    const sue = (await api.session('sue')).token;
    const cookie = `switchroom_session=${anna}`;
    expect(await refused(open(''))).toBe(401);
    expect(await refused(open('?token=wrong'))).toBe(401);
    expect(await refused(open(`?token=${sue}`))).toBe(403);
    expect(await refused(open('', { headers: { cookie, origin: 'https://evil.example' } }))).toBe(403);
    expect(await refused(open('', { headers: { cookie }, protocol: 'mqtt' }))).toBe(400);
    expect(asked).toEqual([]);
  });

  it('is limited in number for each user', async () => {
    const { token } = await api.session('anna');
    for (let index = 0; index < 10; index += 1) await opened(open(`?token=${token}`));
    expect(await refused(open(`?token=${token}`))).toBe(429);
  });

  it('is closed at the edge when the browser goes, and in the browser when the edge goes', async () => {
    const { token } = await api.session('anna');
    const first = open(`?token=${token}`);
    await opened(first);
    const [atEdge] = edge.clients;
    const edgeClosed = atEdge && closed(atEdge);
    first.terminate();
    await edgeClosed;
    const second = open(`?token=${token}`);
    await opened(second);
    const browserClosed = closed(second);
    for (const socket of edge.clients) socket.terminate();
    await browserClosed;
  });

  it('is closed when the session signs out, and when the server closes', async () => {
    const { token } = await api.session('anna');
    const first = open(`?token=${token}`);
    await opened(first);
    const firstClosed = closed(first);
    await api.post('/api/v1/logout', {}, { authorization: `Bearer ${token}` });
    await firstClosed;
    const again = open(`?token=${(await api.session('anna')).token}`);
    await opened(again);
    const againClosed = closed(again);
    await api.stop();
    await againClosed;
  });
});

it('is refused with 503 while the edge does not answer', async () => {
  const placeholder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => placeholder.once('listening', resolve));
  const { port } = placeholder.address() as AddressInfo;
  await new Promise((resolve) => placeholder.close(resolve));
  const alone = await new ApiFixture({ sipPort: port }).start();
  const { token } = await alone.session('anna');
  const socket = new WebSocket(`ws://127.0.0.1:${alone.port}/sip?token=${token}`, 'sip');
  socket.on('error', () => undefined);
  expect(await refused(socket)).toBe(503);
  await alone.stop();
});

it.each([
  'GET /sip HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  '\0\0\0\r\n\r\n',
  'GET //[ HTTP/1.1\r\nHost: x\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n',
])('a malformed upgrade (%#) is answered and hurts nobody', async (text) => {
  const socket = connect(api.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  const reply = await new Promise<string>((resolve) => {
    let all = '';
    socket.on('data', (data) => (all += data.toString('latin1')));
    socket.on('close', () => resolve(all));
  });
  expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await api.fetch('/api/v1/health')).status).toBe(200);
});
