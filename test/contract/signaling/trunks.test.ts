/** Trunks end to end below the calls: gateway, drachtio-srf, the edge, and carriers on sockets that ask, refuse and fail. */
import { createHash } from 'node:crypto';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { fail, ok } from '../../../base/result';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { IncomingInvite, OutgoingCall, OutgoingRequest } from '../../../signaling/ports';
import { answerChallenge } from '../../../signaling/sip/digest';
import { parseAuth } from '../../../signaling/sip/headers/auth';
import type { SipRequest } from '../../../signaling/sip/message';
import type { TrunkSettings } from '../../../signaling/trunks/settings';
import type { TrunkPlan } from '../../../signaling/trunks/trunks';
import { ServerUnderTest, until } from './server-under-test';
import type { SipPeer } from './sip-peer';
import { ANSWER, OFFER } from './sip-peer';

const REALM = 'switchroom.test';
let server: ServerUnderTest;
let gateway: Gateway;
let first: SipPeer;
let second: SipPeer;
const invites: IncomingInvite[] = [];

beforeEach(async () => {
  invites.length = 0;
  server = await ServerUnderTest.start();
  first = await server.peer('udp');
  second = await server.peer('udp');
});
afterEach(async () => {
  await gateway.close();
  await server.close();
});

const start = async (plan: TrunkPlan): Promise<void> => {
  gateway = createGateway({
    server: { host: server.host, port: server.controlPort, secret: server.secret },
    clock: systemClock,
    log: silentLogger(),
    ...plan,
    registrar: { realm: REALM, credentialsFor: () => undefined },
  });
  gateway.onIncoming((invite) => invites.push(invite));
  expect(await gateway.ready).toEqual({ ok: true, value: undefined });
};

/** Without probes, unless a test is about them. */
const trunk = (trunkId: string, more: Partial<TrunkSettings>): TrunkSettings => ({
  trunkId,
  name: trunkId,
  addresses: [],
  probe: { intervalS: 0 },
  ...more,
});

const call = (number: string, more: Partial<OutgoingRequest> = {}): OutgoingCall =>
  gateway.placeCall({
    target: { kind: 'number', number },
    from: { number: '4000', displayName: 'Desk' },
    sdp: OFFER,
    ringTimeoutMs: 10_000,
    ...more,
  });

const refuse = async (peer: SipPeer, status: number, headers: [string, string][] = []): Promise<SipRequest> => {
  const invite = await peer.nextRequest('INVITE');
  peer.send(peer.response(invite, status, undefined, headers));
  await peer.nextRequest('ACK');
  return invite;
};

const accept = async (peer: SipPeer): Promise<SipRequest> => {
  const invite = await peer.nextRequest('INVITE');
  peer.send(peer.response(invite, 200, ANSWER));
  await peer.nextRequest('ACK');
  return invite;
};

/** Whether the credentials answer a challenge of ours, computed here from RFC 7616 alone. */
const isRight = (request: SipRequest, hashName: string, header = 'Authorization'): boolean => {
  const parsed = parseAuth(request.get(header) ?? '');
  if (!parsed.ok) return false;
  const [realm, nonce, uri, nc, cnonce, qop] = ['realm', 'nonce', 'uri', 'nc', 'cnonce', 'qop'].map((name) =>
    parsed.value.params.get(name),
  );
  const hash = (data: string | Buffer): string => createHash(hashName).update(data).digest('hex');
  const ha1 = hash(`bob:${realm}:zanzibar`);
  const ha2 = hash(`${request.method}:${uri}${qop === 'auth-int' ? `:${hash(request.body)}` : ''}`);
  return parsed.value.params.get('response') === hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
};

const ACCOUNT = { username: 'bob', password: 'zanzibar' };

describe('failover', () => {
  it('goes to the next proxy after 503, leaves the first alone for Retry-After, and keeps one call to the caller', async () => {
    await start({
      trunks: [
        trunk('carrier', {
          proxies: [
            { host: first.self, priority: 1 },
            { host: second.self, priority: 2 },
          ],
        }),
      ],
    });
    const tried: string[] = [];
    const callIds: string[] = [];
    const placed = gateway.placeCall(
      { target: { kind: 'number', number: '123' }, from: { number: '1' }, sdp: OFFER, ringTimeoutMs: 10_000 },
      { onAttempt: ({ trunkId }) => tried.push(trunkId), onCallId: (callId) => callIds.push(callId) },
    );
    const [refused, accepted] = [await refuse(first, 503, [['Retry-After', '60']]), await accept(second)];
    expect((await placed.answered).ok).toBe(true);
    expect(tried).toEqual(['carrier', 'carrier']);
    expect(callIds).toEqual([refused.callId, accepted.callId]);
    const again = call('124');
    await accept(second);
    expect((await again.answered).ok).toBe(true);
    expect(first.pending).toEqual([]);
  });

  it('goes to the next trunk of the route table after a server’s failure, not after a busy callee', async () => {
    await start({
      trunks: [trunk('cheap', { proxy: first.self }), trunk('dear', { proxy: second.self })],
      routes: [
        {
          routeId: 'all',
          name: 'All',
          trunks: [
            { trunkId: 'dear', costPerMinute: 2 },
            { trunkId: 'cheap', costPerMinute: 1 },
          ],
        },
      ],
    });
    const failed = call('123');
    await refuse(first, 500);
    await accept(second);
    expect((await failed.answered).ok).toBe(true);
    const busy = call('123');
    await refuse(first, 486);
    expect(await busy.answered).toMatchObject({ ok: false, fault: { code: 'busy' } });
    expect(second.pending.filter((one) => one.kind === 'request' && one.method === 'INVITE')).toEqual([]);
  });

  it('offers each trunk what that one wants', async () => {
    await start({
      trunks: [
        trunk('a', { proxies: [{ host: first.self }], srtp: 'off', codecs: ['PCMU'] }),
        trunk('b', { proxies: [{ host: second.self }], codecs: ['G722', 'PCMA'], dtmf: 'info' }),
      ],
      routes: [{ routeId: 'all', name: 'All', trunks: [{ trunkId: 'a' }, { trunkId: 'b' }] }],
    });
    const asked: unknown[] = [];
    const placed = call('123', {
      offerFor: (wanted) => {
        asked.push(wanted);
        return Promise.resolve(ok(OFFER.replace('s=-', `s=${wanted.trunkId}`)));
      },
    });
    const refused = await refuse(first, 503);
    const accepted = await accept(second);
    expect((await placed.answered).ok).toBe(true);
    expect([refused, accepted].map(({ body }) => body.toString())).toEqual([
      OFFER.replace('s=-', 's=a'),
      OFFER.replace('s=-', 's=b'),
    ]);
    const rtp = { mediaTimeoutMs: 60_000, rtpSources: [], srtpKeys: 'any' };
    expect(asked).toEqual([
      { trunkId: 'a', traits: { codecs: ['PCMU'], dtmf: 'rfc4733', srtp: 'off', earlyMedia: 'pass', rtp } },
      { trunkId: 'b', traits: { codecs: ['G722', 'PCMA'], dtmf: 'info', srtp: 'optional', earlyMedia: 'pass', rtp } },
    ]);
  });

  it('passes over a trunk for which there is no offer', async () => {
    await start({
      trunks: [trunk('a', { proxy: first.self }), trunk('b', { proxy: second.self })],
      routes: [{ routeId: 'all', name: 'All', trunks: [{ trunkId: 'a' }, { trunkId: 'b' }] }],
    });
    const placed = call('123', {
      offerFor: ({ trunkId }) => Promise.resolve(trunkId === 'a' ? fail('unavailable', 'no ports') : ok(OFFER)),
    });
    await accept(second);
    expect((await placed.answered).ok).toBe(true);
    expect(first.pending).toEqual([]);
  });

  it('gives up a proxy that says nothing', async () => {
    await start({
      trunks: [trunk('a', { proxy: first.self }), trunk('b', { proxy: second.self })],
      routes: [{ routeId: 'all', name: 'All', trunks: [{ trunkId: 'a' }, { trunkId: 'b' }] }],
    });
    const placed = call('123');
    await first.nextRequest('INVITE');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await accept(second);
    expect((await placed.answered).ok).toBe(true);
  }, 15_000);

  it('passes over a trunk at its limit', async () => {
    await start({
      trunks: [trunk('a', { proxy: first.self, limits: { calls: 1 } }), trunk('b', { proxy: second.self })],
      routes: [{ routeId: 'all', name: 'All', trunks: [{ trunkId: 'a' }, { trunkId: 'b' }] }],
    });
    const one = call('1');
    await accept(first);
    const dialog = await one.answered;
    const two = call('2');
    await accept(second);
    expect((await two.answered).ok).toBe(true);
    if (dialog.ok) {
      const over = dialog.value.hangup();
      const bye = await first.nextRequest('BYE');
      first.send(first.response(bye, 200));
      await over;
    }
    const three = call('3');
    await accept(first);
    expect((await three.answered).ok).toBe(true);
  });
});

describe('digest towards a carrier', () => {
  it.each([
    ['SHA-256', 'sha256', 401, 'WWW-Authenticate', 'Authorization'],
    ['SHA-512-256', 'sha512-256', 407, 'Proxy-Authenticate', 'Proxy-Authorization'],
    ['MD5', 'md5', 407, 'Proxy-Authenticate', 'Proxy-Authorization'],
  ] as const)(
    '%s with auth-int over the SDP, and its nonce again for the next call',
    async (algorithm, hashName, status, asks, answers) => {
      await start({ trunks: [trunk('carrier', { proxy: first.self, credentials: ACCOUNT })] });
      const placed = call('123');
      const challenge = `Digest realm="c", nonce="n1", algorithm=${algorithm}, qop="auth-int"`;
      const plain = await refuse(first, status, [[asks, challenge]]);
      const proven = await accept(first);
      expect((await placed.answered).ok).toBe(true);
      expect(proven.callId).toBe(plain.callId);
      expect(proven.cseq.number).toBe(plain.cseq.number + 1);
      expect(isRight(proven, hashName, answers)).toBe(true);
      const next = call('124');
      const known = await accept(first);
      expect((await next.answered).ok).toBe(true);
      expect(known.get(answers)).toContain('nc=00000002');
      expect(isRight(known, hashName, answers)).toBe(true);
    },
  );

  it('gives up when the password is wrong', async () => {
    await start({ trunks: [trunk('carrier', { proxy: first.self, credentials: ACCOUNT })] });
    const placed = call('123');
    await refuse(first, 401, [['WWW-Authenticate', 'Digest realm="c", nonce="1", qop="auth"']]);
    await refuse(first, 401, [['WWW-Authenticate', 'Digest realm="c", nonce="2", qop="auth"']]);
    expect(await placed.answered).toMatchObject({ ok: false, fault: { code: 'unauthenticated' } });
  });
});

describe('registration', () => {
  it('answers the challenge and 423, is known by the registrar’s address, and ends with the gateway', async () => {
    await start({
      trunks: [trunk('carrier', { credentials: ACCOUNT, registration: { registrar: first.self, expiresS: 60 } })],
    });
    const asked = await first.nextRequest('REGISTER');
    first.send(
      first.response(asked, 401, undefined, [
        ['WWW-Authenticate', 'Digest realm="c", nonce="1", algorithm=SHA-256, qop="auth,auth-int"'],
      ]),
    );
    const proven = await first.nextRequest('REGISTER');
    expect(isRight(proven, 'sha256')).toBe(true);
    expect([proven.callId, proven.cseq.number]).toEqual([asked.callId, asked.cseq.number + 1]);
    first.send(first.response(proven, 423, undefined, [['Min-Expires', '120']]));
    const longer = await first.nextRequest('REGISTER');
    expect(longer.get('Expires')).toBe('120');
    const contact = longer.get('Contact') ?? '';
    first.send(first.response(longer, 200, undefined, [['Contact', contact.replace('expires=120', 'expires=100')]]));
    const line = gateway.trunks.line('carrier');
    await until(() => line?.registration?.state.name === 'registered');
    expect(line?.state).toBe('up');
    const invite = first.invite(`sip:bob@${server.host}:${server.sipPort}`);
    invite.set('To', '<sip:+4930123@carrier.example>');
    first.send(invite);
    await until(() => invites.length === 1);
    expect(invites[0]?.origin).toEqual({ kind: 'trunk', trunkId: 'carrier' });
    expect(invites[0]?.to.number).toBe('+4930123');
    invites[0]?.reject(480);
    const closing = gateway.close();
    const gone = await first.nextRequest('REGISTER');
    expect(gone.get('Expires')).toBe('0');
    first.send(first.response(gone, 200));
    await closing;
  });

  it('waits after a failure and tells it', async () => {
    await start({ trunks: [trunk('carrier', { credentials: ACCOUNT, registration: { registrar: first.self } })] });
    const alarms: string[] = [];
    gateway.trunks.events.on('state', ({ to }) => alarms.push(to));
    const asked = await first.nextRequest('REGISTER');
    first.send(first.response(asked, 403));
    const line = gateway.trunks.line('carrier');
    await until(() => line?.registration?.state.name === 'waiting');
    expect(line?.registration?.state).toMatchObject({
      cause: { key: 'response', values: { status: 403 } },
      failures: 1,
    });
    expect(alarms).toEqual(['down']);
  });
});

describe('a registration that is changed', () => {
  it('is taken back before the new one begins, which has the same Contact', async () => {
    const registration = { registrar: first.self, user: 'bob' };
    await start({ trunks: [trunk('carrier', { registration: { ...registration, expiresS: 600 } })] });
    first.send(first.response(await first.nextRequest('REGISTER'), 200));
    await until(() => gateway.trunks.line('carrier')?.registration?.state.name === 'registered');
    gateway.trunks.apply({ trunks: [trunk('carrier', { registration: { ...registration, expiresS: 900 } })] });
    const gone = await first.nextRequest('REGISTER');
    expect(gone.get('Expires')).toBe('0');
    expect(first.pending).toEqual([]);
    first.send(first.response(gone, 200));
    const anew = await first.nextRequest('REGISTER');
    expect(anew.get('Expires')).toBe('900');
    first.send(first.response(anew, 200));
    const line = gateway.trunks.line('carrier');
    await until(() => line?.registration?.state.name === 'registered');
    gateway.trunks.apply({
      trunks: [trunk('carrier', { registration: { ...registration, expiresS: 900 }, account: ACCOUNT })],
    });
    expect(gateway.trunks.line('carrier')).toBe(line);
    const closing = gateway.close();
    first.send(first.response(await first.nextRequest('REGISTER'), 200));
    await closing;
  });
});

describe('probes', () => {
  it('tell that a proxy is up, down and up again; a proxy that is down is passed over', async () => {
    await start({
      trunks: [
        trunk('carrier', { proxy: first.self, probe: { intervalS: 1, timeoutMs: 300, downAfter: 1, upAfter: 1 } }),
      ],
    });
    const states: string[] = [];
    gateway.trunks.events.on('state', ({ to }) => states.push(to));
    first.send(first.response(await first.nextRequest('OPTIONS'), 404));
    await until(() => states.length === 1);
    first.send(first.response(await first.nextRequest('OPTIONS'), 503));
    await until(() => states.length === 2);
    expect(await call('1').answered).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
    expect(gateway.trunks.planner.explain('1')).toMatchObject({
      attempts: [],
      passedOver: [{ trunkId: 'carrier', reason: expect.stringMatching(/^down: 503/) as string }],
    });
    first.send(first.response(await first.nextRequest('OPTIONS'), 200));
    await until(() => states.length === 3);
    expect(states).toEqual(['up', 'down', 'up']);
  }, 15_000);
});

describe('a call that comes in', () => {
  it('over the limit gets 503 with Retry-After until another ends', async () => {
    await start({ trunks: [trunk('carrier', { addresses: ['127.0.0.0/8'], limits: { calls: 1 } })] });
    const uri = `sip:4000@${server.host}:${server.sipPort}`;
    first.send(first.invite(uri));
    await until(() => invites.length === 1);
    const over = second.invite(uri);
    second.send(over);
    const refused = await second.nextResponse(503);
    expect(refused.get('Retry-After')).toBe('5');
    second.send(second.ackOf(over, refused));
    invites[0]?.reject(486);
    await first.nextResponse(486);
    second.send(second.invite(uri));
    await until(() => invites.length === 2);
  });

  it('is a trunk’s by its account, from any address, in anybody’s name', async () => {
    await start({ trunks: [trunk('pbx', { account: ACCOUNT })] });
    const uri = `sip:4000@${server.host}:${server.sipPort}`;
    const stranger = first.invite(uri);
    first.send(stranger);
    const asked = await first.nextResponse(401);
    first.send(first.ackOf(stranger, asked));
    const challenge = parseAuth(asked.get('WWW-Authenticate') ?? '');
    if (!challenge.ok) throw new Error(challenge.fault.message);
    const known = first.invite(uri);
    const answered = answerChallenge({
      ...{ challenge: challenge.value, user: 'bob', password: 'zanzibar', method: 'INVITE', uri, count: 1 },
      body: known.body,
    });
    if (!answered.ok) throw new Error(answered.fault.message);
    known.set('Authorization', answered.value);
    first.send(known);
    await until(() => invites.length === 1);
    expect(invites[0]?.origin).toEqual({ kind: 'trunk', trunkId: 'pbx' });
    expect(invites[0]?.from.number).toBe(first.user);
  });

  it('has its number made E.164, its identity believed or not, its headers changed, its privacy kept', async () => {
    const common = { addresses: ['127.0.0.0/8'], numbers: { country: '49', area: '30' } };
    await start({
      trunks: [trunk('carrier', { ...common, headersIn: [{ action: 'set', name: 'X-Line', value: 'one' }] })],
    });
    const uri = `sip:030555123@${server.host}:${server.sipPort}`;
    const identity = { 'P-Asserted-Identity': '<sip:01711234567@carrier.example>' };
    first.send(first.invite(uri, OFFER, identity));
    await until(() => invites.length === 1);
    expect(invites[0]).toMatchObject({
      from: { number: '+491711234567' },
      to: { number: '+4930555123' },
      withheld: false,
    });
    expect(invites[0]?.headers['x-line']).toBe('one');
    first.send(first.invite(uri, OFFER, { ...identity, Privacy: 'id' }));
    await until(() => invites.length === 2);
    expect(invites[1]).toMatchObject({ from: { number: 'anonymous' }, withheld: true });
    gateway.trunks.apply({ trunks: [trunk('carrier', { ...common, assertedIdentity: { accept: false } })] });
    first.send(first.invite(uri, OFFER, identity));
    await until(() => invites.length === 3);
    expect(invites[2]?.from.number).toBe(first.user);
    expect(invites[2]?.headers['p-asserted-identity']).toBeUndefined();
  });
});

describe('a call that goes out', () => {
  it('goes to a trunk that registered through proxies by the Path of its registration', async () => {
    await start({ trunks: [trunk('pbx', { account: ACCOUNT })] });
    const path = [`<sip:${first.self};lr>`, '<sip:inner.pbx.example;lr>'];
    const register = (): SipRequest =>
      first.request('REGISTER', `sip:${REALM}`, {
        From: `<sip:bob@${REALM}>;tag=bob`,
        To: `<sip:bob@${REALM}>`,
        Contact: '<sip:bob@192.0.2.77:5070>',
        Supported: 'path',
        Path: path.join(', '),
      });
    first.send(register());
    const challenge = parseAuth((await first.nextResponse(401)).get('WWW-Authenticate') ?? '');
    if (!challenge.ok) throw new Error(challenge.fault.message);
    const known = register();
    const { method, uri, body } = known;
    const account = { user: 'bob', password: 'zanzibar' };
    const answered = answerChallenge({ challenge: challenge.value, ...account, method, uri, count: 1, body });
    if (!answered.ok) throw new Error(answered.fault.message);
    known.set('Authorization', answered.value);
    first.send(known);
    await first.nextResponse(200);
    call('4711');
    const invite = await refuse(first, 486);
    expect(invite.uri).toBe('sip:4711@192.0.2.77:5070');
    expect(invite.getAll('Route').join(', ')).toBe(path.join(', '));
  });

  it('shows what the trunk’s policy says, in the carrier’s format', async () => {
    await start({
      trunks: [
        trunk('carrier', {
          proxy: first.self,
          callerId: '+49301',
          fromDomain: 'us.example',
          numbers: { country: '49', out: 'national' },
          assertedIdentity: { send: 'asserted' },
          headersOut: [{ action: 'add', name: 'X-Account', value: '7' }],
        }),
      ],
    });
    call('+4930555', { headers: { 'P-Asserted-Identity': '<sip:liar@x>', Privacy: 'none' } });
    const open = await refuse(first, 486);
    expect(open.uri).toBe(`sip:030555@${first.self}`);
    expect(open.from.uri.toString()).toBe('sip:0301@us.example');
    expect(open.get('P-Asserted-Identity')).toBe('<sip:0301@us.example>');
    expect([open.get('Privacy'), open.get('X-Account')]).toEqual([undefined, '7']);
    call('+4930555', { withheld: true });
    const hidden = await refuse(first, 486);
    expect(hidden.from.uri.toString()).toBe('sip:anonymous@anonymous.invalid');
    expect(hidden.get('Privacy')).toBe('id');
    expect(hidden.get('P-Asserted-Identity')).toBe('<sip:0301@us.example>');
  });
});

describe('changes while calls go on', () => {
  it('count for the next call, and leave the one before alone', async () => {
    await start({ trunks: [trunk('carrier', { proxy: first.self, limits: { calls: 2 } })] });
    const one = call('1');
    await accept(first);
    const dialog = await one.answered;
    const changed = gateway.trunks.apply({ trunks: [trunk('carrier', { proxy: second.self, limits: { calls: 2 } })] });
    expect(changed.ok).toBe(true);
    expect(gateway.trunks.line('carrier')?.calls).toEqual({ inbound: 0, outbound: 1 });
    const two = call('2');
    await accept(second);
    expect((await two.answered).ok).toBe(true);
    expect(dialog.ok && dialog.value.ended).toBeUndefined();
    expect(await call('3').answered).toMatchObject({ ok: false, fault: { code: 'overloaded' } });
    expect(gateway.trunks.apply({ trunks: [trunk('bad', { addresses: ['x'] })] }).ok).toBe(false);
    expect(gateway.trunks.line('carrier')).toBeDefined();
  });
});
