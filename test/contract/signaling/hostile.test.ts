/** The embedded edge under more than it should take. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
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
