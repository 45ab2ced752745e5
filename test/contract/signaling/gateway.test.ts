/** The app's gateway, end to end: gateway, drachtio-srf, the edge, and SIP peers on sockets. */
import { systemClock } from '../../../base/clock';
import { createLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import { startEdge } from '../../../signaling/edge/server';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { DialogEnd, IncomingInvite, InfoDigit, OutgoingCall, SipDialog } from '../../../signaling/ports';
import type { SipRequest } from '../../../signaling/sip/message';
import { challenged, ha1sOf } from './credentials';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';
import { againstDrachtio, edgeOnly, ServerUnderTest, until } from './server-under-test';

const REALM = 'switchroom.test';
const PASSWORD = 'correct horse';
const AGENTS = new Set(['agent1', 'agent2']);

let server: ServerUnderTest;
let gateway: Gateway;
const invites: IncomingInvite[] = [];
const logLines: string[] = [];

/** A logger whose lines a test can read. */
const watchedLog = () => {
  const log = createLogger('app', 'silent');
  const note = (details: unknown, text?: string): void =>
    void logLines.push(`${JSON.stringify(details)} ${text ?? ''}`);
  return Object.assign(log, { warn: note });
};

const makeGateway = (more: { trunkAddresses?: string[]; trunkProxy?: string } = {}): Gateway => {
  const made = createGateway({
    server: { host: server.host, port: server.controlPort, secret: server.secret },
    clock: systemClock,
    log: watchedLog(),
    trunks: [
      {
        trunkId: 'carrier',
        name: 'Carrier',
        addresses: more.trunkAddresses ?? ['127.0.0.0/8'],
        proxy: more.trunkProxy,
      },
    ],
    registrar: {
      realm: REALM,
      credentialsFor: (user) => (AGENTS.has(user) ? ha1sOf({ user, realm: REALM, password: PASSWORD }) : undefined),
    },
    serverGraceMs: 500,
  });
  made.onIncoming((invite) => invites.push(invite));
  return made;
};

const start = async (more: Parameters<typeof makeGateway>[0] = {}): Promise<void> => {
  gateway = makeGateway(more);
  expect(await gateway.ready).toEqual({ ok: true, value: undefined });
};

beforeEach(async () => {
  invites.length = 0;
  logLines.length = 0;
  server = await ServerUnderTest.start();
});
afterEach(async () => {
  await gateway.close();
  await server.close();
});

const valueOf = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
};

const codeOf = <Value>(result: Result<Value>): string => (result.ok ? 'ok' : result.fault.code);

/** A carrier's caller up to the conversation. */
const callIn = async (peer: SipPeer, sdp: string | undefined = OFFER) => {
  const invite = peer.invite(server.uri('4000'), sdp);
  peer.send(invite);
  await until(() => invites.length === 1);
  const answering = invites[0]!.answer(ANSWER);
  const ok = await peer.nextResponse(200);
  peer.send(peer.within(invite, ok, 'ACK'));
  return { invite, ok, dialog: valueOf(await answering) };
};

const endOf = (dialog: SipDialog): Promise<DialogEnd> => new Promise((resolve) => dialog.onEnd(resolve));

describe('a call from a carrier', () => {
  beforeEach(() => start());

  it('says who calls whom from where, rings, is answered, and ends by the caller', async () => {
    const peer = await server.peer('udp');
    const sent = peer.invite(server.uri('4000'), OFFER, { 'X-Ticket': '17' });
    sent.set('From', '"Zhang San" <sip:+8613800138000@example.com>;tag=1');
    peer.send(sent);
    await until(() => invites.length === 1);
    const [invite] = invites;
    expect(invite).toMatchObject({
      callId: sent.callId,
      from: { number: '+8613800138000', displayName: 'Zhang San' },
      to: { number: '4000' },
      origin: { kind: 'trunk', trunkId: 'carrier' },
      sdp: OFFER,
    });
    expect(invite!.source.protocol).toBe('udp');
    expect(invite!.headers['x-ticket']).toBe('17');
    invite!.ring();
    await peer.nextResponse(180);
    invite!.ring(183, ANSWER);
    expect((await peer.nextResponse(183)).body.toString()).toBe(ANSWER);
    const answering = invite!.answer(ANSWER);
    const ok = await peer.nextResponse(200);
    peer.send(peer.within(sent, ok, 'ACK'));
    const dialog = valueOf(await answering);
    expect(dialog.remoteSdp).toBe(OFFER);
    const end = endOf(dialog);
    const bye = peer.within(sent, ok, 'BYE');
    bye.append('Reason', 'Q.850;cause=16');
    peer.send(bye);
    expect(await end).toEqual({ by: 'remote', reason: 'Q.850;cause=16' });
    expect(codeOf(await dialog.modify(OFFER))).toBe('closed');
  });

  it('is refused with the status asked for', async () => {
    const peer = await server.peer('tcp');
    const invite = peer.invite(server.uri('9999'));
    peer.send(invite);
    await until(() => invites.length === 1);
    invites[0]!.reject(404, 'No Such Number');
    const refused = await peer.nextResponse(404);
    expect(refused.reason).toBe('No Such Number');
    peer.send(peer.ackOf(invite, refused));
    expect(codeOf(await invites[0]!.answer(ANSWER))).toBe('closed');
  });

  it('is cancelled by the caller', async () => {
    const peer = await server.peer('udp');
    const invite = peer.invite(server.uri('4000'));
    peer.send(invite);
    await until(() => invites.length === 1);
    const reason = new Promise((resolve) => invites[0]!.onCancelled(resolve));
    peer.send(peer.cancelOf(invite));
    peer.send(peer.ackOf(invite, await peer.nextResponse(487)));
    expect(await reason).toBe('caller_cancelled');
    expect(codeOf(await invites[0]!.answer(ANSWER))).toBe('closed');
  });

  it('is hung up by us with a reason', async () => {
    const peer = await server.peer('udp');
    const { dialog } = await callIn(peer);
    const end = endOf(dialog);
    const hungUp = dialog.hangup('SIP;cause=200;text="queue closed"');
    const bye = await peer.nextRequest('BYE');
    expect(bye.get('Reason')).toContain('queue closed');
    peer.send(peer.response(bye, 200));
    await hungUp;
    expect(await end).toEqual({ by: 'local' });
    await dialog.hangup();
  });

  it('changes its media in both directions, and refuses what it cannot', async () => {
    const peer = await server.peer('udp');
    const { invite, ok, dialog } = await callIn(peer);
    const hold = OFFER.replace('sendrecv', 'sendonly');
    const changed = dialog.modify(hold);
    const ours = await peer.nextRequest('INVITE');
    expect(ours.body.toString()).toBe(hold);
    peer.send(peer.response(ours, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(valueOf(await changed)).toBe(ANSWER);

    const refused = dialog.modify(hold);
    peer.send(peer.response(await peer.nextRequest('INVITE'), 488));
    expect(codeOf(await refused)).toBe('not_acceptable_media');

    dialog.onReinvite((offer) => Promise.resolve({ ok: true, value: offer.replace('40000', '60000') }));
    const theirs = peer.within(invite, ok, 'INVITE', 2);
    theirs.append('Content-Type', 'application/sdp');
    theirs.body = Buffer.from(hold);
    peer.send(theirs);
    expect((await peer.nextResponse(200)).body.toString()).toContain('60000');
    const ack = peer.within(invite, ok, 'ACK');
    ack.set('CSeq', '2 ACK');
    peer.send(ack);
    expect(dialog.remoteSdp).toBe(hold);

    dialog.onReinvite(() => Promise.resolve({ ok: false, fault: { code: 'not_acceptable_media', message: 'no' } }));
    const bad = peer.within(invite, ok, 'INVITE', 3);
    bad.append('Content-Type', 'application/sdp');
    bad.body = Buffer.from('v=0\r\n');
    peer.send(bad);
    await peer.nextResponse(488);
    expect(dialog.remoteSdp).toBe(hold);
  });

  it('hears digits by INFO', async () => {
    const peer = await server.peer('udp');
    const { invite, ok, dialog } = await callIn(peer);
    const heard = new Promise<InfoDigit>((resolve) => dialog.onInfo(resolve));
    const info = peer.within(invite, ok, 'INFO');
    info.append('Content-Type', 'application/dtmf-relay');
    info.body = Buffer.from('Signal=#\r\nDuration=240\r\n');
    peer.send(info);
    await peer.nextResponse(200);
    expect(await heard).toEqual({ digit: '#', durationMs: 240 });
  });

  it('sends digits by INFO one after the other, in the plainer form to who does not know the other', async () => {
    const peer = await server.peer('udp');
    const { dialog } = await callIn(peer);
    const sent = Promise.all([...'5#'].map((digit) => dialog.sendDigit({ digit, durationMs: 120 })));
    const bodies: string[] = [];
    for (const status of [415, 200, 200]) {
      const info = await peer.nextRequest('INFO');
      bodies.push(`${info.get('Content-Type')} ${info.body.toString('utf8')}`);
      peer.send(peer.response(info, status));
    }
    expect(bodies).toEqual([
      'application/dtmf-relay Signal=5\r\nDuration=120\r\n',
      'application/dtmf 5',
      'application/dtmf #',
    ]);
    expect((await sent).every(({ ok }) => ok)).toBe(true);
    const refused = dialog.sendDigit({ digit: '1', durationMs: 120 });
    peer.send(peer.response(await peer.nextRequest('INFO'), 403));
    expect(await refused).toMatchObject({ ok: false, fault: { code: 'forbidden' } });
  });

  it('waits for the answer to no INFO once the dialog is over', async () => {
    const peer = await server.peer('udp');
    const { invite, ok, dialog } = await callIn(peer);
    const sent = [...'57'].map((digit) => dialog.sendDigit({ digit, durationMs: 120 }));
    await peer.nextRequest('INFO');
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    const over = { ok: false, fault: { code: 'closed' } };
    expect(await Promise.all(sent)).toMatchObject([over, over]);
  });

  it('brings the answer to our offer in its ACK when it came without one', async () => {
    const peer = await server.peer('udp');
    const invite = peer.request('INVITE', server.uri('4000'));
    peer.send(invite);
    await until(() => invites.length === 1);
    expect(invites[0]!.sdp).toBeUndefined();
    const answering = invites[0]!.answer(OFFER);
    const ok = await peer.nextResponse(200);
    const ack = peer.within(invite, ok, 'ACK');
    ack.append('Content-Type', 'application/sdp');
    ack.body = Buffer.from(ANSWER);
    peer.send(ack);
    expect(valueOf(await answering).remoteSdp).toBe(ANSWER);
  });
});

it('refuses a carrier that is not on the list with 403, and logs its address', async () => {
  await start({ trunkAddresses: ['192.0.2.0/24'] });
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  peer.send(invite);
  peer.send(peer.ackOf(invite, await peer.nextResponse(403)));
  expect(invites).toHaveLength(0);
  expect(logLines.join('\n')).toMatch(/carrier not on the list.*127\.0\.0\.1/);
});

describe('an agent', () => {
  beforeEach(() => start({ trunkAddresses: ['192.0.2.0/24'] }));

  const registerOf = (peer: SipPeer, user = 'agent1', extra: Record<string, string> = {}): SipRequest =>
    peer.request('REGISTER', `sip:${REALM}`, {
      From: `<sip:${user}@${REALM}>;tag=${user}`,
      To: `<sip:${user}@${REALM}>`,
      ...extra,
    });

  const register = async (peer: SipPeer, extra: Record<string, string> = {}) => {
    peer.send(await challenged(peer, registerOf(peer, 'agent1', { Expires: '60', ...extra }), PASSWORD));
    return peer.nextResponse(200);
  };

  it('registers, is called over its connection, and leaves when that closes', async () => {
    const peer = await server.peer('ws', { forwardedFor: '203.0.113.7' });
    const ok = await register(peer);
    expect(ok.contacts[0]?.params.get('expires')).toBe('60');
    expect(gateway.registrar.isRegistered('agent1')).toBe(true);
    if (!againstDrachtio) expect(gateway.registrar.contactFor('agent1')?.proxy).toContain('203.0.113.7');
    const placed = gateway.placeCall({
      target: { kind: 'user', userName: 'agent1' },
      from: { number: '+491711234', displayName: 'Customer "X"' },
      sdp: OFFER,
      headers: { 'X-Interaction': 'abc' },
      ringTimeoutMs: 5_000,
    });
    const invite = await peer.nextRequest('INVITE');
    expect(invite.uri).toBe(peer.contact.slice(1, -1));
    expect(invite.from).toMatchObject({ displayName: 'Customer "X"' });
    expect(invite.get('X-Interaction')).toBe('abc');
    peer.send(peer.response(invite, 200, ANSWER));
    await peer.nextRequest('ACK');
    const dialog = valueOf(await placed.answered);
    const hungUp = dialog.hangup();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await hungUp;
    const left = new Promise((resolve) => gateway.registrar.events.on('unregistered', (...args) => resolve(args)));
    if (againstDrachtio) return;
    await peer.close();
    expect(await left).toEqual(['agent1', 'connection_closed']);
    expect(gateway.registrar.contactFor('agent1')).toBeUndefined();
  });

  edgeOnly('is not registered any more when the server is lost, until it registers with the next one', async () => {
    await register(await server.peer('ws'));
    const phone = await server.peer('udp');
    phone.send(await challenged(phone, registerOf(phone, 'agent2', { Expires: '60' }), PASSWORD));
    await phone.nextResponse(200);
    const left: unknown[] = [];
    gateway.registrar.events.on('unregistered', (...args) => left.push(args));
    const { controlPort, sipPort, secret } = server;
    await server.close();
    await until(() => !gateway.connected);
    expect(left).toEqual([['agent1', 'connection_closed']]);
    expect(gateway.registrar.registeredUsers).toEqual(['agent2']);
    server = await ServerUnderTest.start({ controlPort, sipPort, secret });
    await until(() => gateway.connected);
    await register(await server.peer('ws'));
    expect(gateway.registrar.isRegistered('agent1')).toBe(true);
  });

  it('gets the same 401 whether it exists or not, and again with a wrong password', async () => {
    const peer = await server.peer('ws');
    peer.send(await challenged(peer, registerOf(peer, 'nobody'), PASSWORD));
    const unknown = await peer.nextResponse(401);
    peer.send(await challenged(peer, registerOf(peer), 'wrong'));
    const wrong = await peer.nextResponse(401);
    const shape = (text = ''): string => text.replace(/nonce="[^"]*"/, '');
    expect(shape(unknown.get('WWW-Authenticate'))).toBe(shape(wrong.get('WWW-Authenticate')));
    expect(gateway.registrar.registeredUsers).toEqual([]);
  });

  it('cannot register somebody else, nor with credentials that were used before', async () => {
    const peer = await server.peer('ws');
    const foreign = registerOf(peer, 'agent1');
    foreign.set('To', `<sip:agent2@${REALM}>`);
    peer.send(await challenged(peer, foreign, PASSWORD));
    await peer.nextResponse(403);
    const once = await challenged(peer, registerOf(peer), PASSWORD);
    peer.send(once);
    await peer.nextResponse(200);
    const replay = once.clone();
    replay.set('Via', peer.via());
    replay.set('CSeq', '9 REGISTER');
    peer.send(replay);
    await peer.nextResponse(401);
  });

  it('removes its contacts with Contact: *', async () => {
    const peer = await server.peer('tcp');
    await register(peer);
    peer.send(await challenged(peer, registerOf(peer, 'agent1', { Contact: '*', Expires: '0' }), PASSWORD));
    expect((await peer.nextResponse(200)).has('Contact')).toBe(false);
    expect(gateway.registrar.isRegistered('agent1')).toBe(false);
  });

  it('dials out over the connection by which it registered, in its own name only', async () => {
    const peer = await server.peer('ws');
    await register(peer);
    const dial = peer.invite(server.uri('+4930123'), OFFER, { From: `<sip:agent1@${REALM}>;tag=a` });
    peer.send(dial);
    await until(() => invites.length === 1);
    expect(invites[0]).toMatchObject({ origin: { kind: 'agent', userName: 'agent1' }, to: { number: '+4930123' } });
    invites[0]!.reject(480);
    peer.send(peer.ackOf(dial, await peer.nextResponse(480)));
    const forged = peer.invite(server.uri('1'), OFFER, { From: `<sip:agent2@${REALM}>;tag=b` });
    peer.send(forged);
    peer.send(peer.ackOf(forged, await peer.nextResponse(403)));
    expect(invites).toHaveLength(1);
  });

  it('dials out with digest credentials from anywhere', async () => {
    const peer = await server.peer('ws');
    peer.send(
      await challenged(peer, peer.invite(server.uri('200'), OFFER, { From: `<sip:agent1@${REALM}>;tag=a` }), PASSWORD),
    );
    await until(() => invites.length === 1);
    expect(invites[0]!.origin).toEqual({ kind: 'agent', userName: 'agent1' });
  });

  it('that is not registered cannot be called', async () => {
    const placed = gateway.placeCall({
      target: { kind: 'user', userName: 'agent2' },
      from: { number: '1' },
      sdp: OFFER,
      ringTimeoutMs: 1_000,
    });
    expect(codeOf(await placed.answered)).toBe('unavailable');
  });
});

describe('a call that we place', () => {
  let callee: SipPeer;
  beforeEach(async () => {
    callee = await server.peer('udp');
    await start({ trunkProxy: callee.self });
  });

  const place = (more: { ringTimeoutMs?: number; progress?: number[] } = {}): OutgoingCall =>
    gateway.placeCall(
      {
        target: { kind: 'trunk', trunkId: 'carrier', number: '+4930 1234' },
        from: { number: '4000' },
        sdp: OFFER,
        ringTimeoutMs: more.ringTimeoutMs ?? 5_000,
      },
      { onProgress: (status) => void more.progress?.push(status) },
    );

  it('reports progress and becomes a dialog', async () => {
    const progress: number[] = [];
    const placed = place({ progress });
    const invite = await callee.nextRequest('INVITE');
    expect(invite.uri).toBe(`sip:+4930%201234@${callee.self}`);
    callee.send(callee.response(invite, 100));
    callee.send(callee.response(invite, 180));
    callee.send(callee.response(invite, 200, ANSWER));
    await callee.nextRequest('ACK');
    const dialog = valueOf(await placed.answered);
    expect(dialog.remote.number).toBe('+4930 1234');
    expect(progress).toEqual([180]);
  });

  it.each([
    [486, 'busy'],
    [603, 'declined'],
    [404, 'not_found'],
    [503, 'unavailable'],
    [302, 'no_route'],
  ])('fails on %d as %s', async (status, code) => {
    const placed = place();
    callee.send(callee.response(await callee.nextRequest('INVITE'), status));
    await callee.nextRequest('ACK');
    expect(codeOf(await placed.answered)).toBe(code);
  });

  it('is cancelled when nobody answers in time', async () => {
    const placed = place({ ringTimeoutMs: 200 });
    const invite = await callee.nextRequest('INVITE');
    callee.send(callee.response(invite, 180));
    expect(codeOf(await placed.answered)).toBe('no_answer');
    callee.send(callee.response(await callee.nextRequest('CANCEL'), 200));
    callee.send(callee.response(invite, 487));
    await callee.nextRequest('ACK');
  });

  it('is hung up when the answer crosses our CANCEL', async () => {
    const placed = place();
    const invite = await callee.nextRequest('INVITE');
    callee.send(callee.response(invite, 180));
    placed.cancel();
    callee.send(callee.response(await callee.nextRequest('CANCEL'), 200));
    callee.send(callee.response(invite, 200, ANSWER));
    await callee.nextRequest('ACK');
    callee.send(callee.response(await callee.nextRequest('BYE'), 200));
    expect(codeOf(await placed.answered)).toBe('closed');
  });

  edgeOnly('ends with a clear outcome when the server is lost, and the gateway comes back', async () => {
    const placed = place();
    const invite = await callee.nextRequest('INVITE');
    callee.send(callee.response(invite, 200, ANSWER));
    await callee.nextRequest('ACK');
    const dialog = valueOf(await placed.answered);
    const ringing = place();
    await callee.nextRequest('INVITE');
    const states: boolean[] = [];
    gateway.onConnection((connected) => states.push(connected));
    const end = endOf(dialog);
    const controlPort = server.controlPort;
    await server.edge!.close();
    expect(await end).toEqual({ by: 'connection_lost' });
    expect(codeOf(await ringing.answered)).toBe('unavailable');
    expect(gateway.connected).toBe(false);
    expect(codeOf(await place().answered)).toBe('unavailable');
    const again = await startEdge({
      bindAddress: '127.0.0.1',
      sipPort: 0,
      wsPort: 0,
      controlPort,
      secret: server.secret,
      clock: systemClock,
      log: createLogger('edge', 'silent'),
    });
    await until(() => gateway.connected);
    expect(states).toEqual([false, true]);
    await again.close();
  });
});
