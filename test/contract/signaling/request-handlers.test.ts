/** Request handlers: a web server says who takes a request; apps that listen, and apps with tags (drachtio-srf 5). */
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import Srf from 'drachtio-srf';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import type { RequestHandlerOptions } from '../../../signaling/edge/handlers/handler-options';
import { DEFAULT_LIMITS } from '../../../signaling/edge/limits';
import { shutDown } from '../../../signaling/srf/srf-client';
import type { SrfClient } from '../../../signaling/srf/srf-types';
import { ANSWER } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await server.close();
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly args: Record<string, string>;
  readonly body: string;
}

/** A web server that answers every question with `answer`, and keeps the questions. */
const webServer = async (answer: () => unknown): Promise<{ url: string; asked: Asked[]; server: Server }> => {
  const asked: Asked[] = [];
  const web = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({
        method: request.method ?? '',
        path: url.pathname,
        args: Object.fromEntries(url.searchParams),
        body,
      });
      const what = answer();
      if (what === undefined) return;
      response.end(typeof what === 'string' ? what : JSON.stringify(what));
    });
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    web.closeAllConnections();
    return new Promise((resolve) => void web.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/calls`, asked, server: web };
};

const start = async (
  url: string,
  more: Partial<RequestHandlerOptions> = {},
  options: Partial<EdgeOptions> = {},
): Promise<void> => {
  server = await ServerUnderTest.start({ requestHandlers: [{ method: 'INVITE', url, ...more }], ...options });
};

/** An app that listens instead of connecting; resolves with the port and what it has seen. */
const listening = async (
  configure: (srf: Srf) => void,
  secret = 'test-secret',
): Promise<{ port: number; open: () => number }> => {
  const srf = new Srf();
  srf.on('error', () => undefined);
  configure(srf);
  let open = 0;
  const opts = { host: '127.0.0.1', port: 0, secret } as unknown as Srf.SrfConfig;
  const door = srf.listen(opts) as unknown as NetServer;
  door.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  await new Promise<void>((resolve) => door.once('listening', resolve));
  closing.push(() => {
    shutDown(srf as unknown as SrfClient);
    return new Promise((resolve) => void door.close(() => resolve()));
  });
  return { port: (door.address() as AddressInfo).port, open: () => open };
};

/** A port on which nobody listens. */
const deadPort = async (): Promise<number> => {
  const probe = createNetServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => void probe.close(() => resolve()));
  return port;
};

const inviteFrom = async () => {
  const peer = await server.peer('udp');
  const invite = peer.invite(`${server.uri('4000')};tier=gold;method=BYE`);
  peer.send(invite);
  return { peer, invite };
};

edgeOnly('asks with what is known about the request, and does not let the caller forge it', async () => {
  const web = await webServer(() => ({ action: 'reject', data: { status: 486, reason: 'Not Now' } }));
  await start(web.url);
  const { peer, invite } = await inviteFrom();
  expect((await peer.nextResponse(486)).reason).toBe('Not Now');
  expect(web.asked).toHaveLength(1);
  expect(web.asked[0]).toMatchObject({
    method: 'GET',
    path: '/calls/',
    args: {
      method: 'INVITE',
      domain: '127.0.0.1',
      protocol: 'udp',
      source_address: '127.0.0.1',
      fromUser: peer.user,
      toUser: '4000',
      uriUser: '4000',
      contentType: 'application/sdp',
      uri: invite.uri,
      tier: 'gold',
    },
  });
});

edgeOnly('asks by POST with the message itself where that is configured', async () => {
  const web = await webServer(() => ({ action: 'reject', data: { status: 404 } }));
  await start(web.url, { httpMethod: 'POST' });
  const { peer, invite } = await inviteFrom();
  await peer.nextResponse(404);
  expect(web.asked[0]?.method).toBe('POST');
  expect(web.asked[0]?.body).toContain(`INVITE ${invite.uri} SIP/2.0\r\n`);
});

edgeOnly('redirects to the contacts named', async () => {
  const contacts = ['<sip:a@192.0.2.1>', '<sip:b@192.0.2.2>'];
  const web = await webServer(() => ({ action: 'redirect', data: { contact: contacts } }));
  await start(web.url);
  const { peer } = await inviteFrom();
  const moved = await peer.nextResponse(302);
  expect(moved.getAll('Contact')).toEqual(contacts);
});

edgeOnly('proxies to the destinations named', async () => {
  const target = { uri: '' };
  const web = await webServer(() => ({ action: 'proxy', data: { destination: target.uri, recordRoute: true } }));
  await start(web.url);
  const callee = await server.peer('udp');
  target.uri = `sip:${callee.self}`;
  const { peer } = await inviteFrom();
  const arrived = await callee.nextRequest('INVITE');
  expect(arrived.recordRoutes).toHaveLength(1);
  callee.send(callee.response(arrived, 200, ANSWER));
  expect((await peer.nextResponse(200)).body.toString()).toBe(ANSWER);
});

edgeOnly(
  'connects to an app that listens, over which the whole call goes, and closes the connection after it',
  async () => {
    const app = await listening((srf) => {
      srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER }));
    });
    const web = await webServer(() => ({ action: 'route', data: { uri: `127.0.0.1:${app.port}` } }));
    await start(web.url, {}, { limits: { ...DEFAULT_LIMITS, dialledIdleMs: 100 } });
    const { peer, invite } = await inviteFrom();
    const ok = await peer.nextResponse(200);
    peer.send(peer.within(invite, ok, 'ACK'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(app.open()).toBe(1);
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await until(() => app.open() === 0);
    expect(server.edge?.counts()).toMatchObject({ dialogs: 0, pendingRequests: 0 });
  },
);

edgeOnly('lets a listening app end the connection itself by endSession', async () => {
  const app = await listening((srf) => {
    srf.invite((req, res) => {
      res.send(603);
      (srf as unknown as { endSession: (req: unknown) => void }).endSession(req);
    });
  });
  const web = await webServer(() => ({ action: 'route', data: { uri: `127.0.0.1:${app.port};transport=tcp` } }));
  await start(web.url);
  const { peer } = await inviteFrom();
  await peer.nextResponse(603);
  await until(() => app.open() === 0);
});

edgeOnly('connects without asking where the handler names the app itself', async () => {
  const app = await listening((srf) => srf.invite((_req, res) => res.send(603)));
  await start(`tcp://127.0.0.1:${app.port}`);
  const { peer } = await inviteFrom();
  await peer.nextResponse(603);
});

edgeOnly('answers 480 when the app does not listen, and when its secret is another', async () => {
  const app = await listening((srf) => srf.invite((_req, res) => res.send(200)), 'wrong-secret');
  const target = { port: await deadPort() };
  const web = await webServer(() => ({ action: 'route', data: { uri: `127.0.0.1:${target.port}` } }));
  await start(web.url);
  await (await inviteFrom()).peer.nextResponse(480);
  target.port = app.port;
  await (await inviteFrom()).peer.nextResponse(480);
});

edgeOnly('routes by tag to the app that has it, and answers 480 when none has', async () => {
  const wanted = { tag: 'blue' };
  const web = await webServer(() => ({ action: 'route', data: { tag: wanted.tag } }));
  await start(web.url);
  await server.app((srf) => srf.invite((_req, res) => res.send(486)), ['red', 'green']);
  await server.app((srf) => srf.invite((_req, res) => res.send(603)), ['blue']);
  for (let call = 0; call < 3; call += 1) await (await inviteFrom()).peer.nextResponse(603);
  wanted.tag = 'green';
  await (await inviteFrom()).peer.nextResponse(486);
  wanted.tag = 'yellow';
  await (await inviteFrom()).peer.nextResponse(480);
});

edgeOnly('leaves methods without a handler to the apps that route them, and * takes the rest', async () => {
  const web = await webServer(() => ({ action: 'reject', data: { status: 488 } }));
  await start(web.url);
  await server.app((srf) => (srf as unknown as { message: (h: unknown) => void }).message(take));
  const peer = await server.peer('udp');
  peer.send(peer.request('MESSAGE', server.uri('4000')));
  await peer.nextResponse(202);
  await server.close();
  await start(web.url, { method: '*' });
  const other = await server.peer('udp');
  other.send(other.request('MESSAGE', server.uri('4000')));
  await other.nextResponse(488);
});

const take = (_req: Srf.SrfRequest, res: Srf.SrfResponse): void => res.send(202);

describe('a web server that is of no use', () => {
  edgeOnly.each([
    ['says nothing usable', 'certainly not JSON'],
    ['names no action', { action: 'dance', data: {} }],
    ['names an impossible status', { action: 'reject', data: { status: 99 } }],
    ['writes a second header line into a contact', { action: 'redirect', data: { contact: '<sip:a@b>\r\nX: y' } }],
  ])('that %s: the caller gets 500', async (_what, answer) => {
    const web = await webServer(() => answer);
    await start(web.url);
    await (await inviteFrom()).peer.nextResponse(500);
  });

  edgeOnly('that is down: the caller gets 500 at once', async () => {
    await start(`http://127.0.0.1:${await deadPort()}`);
    await (await inviteFrom()).peer.nextResponse(500);
  });

  edgeOnly('that does not answer: 500 after 3 s, and a caller who cancels first gets 487', async () => {
    const web = await webServer(() => undefined);
    await start(web.url);
    const { peer, invite } = await inviteFrom();
    await until(() => web.asked.length === 1);
    peer.send(peer.cancelOf(invite));
    await peer.nextResponse(487);
    await (await inviteFrom()).peer.nextResponse(500);
  });

  edgeOnly('that is slow: further calls get 503 instead of another question', async () => {
    const web = await webServer(() => undefined);
    await start(web.url, {}, { limits: { ...DEFAULT_LIMITS, maxHandlerQuestions: 1 } });
    await inviteFrom();
    await until(() => web.asked.length === 1);
    const refused = await (await inviteFrom()).peer.nextResponse(503);
    expect(Number(refused.get('Retry-After'))).toBeGreaterThan(0);
  });
});
