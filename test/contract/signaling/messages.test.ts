/** Requests outside of dialogs, what an app is told about them, and bodies that must arrive as they were sent. */
import { createHash, randomUUID } from 'node:crypto';
import type { PeerTransport, SipPeer } from './sip-peer';
import { OFFER } from './sip-peer';
import { againstDrachtio, ServerUnderTest, until } from './server-under-test';
import type { Received } from './srf-app';
import { appOf, deferred, finalOf } from './srf-app';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

const uriOf = (peer: SipPeer): string => `sip:${peer.user}@${peer.self}`;

describe.each<PeerTransport>(['udp', 'tcp', 'ws'])('what an app is told about a request over %s', (transport) => {
  it('is where it came from, when, by which door, and in which transaction', async () => {
    const seen = deferred<Received>();
    await server.app((srf) => {
      appOf(srf).message((req, res) => {
        seen.resolve(req);
        res.send(200);
      });
    });
    const peer = await server.peer(transport);
    const message = peer.request('MESSAGE', server.uri('4000'));
    message.append('Content-Type', 'text/plain');
    message.body = Buffer.from('Grüße, 你好 🙂');
    peer.send(message);
    await peer.nextResponse(200);
    const req = await seen.promise;
    expect(req).toMatchObject({
      source: 'network',
      source_address: '127.0.0.1',
      protocol: transport,
      stackDialogId: '',
      calledNumber: '4000',
      callingNumber: peer.user,
    });
    if (transport !== 'ws') expect(req.source_port).toBe(Number(peer.self.split(':')[1]));
    expect(req.stackTime).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(req.stackTxnId).toMatch(/^[0-9a-f-]{36}$/);
    expect(req.receivedOn).toBe(`127.0.0.1:${transport === 'ws' ? server.edge?.ports.ws : server.sipPort}`);
    expect(req.server.hostport).toContain(`udp/127.0.0.1:${server.sipPort}`);
    expect(req.body).toBe('Grüße, 你好 🙂');
    expect(req.get('Via')).toContain(message.topVia.branch ?? '');
  });
});

it('hands over a body of several parts untouched, and takes it apart for the app', async () => {
  const seen = deferred<Received>();
  await server.app((srf) => {
    appOf(srf).invite((req, res) => {
      seen.resolve(req);
      res.send(486);
    });
  });
  const peer = await server.peer('tcp');
  const metadata = '<?xml version="1.0"?><recording xmlns="urn:ietf:params:xml:ns:recording:1"/>';
  const body = [
    '--unique-1',
    'Content-Type: application/sdp',
    '',
    OFFER,
    '--unique-1',
    'Content-Type: application/rs-metadata+xml',
    'Content-Disposition: recording-session',
    '',
    metadata,
    '--unique-1--',
    '',
  ].join('\r\n');
  const invite = peer.invite(server.uri('siprec'), OFFER, { Require: 'siprec' });
  invite.set('Content-Type', 'multipart/mixed;boundary=unique-1');
  invite.body = Buffer.from(body);
  peer.send(invite);
  await peer.nextResponse(486);
  const req = await seen.promise;
  expect(req.body).toBe(body);
  expect(req.payload.map(({ type }) => type)).toEqual(['application/sdp', 'application/rs-metadata+xml']);
  expect(req.payload[1]?.content).toContain(metadata);
});

it('sends a request of the app to a proxy that it names, and every response back', async () => {
  const app = appOf(await server.app());
  const peer = await server.peer('udp');
  const sent = await app.request('sip:somebody@elsewhere.example', {
    method: 'OPTIONS',
    proxy: `sip:${peer.self}`,
    headers: { 'X-Probe': '1', Contact: '<sip:me@localhost>' },
  });
  const answered = finalOf(sent);
  const options = await peer.nextRequest('OPTIONS');
  expect(options.uri).toBe('sip:somebody@elsewhere.example');
  expect(options.get('X-Probe')).toBe('1');
  expect(options.contacts[0]?.uri.host).not.toBe('localhost');
  expect(sent.get('Via')).toContain(options.topVia.branch ?? 'no branch');
  const response = peer.response(options, 200);
  response.append('X-Answer', 'of the peer');
  peer.send(response);
  const final = await answered;
  expect([final.status, final.get('X-Answer'), final.source_address]).toEqual([200, 'of the peer', '127.0.0.1']);
  expect(final.source_port).toBe(Number(peer.self.split(':')[1]));
});

it('tells the app 408 when nobody answers its request', async () => {
  if (againstDrachtio) return;
  await server.close();
  server = await ServerUnderTest.start({ timers: { t1Ms: 20, t2Ms: 80 } });
  const app = appOf(await server.app());
  const peer = await server.peer('udp');
  const sent = await app.request(uriOf(peer), {
    method: 'MESSAGE',
    body: 'hi',
    headers: { 'Content-Type': 'text/plain' },
  });
  expect((await finalOf(sent)).status).toBe(408);
  expect(server.edge?.counts().sentRequests).toBe(0);
});

it('sends a request with the Call-ID of a dialog within that dialog', async () => {
  const established = deferred<void>();
  const srf = await server.app((one) => {
    const app = appOf(one);
    app.invite((req, res) => void app.createUAS(req, res, { localSdp: OFFER }).then(() => established.resolve()));
  });
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  const ok = await peer.connect(invite);
  await established.promise;
  const sent = await appOf(srf).request('sip:ignored@192.0.2.1', {
    method: 'INFO',
    headers: { 'Call-ID': invite.callId },
  });
  const info = await peer.nextRequest('INFO');
  expect([info.to.tag, info.from.tag]).toEqual([invite.from.tag, ok.to.tag]);
  const answered = finalOf(sent);
  peer.send(peer.response(info, 200));
  expect((await answered).status).toBe(200);
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

describe('digest', () => {
  it('lets an app challenge, as drachtio-mw-digest-auth does, and register whoever answers', async () => {
    const nonce = randomUUID();
    await server.app((srf) => {
      appOf(srf).register((req, res) => {
        if (!req.has('Authorization')) {
          const challenge = `Digest realm="sip.example", algorithm=MD5, qop="auth", nonce="${nonce}"`;
          return res.send(401, { headers: { 'WWW-Authenticate': challenge } });
        }
        const field = (name: string): string =>
          new RegExp(`${name}="?([^",]+)`).exec(req.get('Authorization'))?.[1] ?? '';
        const ha2 = md5(`${req.method}:${field('uri')}`);
        const ha1 = md5('ann:sip.example:secret');
        const expected = md5(`${ha1}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${ha2}`);
        if (field('response') !== expected) return res.send(403);
        res.send(200, { headers: { Contact: `${req.get('Contact')};expires=300`, Expires: '300' } });
      });
    });
    const peer = await server.peer('udp');
    const register = peer.request('REGISTER', `sip:${server.host}:${server.sipPort}`);
    peer.send(register);
    const challenged = await peer.nextResponse(401);
    const given = challenged.get('WWW-Authenticate') ?? '';
    expect(given).toContain(`nonce="${nonce}"`);
    const uri = register.uri;
    const response = md5(`${md5('ann:sip.example:secret')}:${nonce}:00000001:c:auth:${md5(`REGISTER:${uri}`)}`);
    const again = register.clone();
    again.set('Via', peer.via());
    again.set('CSeq', '2 REGISTER');
    again.append(
      'Authorization',
      `Digest username="ann", realm="sip.example", nonce="${nonce}", uri="${uri}", qop=auth, nc=00000001, cnonce="c", response="${response}"`,
    );
    peer.send(again);
    const ok = await peer.nextResponse(200);
    expect(ok.contacts[0]?.params.get('expires')).toBe('300');
  });

  it('asks the app for credentials by its callback, which sees what was challenged', async () => {
    const app = appOf(await server.app());
    const peer = await server.peer('udp');
    const asked: number[] = [];
    const auth = (_req: unknown, res: Received, give: (e: null, user: string, password: string) => void): void => {
      asked.push(res.status);
      give(null, 'acme', 'secret');
    };
    const placed = app.createUAC(uriOf(peer), { localSdp: OFFER, auth });
    const first = await peer.nextRequest('INVITE');
    const challenge = 'Digest realm="carrier", nonce="abc", qop="auth", algorithm=MD5';
    peer.send(peer.response(first, 401, undefined, [['WWW-Authenticate', challenge]]));
    const second = await peer.nextRequest('INVITE');
    expect(asked).toEqual([401]);
    expect(second.get('Authorization')).toContain('username="acme"');
    expect([second.callId, second.from.tag]).toEqual([first.callId, first.from.tag]);
    peer.send(peer.response(second, 200, OFFER));
    await placed;
  });

  it('sends several challenges as header lines of their own, in the order of the app', async () => {
    const lines = ['Digest realm="r", nonce="n", algorithm=SHA-256', 'Digest realm="r", nonce="n", algorithm=MD5'];
    await server.app((srf) => {
      appOf(srf).register((_req, res) => {
        res.send(401, { headers: { 'WWW-Authenticate': lines.join('\r\nWWW-Authenticate: ') } });
      });
    });
    const peer = await server.peer('udp');
    peer.send(peer.request('REGISTER', `sip:${server.host}:${server.sipPort}`));
    const challenged = await peer.nextResponse(401);
    expect(challenged.headers.filter(({ key }) => key === 'www-authenticate').map(({ value }) => value)).toEqual(lines);
  });
});

it('calls a phone that an app has registered by the way on which its REGISTER came', async () => {
  const registered = deferred<Received>();
  const srf = await server.app((one) => {
    appOf(one).register((req, res) => {
      res.send(200, { headers: { Contact: `${req.get('Contact')};expires=60` } });
      registered.resolve(req);
    });
  });
  const phone = await server.peer('tcp');
  phone.send(phone.request('REGISTER', `sip:${server.host}:${server.sipPort}`));
  await phone.nextResponse(200);
  const req = await registered.promise;
  const proxy = `sip:${req.source_address}:${req.source_port};transport=${req.protocol}`;
  const placed = appOf(srf).createUAC('sip:ann@10.255.255.1;transport=tcp', { localSdp: OFFER, proxy });
  const invite = await phone.nextRequest('INVITE');
  expect(invite.uri).toBe('sip:ann@10.255.255.1;transport=tcp');
  phone.send(phone.response(invite, 200, OFFER));
  await phone.nextRequest('ACK');
  const destroyed = (await placed).destroy();
  phone.send(phone.response(await phone.nextRequest('BYE'), 200));
  await destroyed;
  if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
});
