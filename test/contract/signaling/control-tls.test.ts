/** drachtio-srf's connection to the server over TLS, in both directions. */
import { copyFileSync, readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import Srf from 'drachtio-srf';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import { shutDown, takenByServer } from '../../../signaling/srf/srf-client';
import type { SrfClient } from '../../../signaling/srf/srf-types';
import { TestAuthority } from '../../support/certificates';
import { ANSWER } from './sip-peer';
import { edgeOnly, ServerUnderTest } from './server-under-test';

let authority: TestAuthority;
const file = (name: string): string => authority.file(name);
const identity = (name: string) => ({
  cert: readFileSync(file(`${name}.pem`)),
  key: readFileSync(file(`${name}.key`)),
});

beforeAll(() => {
  authority = new TestAuthority();
  for (const name of ['edge', 'renewed', 'app']) authority.issue(name);
});
afterAll(() => authority.remove());

let server: ServerUnderTest;
const apps: Srf[] = [];
afterEach(async () => {
  for (const srf of apps.splice(0)) shutDown(srf as unknown as SrfClient);
  await server.close();
});

const start = async (more: Partial<EdgeOptions> = {}): Promise<void> => {
  for (const kind of ['pem', 'key']) copyFileSync(file(`edge.${kind}`), file(`current.${kind}`));
  const files = { certificateFile: file('current.pem'), keyFile: file('current.key'), caFile: file('ca.pem') };
  server = await ServerUnderTest.start({ tls: { ...files, port: 0 }, controlTlsPort: 0, ...more });
};

const trust = () => ({ ca: readFileSync(file('ca.pem')) });

/** Connects by TLS; resolves when the server has let the app in. */
const secureApp = (configure: (srf: Srf) => void, tls: object): Promise<Srf> => {
  const srf = new Srf();
  apps.push(srf);
  configure(srf);
  return new Promise((resolve, reject) => {
    srf.on('error', reject);
    srf.on('connect', (error: Error | null) => {
      if (error) reject(error);
      else void takenByServer(srf as unknown as SrfClient).then(() => resolve(srf));
    });
    const options = { host: '127.0.0.1', port: server.edge!.ports.controlTls, secret: server.secret, tls };
    void srf.connect(options);
  });
};

const oneCall = async (): Promise<void> => {
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  const ok = await peer.connect(invite);
  peer.send(peer.within(invite, ok, 'BYE'));
  await peer.nextResponse(200);
};

const answer = (srf: Srf): void =>
  void srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER }).catch(() => undefined));

edgeOnly('serves an app that connects by TLS, which checks the certificate', async () => {
  await start();
  await secureApp(answer, trust());
  await oneCall();
  await expect(secureApp(answer, {})).rejects.toThrow(/certificate/);
});

edgeOnly('shows new connections the new certificate', async () => {
  await start();
  for (const kind of ['pem', 'key']) copyFileSync(file(`renewed.${kind}`), file(`current.${kind}`));
  const subject = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const port = server.edge!.ports.controlTls;
      const socket: TLSSocket = connect({ host: '127.0.0.1', port, ...trust() }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });
  for (let tries = 0; (await subject()) !== 'renewed'; tries += 1) {
    if (tries > 50) throw new Error('the new certificate was never shown');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

describe('an app that listens with TLS', () => {
  const listen = async (name: string): Promise<number> => {
    const srf = new Srf();
    apps.push(srf);
    answer(srf);
    const options = { host: '127.0.0.1', port: 0, secret: 'test-secret', tls: identity(name) };
    const door = srf.listen(options) as unknown as Server;
    await new Promise<void>((resolve) => door.once('listening', resolve));
    const { port } = door.address() as AddressInfo;
    door.unref();
    return port;
  };

  edgeOnly('is called over TLS when its certificate is valid', async () => {
    const port = await listen('app');
    await start({ requestHandlers: [{ method: '*', url: `tls://127.0.0.1:${port}` }] });
    await oneCall();
  });

  edgeOnly('is not trusted with a certificate of nobody we know, unless told so', async () => {
    const port = await listen('app');
    const url = `tls://127.0.0.1:${port}`;
    server = await ServerUnderTest.start({ requestHandlers: [{ method: '*', url }] });
    const peer = await server.peer('udp');
    peer.send(peer.invite(server.uri('4000')));
    await peer.nextResponse(480);
    await server.close();
    server = await ServerUnderTest.start({ requestHandlers: [{ method: '*', url, verifyPeer: false }] });
    await oneCall();
  });
});
