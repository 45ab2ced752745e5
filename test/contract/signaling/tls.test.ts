/** SIP over TLS and secure WebSocket; certificates that change under way; large requests that leave UDP for TCP. */
import { copyFileSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect, createServer } from 'node:tls';
import type Srf from 'drachtio-srf';
import { WebSocket } from 'ws';
import type { EdgeTlsOptions } from '../../../signaling/edge/edge-options';
import { TestAuthority } from '../../support/certificates';
import { ANSWER, OFFER } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let authority: TestAuthority;
const file = (name: string): string => authority.file(name);

beforeAll(() => {
  authority = new TestAuthority();
  for (const name of ['edge', 'renewed', 'peer']) authority.issue(name);
});
afterAll(() => authority.remove());

let server: ServerUnderTest;
afterEach(() => server.close());

const start = async (more: Partial<EdgeTlsOptions> = {}): Promise<void> => {
  for (const kind of ['pem', 'key']) copyFileSync(file(`edge.${kind}`), file(`current.${kind}`));
  const files = { certificateFile: file('current.pem'), keyFile: file('current.key'), caFile: file('ca.pem') };
  server = await ServerUnderTest.start({ tls: { ...files, port: 0, wssPort: 0, ...more } });
};

type Handler = (req: Srf.SrfRequest, res: Srf.SrfResponse) => void;

/** drachtio-srf has this, its types do not. */
const onOptions = (srf: Srf, handler: Handler): void =>
  (srf as unknown as { options: (handler: Handler) => void }).options(handler);

const trust = (): { ca: Buffer; host: string } => ({ ca: readFileSync(file('ca.pem')), host: '127.0.0.1' });
const identity = (): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(file('peer.pem')),
  key: readFileSync(file('peer.key')),
});

/** Opens TLS to the edge; resolves when it has the first bytes, or with the error. */
const ask = (text: string, options: object): Promise<{ answer: string; subject: string; socket: TLSSocket }> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: server.edge!.ports.tls, ...options }, () => socket.write(text));
    socket.once('data', (data) => {
      resolve({ answer: data.toString(), subject: String(socket.getPeerCertificate().subject.CN), socket });
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });

const OPTIONS = [
  'OPTIONS sip:4000@127.0.0.1 SIP/2.0',
  'Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKtls;rport',
  'From: <sip:peer@example.com>;tag=1',
  'To: <sip:4000@127.0.0.1>',
  'Call-ID: tls',
  'CSeq: 1 OPTIONS',
  'Max-Forwards: 70',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

/** An app that answers OPTIONS; the transports by which they came. */
const answering = async (): Promise<string[]> => {
  const protocols: string[] = [];
  await server.app((srf) =>
    onOptions(srf, (req, res) => {
      protocols.push(req.protocol);
      res.send(200);
    }),
  );
  return protocols;
};

edgeOnly('takes requests over TLS, and tells the app by which transport they came', async () => {
  await start();
  const protocols = await answering();
  const { answer, socket } = await ask(OPTIONS, trust());
  socket.destroy();
  expect(answer).toMatch(/^SIP\/2\.0 200 OK/);
  expect(protocols).toEqual(['tls']);
});

edgeOnly('requires a certificate of its peers where it is told to', async () => {
  await start({ requirePeerCertificate: true });
  await answering();
  await expect(ask(OPTIONS, trust())).rejects.toThrow();
  const { answer, socket } = await ask(OPTIONS, { ...trust(), ...identity() });
  socket.destroy();
  expect(answer).toMatch(/^SIP\/2\.0 200/);
});

edgeOnly(
  'takes a renewed certificate without a restart, and leaves open connections alone',
  async () => {
    await start();
    await answering();
    const before = await ask(OPTIONS, trust());
    expect(before.subject).toBe('edge');
    // Half written: the key does not fit yet.
    copyFileSync(file('renewed.pem'), file('current.pem'));
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    copyFileSync(file('renewed.key'), file('current.key'));
    let subject = '';
    for (let tries = 0; subject !== 'renewed' && tries < 30; tries += 1) {
      const { subject: seen, socket } = await ask(OPTIONS.replaceAll('tls', `again${tries}`), trust());
      socket.destroy();
      subject = seen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(subject).toBe('renewed');
    expect(before.socket.destroyed).toBe(false);
    before.socket.destroy();
  },
  15_000,
);

edgeOnly('does not start with files that do not fit together', async () => {
  await start();
  const mixed = { certificateFile: file('edge.pem'), keyFile: file('peer.key'), port: 0 };
  await expect(ServerUnderTest.start({ tls: mixed })).rejects.toThrow(/key values mismatch; check tls\.certificate/);
});

edgeOnly('calls out over TLS, and only to whom the authority vouches for', async () => {
  await start();
  const srf = await server.app();
  const requests: string[] = [];
  const callee = createServer({ ...identity(), ca: readFileSync(file('ca.pem')), requestCert: true }, (socket) =>
    socket.on('data', (data) => requests.push(data.toString())),
  );
  await new Promise<void>((resolve) => callee.listen(0, '127.0.0.1', resolve));
  const { port } = callee.address() as AddressInfo;
  void srf.createUAC(`sips:bob@127.0.0.1:${port}`, { localSdp: OFFER }).catch(() => undefined);
  await until(() => requests.length > 0);
  expect(requests[0]).toContain('Via: SIP/2.0/TLS 127.0.0.1:');
  expect(requests[0]).toContain('transport=tls');
  const foreign = new TestAuthority();
  foreign.issue('impostor');
  const unknown = { cert: readFileSync(foreign.file('impostor.pem')), key: readFileSync(foreign.file('impostor.key')) };
  const heard: string[] = [];
  const impostor = createServer(unknown, (socket) => socket.on('data', (data) => heard.push(data.toString())));
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  const { port: itsPort } = impostor.address() as AddressInfo;
  await expect(srf.createUAC(`sips:bob@127.0.0.1:${itsPort}`, { localSdp: OFFER })).rejects.toMatchObject({
    status: 503,
  });
  expect(heard).toEqual([]);
  await server.close();
  for (const each of [callee, impostor]) await new Promise<void>((resolve) => void each.close(() => resolve()));
  foreign.remove();
});

edgeOnly('takes browsers over secure WebSocket', async () => {
  await start();
  const protocols = await answering();
  const socket = new WebSocket(`wss://127.0.0.1:${server.edge!.ports.wss}`, 'sip', trust());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(OPTIONS.replace('/TLS', '/WSS'));
  const answer = await new Promise<string>((resolve) =>
    socket.once('message', (data: Buffer) => resolve(String(data))),
  );
  socket.terminate();
  expect(answer).toMatch(/^SIP\/2\.0 200/);
  expect(protocols).toEqual(['wss']);
});

describe('an edge that cannot open its secure doors', () => {
  const occupied = async (): Promise<{ port: number; letGo: () => Promise<unknown> }> => {
    const other = createTcpServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    return { port: (other.address() as AddressInfo).port, letGo: () => new Promise((done) => other.close(done)) };
  };

  edgeOnly('says which port is taken for what, and which key chooses another', async () => {
    await start();
    const { port, letGo } = await occupied();
    const again = async (more: Partial<EdgeTlsOptions>): Promise<unknown> => {
      const files = { certificateFile: file('edge.pem'), keyFile: file('edge.key') };
      return ServerUnderTest.start({ tls: { ...files, port: 0, ...more } });
    };
    await expect(again({ port })).rejects.toMatchObject({
      code: 'conflict',
      message: `TCP port ${port} for SIP over TLS on 127.0.0.1 is in use by another program; set tls.sipPort to another.`,
    });
    await expect(again({ wssPort: port })).rejects.toThrow(
      `TCP port ${port} for SIP over secure WebSocket on 127.0.0.1 is in use by another program; set tls.webSocketPort`,
    );
    await letGo();
  });

  edgeOnly('says which file it cannot read, and which keys name it', async () => {
    await start();
    const tls = { certificateFile: file('edge.pem'), keyFile: file('nobody.key'), port: 0 };
    await expect(ServerUnderTest.start({ tls })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(/nobody\.key.*; check tls\.certificate, tls\.key and tls\.ca\.$/) as string,
    });
  });
});

describe('a request too large for a datagram', () => {
  const LARGE = { headers: { 'X-Filler': 'x'.repeat(1_200) } };

  edgeOnly.each([
    { what: 'goes by TCP (RFC 3261, 18.1.1)', listens: true, transport: 'TCP' },
    { what: 'goes by UDP after all to a peer that takes no TCP', listens: false, transport: 'UDP' },
  ])('$what', async ({ listens, transport }) => {
    await start();
    const srf = await server.app();
    const callee = listens ? await server.peer('tcp', { listens }) : await server.peer('udp');
    const call = srf.createUAC(`sip:bob@${callee.self}`, { localSdp: OFFER, ...LARGE });
    const invite = await callee.nextRequest('INVITE');
    expect(invite.topVia.transport).toBe(transport);
    callee.send(callee.response(invite, 200, ANSWER));
    await callee.nextRequest('ACK');
    await call;
  });

  edgeOnly('leaves small ones alone', async () => {
    await start();
    const srf = await server.app();
    const callee = await server.peer('udp');
    let connections = 0;
    const door = createTcpServer(() => (connections += 1));
    const port = Number(callee.self.split(':')[1]);
    await new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve));
    void srf.createUAC(`sip:bob@${callee.self}`, { localSdp: OFFER }).catch(() => undefined);
    await callee.nextRequest('INVITE');
    await new Promise((resolve) => door.close(resolve));
    expect(connections).toBe(0);
  });
});
