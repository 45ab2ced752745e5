/** The embedded edge under more than it should take. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { DEFAULT_LIMITS } from '../../../signaling/edge/limits';
import type { SrfClient } from '../../../signaling/srf/srf-types';
import { ANSWER } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
afterEach(() => server.close());

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

edgeOnly('drops what a stranger sends too much of, and says nothing', async () => {
  server = await ServerUnderTest.start({ limits: { strangers: { burst: 5, perSecond: 1 } } });
  await server.app((srf) => srf.invite((_req, res) => res.send(403)));
  const stranger = await server.peer('udp');
  for (let n = 0; n < 20; n += 1) stranger.send(stranger.invite(server.uri(`${n}`)));
  const answered = (): number => new Set(stranger.pending.map(({ callId }) => callId)).size;
  const refused = (): number =>
    new Set(stranger.pending.flatMap((one) => (one.kind === 'response' && one.status === 403 ? [one.callId] : [])))
      .size;
  await until(() => refused() === 5);
  await pause();
  expect([answered(), refused()]).toEqual([5, 5]);
});

edgeOnly('leaves alone whom an app has accepted', async () => {
  server = await ServerUnderTest.start({ limits: { strangers: { burst: 5, perSecond: 1 } } });
  await server.app((srf) => srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER })));
  const carrier = await server.peer('udp');
  carrier.send(carrier.invite(server.uri('first')));
  await carrier.nextResponse(200);
  for (let n = 0; n < 20; n += 1) carrier.send(carrier.invite(server.uri(`${n}`)));
  await until(() => server.edge?.counts().dialogs === 21);
});

edgeOnly('refuses calls with 503 while too many wait for an answer, and goes on with those', async () => {
  server = await ServerUnderTest.start({ limits: { ...DEFAULT_LIMITS, maxPendingInvites: 2 } });
  const waiting: (() => void)[] = [];
  await server.app((srf) => srf.invite((_req, res) => void waiting.push(() => res.send(200, { body: ANSWER }))));
  const caller = await server.peer('udp');
  const invites = ['1', '2', '3'].map((user) => caller.invite(server.uri(user)));
  for (const invite of invites) caller.send(invite);
  const refused = await caller.nextResponse(503);
  expect(Number(refused.get('Retry-After'))).toBeGreaterThan(1);
  expect(refused.callId).toBe(invites[2]?.callId);
  await until(() => waiting.length === 2);
  for (const answer of waiting) answer();
  await caller.nextResponse(200);
  await until(() => server.edge?.counts().dialogs === 2);
  caller.send(caller.invite(server.uri('4')));
  await until(() => waiting.length === 3);
});

edgeOnly('refuses the copies of an INVITE that it has refused, when there is room again, too', async () => {
  server = await ServerUnderTest.start({ limits: { ...DEFAULT_LIMITS, maxPendingInvites: 1 } });
  const waiting: (() => void)[] = [];
  await server.app((srf) => srf.invite((_req, res) => void waiting.push(() => res.send(200, { body: ANSWER }))));
  const caller = await server.peer('udp');
  const [first, second] = ['1', '2'].map((user) => caller.invite(server.uri(user)));
  if (!first || !second) throw new Error('there are two');
  caller.send(first);
  await until(() => waiting.length === 1);
  caller.send(second);
  expect((await caller.nextResponse(503)).callId).toBe(second.callId);
  waiting[0]?.();
  await caller.nextResponse(200);
  caller.send(second);
  expect((await caller.nextResponse(503)).callId).toBe(second.callId);
  caller.send(caller.invite(server.uri('3')));
  await until(() => waiting.length === 2);
});

describe('connections of strangers', () => {
  const limits = { maxConnectionsPerSource: 3, messageTimeoutMs: 150 };
  const openTo = (port: number): Socket => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  };
  const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

  edgeOnly('end when no whole message comes in time, and when one is begun but not finished', async () => {
    server = await ServerUnderTest.start({ limits: { ...limits, messageTimeoutMs: 400 } });
    await server.app();
    const silent = openTo(server.sipPort);
    const dripping = openTo(server.sipPort);
    const talking = await server.peer('tcp');
    const drops = [...'INVITE sip:a@b SIP/2.0\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'];
    const drip = setInterval(() => dripping.write(drops.shift() ?? 'a'), 15);
    talking.send(talking.request('OPTIONS', server.uri('x')));
    await talking.nextResponse(200);
    await Promise.all([closed(silent), closed(dripping)]);
    clearInterval(drip);
    talking.send(talking.request('OPTIONS', server.uri('x')));
    await talking.nextResponse(200);
    talking.sendRaw('OPTIONS sip:x@y SIP/2.0\r\nVia: ');
    await until(() => server.edge?.counts().connections === 0);
  });

  edgeOnly(
    'end when they finish no WebSocket message that they have begun, whatever they send in between',
    async () => {
      server = await ServerUnderTest.start({ limits: { messageTimeoutMs: 400 } });
      await server.app();
      const open = async (): Promise<WebSocket> => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.edge?.ports.ws}`, 'sip');
        await new Promise((resolve) => socket.once('open', resolve));
        return socket;
      };
      const peer = await server.peer('ws');
      peer.send(peer.request('OPTIONS', server.uri('x')));
      await peer.nextResponse(200);
      const message = (): string => peer.request('OPTIONS', server.uri('x')).toText();
      const reply = (socket: WebSocket): Promise<unknown> => new Promise((resolve) => socket.once('message', resolve));
      const [quiet, dripping, talking] = await Promise.all([open(), open(), open()]);
      for (const socket of [quiet, dripping, talking]) {
        socket.send(message());
        await reply(socket);
      }
      const ends = [quiet, dripping].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      quiet.send('OPTIONS', { fin: false });
      const drip = setInterval(() => {
        if (dripping.readyState !== WebSocket.OPEN) return;
        dripping.send('x', { fin: false });
        dripping.ping();
      }, 20);
      await Promise.all(ends).finally(() => clearInterval(drip));
      const last = message();
      talking.send(last.slice(0, 20), { fin: false });
      talking.send(last.slice(20), { fin: true });
      await reply(talking);
      expect(talking.readyState).toBe(WebSocket.OPEN);
      talking.terminate();
      await peer.close();
      await until(() => server.edge?.counts().connections === 0);
    },
  );

  edgeOnly('are no more than one source may have, until something of it is accepted', async () => {
    server = await ServerUnderTest.start({ limits: { ...limits, messageTimeoutMs: 5_000 } });
    await server.app((srf) => (srf as unknown as SrfClient).register((_req, res) => res.send(200)));
    const sockets = Array.from({ length: 3 }, () => openTo(server.sipPort));
    await until(() => server.edge?.counts().connections === 3);
    await closed(openTo(server.sipPort));
    expect(server.edge?.counts().connections).toBe(3);
    const phone = await server.peer('udp');
    phone.send(phone.request('REGISTER', server.uri('x')));
    await phone.nextResponse(200);
    sockets.push(openTo(server.sipPort));
    await until(() => server.edge?.counts().connections === 4);
    for (const socket of sockets) socket.destroy();
    await until(() => server.edge?.counts().connections === 0);
  });
});
