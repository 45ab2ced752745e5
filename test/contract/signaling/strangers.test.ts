/** What strangers, scanners and guessers of passwords get from the running edge, and what they cost. */
import { Alarms } from '../../../base/alarms';
import type { Alarm } from '../../../base/alarms';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { StrangerOptions } from '../../../signaling/gateway/edge-policy';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { IncomingInvite } from '../../../signaling/ports';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { challenged, ha1sOf } from './credentials';
import type { SipPeer } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

const REALM = 'switchroom.test';
const PASSWORD = 'correct horse';
const CARRIER = '127.0.7.1';
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

let server: ServerUnderTest;
let gateway: Gateway;
const invites: IncomingInvite[] = [];
const raised: Alarm[] = [];

const start = async (strangers: StrangerOptions): Promise<void> => {
  server = await ServerUnderTest.start();
  const log = silentLogger();
  const alarms = new Alarms({ clock: systemClock, log });
  alarms.onRaised((alarm) => raised.push(alarm));
  gateway = createGateway({
    server: { host: server.host, port: server.controlPort, secret: server.secret },
    clock: systemClock,
    log,
    trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: [CARRIER] }],
    registrar: {
      realm: REALM,
      credentialsFor: (user) =>
        /^(?:agent|good)\d+$/.test(user) ? ha1sOf({ user, realm: REALM, password: PASSWORD }) : undefined,
    },
    strangers,
    alarms,
  });
  gateway.onIncoming((invite) => invites.push(invite));
  await gateway.ready;
};

beforeEach(() => {
  invites.length = 0;
  raised.length = 0;
});
afterEach(async () => {
  await gateway.close();
  await server.close();
});

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));
const registerOf = (peer: SipPeer, user: string): SipRequest =>
  peer.request('REGISTER', `sip:${REALM}`, { From: `<sip:${user}@${REALM}>;tag=a`, To: `<sip:${user}@${REALM}>` });

/** REGISTER, the challenge, and REGISTER with an answer to it. */
const tryToRegister = async (peer: SipPeer, user: string, password: string): Promise<SipResponse> => {
  peer.send(await challenged(peer, registerOf(peer, user), password));
  return peer.nextResponse(password === PASSWORD ? 200 : 401);
};

const NOTHING_HELD = { waiting: 0, dialogs: 0, pendingRequests: 0, sentRequests: 0, transactions: 0, connections: 0 };

edgeOnly('a scanner gets silence and leaves nothing behind, and the operator hears of it', async () => {
  await start({ refusal: 'reply', users: EVERYWHERE });
  const scanner = await server.peer('udp');
  const named = { 'User-Agent': 'friendly-scanner' };
  for (let n = 0; n < 100; n += 1) {
    for (const method of ['OPTIONS', 'INVITE', 'REGISTER', 'SUBSCRIBE']) {
      scanner.send(scanner.request(method, server.uri(String(100 + n)), named));
    }
  }
  await until(() => raised.length > 0);
  await pause();
  expect(scanner.pending).toEqual([]);
  expect(server.edge?.counts()).toMatchObject(NOTHING_HELD);
  expect(invites).toEqual([]);
  expect(raised).toMatchObject([{ kind: 'stranger-knocks', details: { source: '127.0.0.1' } }]);
});

edgeOnly('a stranger gets the same stateless 403 for whatever it asks, however often', async () => {
  await start({ refusal: 'reply', users: [] });
  const stranger = await server.peer('udp');
  const answers = new Set<string>();
  for (const method of ['OPTIONS', 'INVITE', 'REGISTER', 'SUBSCRIBE', 'MESSAGE', 'BYE']) {
    const request = stranger.request(method, server.uri('4000'));
    stranger.send(request);
    const first = await stranger.nextResponse(403);
    stranger.send(request);
    const second = await stranger.nextResponse(403);
    expect(second.toBuffer().toString()).toBe(first.toBuffer().toString());
    expect(first.to.tag).toMatch(/^[0-9a-f]{18}$/);
    answers.add(first.headers.map(({ key }) => key).join());
    if (method === 'INVITE') stranger.send(stranger.ackOf(request, first));
  }
  expect(answers.size).toBe(1);
  expect(server.edge?.counts()).toMatchObject(NOTHING_HELD);
  expect(invites).toEqual([]);
});

edgeOnly('silence is silence: for requests, for nonsense, and for both over TCP', async () => {
  await start({ refusal: 'silence', users: [] });
  for (const transport of ['udp', 'tcp'] as const) {
    const stranger = await server.peer(transport);
    stranger.send(stranger.invite(server.uri('4000')));
    stranger.sendRaw('INVITE sip:a@b SIP/7.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\nCall-ID: a\r\n\r\n');
    await pause();
    expect(stranger.pending).toEqual([]);
  }
  expect(server.edge?.counts()).toMatchObject({ transactions: 0, dialogs: 0, pendingRequests: 0 });
});

edgeOnly('carriers, users and dialogs that exist are no strangers', async () => {
  await start({ refusal: 'silence', users: EVERYWHERE });
  const carrier = await server.peer('udp', { from: CARRIER });
  const invite = carrier.invite(server.uri('4000'));
  carrier.send(invite);
  await until(() => invites.length === 1);
  const browser = await server.peer('ws');
  await tryToRegister(browser, 'agent1', PASSWORD);
  const phone = await server.peer('udp', { from: '127.0.9.9' });
  await tryToRegister(phone, 'agent2', PASSWORD);
  // Registered now: what it sends is for the app to decide.
  phone.send(phone.invite(server.uri('4000')));
  await phone.nextResponse(401);
  carrier.send(carrier.cancelOf(invite));
  await carrier.nextResponse(487);
});

edgeOnly('ten wrong passwords raise the alarm at once, and the source is not heard any more', async () => {
  await start({ refusal: 'reply', users: EVERYWHERE });
  const attacker = await server.peer('udp', { from: '127.0.6.6' });
  for (let n = 0; n < 9; n += 1) await tryToRegister(attacker, 'agent1', `guess ${n}`);
  expect(raised).toEqual([]);
  await tryToRegister(attacker, 'agent1', 'guess 9');
  const tenthAtMs = systemClock.nowMs();
  await until(() => raised.length === 1);
  expect(systemClock.nowMs() - tenthAtMs).toBeLessThan(1_000);
  expect(raised[0]).toMatchObject({ kind: 'source-banned', details: { source: '127.0.6.6', account: 'agent1' } });
  await pause();
  attacker.send(registerOf(attacker, 'agent1'));
  attacker.send(attacker.request('OPTIONS', server.uri('x')));
  await pause();
  expect(attacker.pending).toEqual([]);

  const owner = await server.peer('udp', { from: '127.0.6.7' });
  expect((await tryToRegister(owner, 'agent1', PASSWORD)).status).toBe(200);

  const [ban] = gateway.bans.list();
  expect(ban).toMatchObject({ kind: 'source', network: '127.0.6.6', level: 1 });
  expect(gateway.bans.lift(ban?.id ?? '')).toBe(true);
  await pause();
  attacker.send(registerOf(attacker, 'agent1'));
  await attacker.nextResponse(401);
});

edgeOnly(
  'two hundred good users behind the attacker’s address go on as if nothing were',
  async () => {
    await start({ refusal: 'reply', users: EVERYWHERE });
    const nat = { from: '127.0.5.5' };
    const users = await Promise.all(Array.from({ length: 20 }, () => server.peer('udp', nat)));
    const registerAll = async (): Promise<void> => {
      await Promise.all(
        users.map(async (peer, at) => {
          for (let n = 0; n < 10; n += 1) await tryToRegister(peer, `good${at * 10 + n}`, PASSWORD);
        }),
      );
    };
    await registerAll();
    const attacker = await server.peer('udp', nat);
    for (let n = 0; n < 15; n += 1) await tryToRegister(attacker, 'agent1', `guess ${n}`);
    expect(raised).toMatchObject([{ kind: 'pair-banned' }]);
    await registerAll();
    expect(gateway.registrar.registeredUsers).toHaveLength(200);
    expect(gateway.bans.list()).toMatchObject([{ kind: 'pair', account: 'agent1' }]);
  },
  30_000,
);

edgeOnly(
  'nobody can ban another by writing under the other’s address: a nonce works only where it was given',
  async () => {
    await start({ refusal: 'reply', users: EVERYWHERE });
    const thief = await server.peer('udp', { from: '127.0.4.1' });
    const request = registerOf(thief, 'agent1');
    thief.send(request);
    const challenge = (await thief.nextResponse(401)).get('WWW-Authenticate') ?? '';
    const victim = await server.peer('udp', { from: '127.0.4.2' });
    for (let n = 0; n < 12; n += 1) {
      const forged = registerOf(victim, 'agent1');
      forged.set(
        'Authorization',
        challenge.replace('Digest ', 'Digest username="agent1", uri="sip:x", response="0", '),
      );
      victim.send(forged);
      await victim.nextResponse(401);
    }
    expect(raised).toEqual([]);
    expect(gateway.bans.list()).toEqual([]);
  },
);
