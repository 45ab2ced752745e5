/** DTLS with a program that is not ours: OpenSSL's own client and server, over UDP, and the keys that both export. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { createCertificate, fingerprintOf } from '../../media/dtls/certificate';
import { DtlsAssociation } from '../../media/dtls/dtls-association';
import { DtlsDoor } from '../../media/dtls/dtls-door';
import type { AgreedSecurity } from '../../media/srtp/packet-security';
import { freePort } from '../support/free-port';
import { until } from '../support/wait';

const OURS = createCertificate(systemClock.nowMs());
let folder: string;
let socket: Socket;
let child: ChildProcess | undefined;
let association: DtlsAssociation | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchroom-dtls-'));
});

beforeEach(async () => {
  socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
});

afterEach(async () => {
  association?.close();
  if (child?.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  socket.close();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A certificate of OpenSSL's; returns its fingerprint. */
const issue = (name: string, key: readonly string[]): string => {
  const [keyFile, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const about = ['-keyout', keyFile, '-out', file, '-days', '2', '-nodes', '-subj', `/CN=${name}`];
  execFileSync('openssl', ['req', '-x509', ...key, ...about], { stdio: 'ignore' });
  return fingerprintOf(new X509Certificate(readFileSync(file)).raw, 'sha256');
};

const openssl = (command: string, name: string, args: readonly string[]): { readonly output: () => string } => {
  let output = '';
  const exporting = ['-keymatexport', 'EXTRACTOR-dtls_srtp', '-keymatexportlen', '60'];
  const certificate = ['-cert', join(folder, `${name}.pem`), '-key', join(folder, `${name}.key`)];
  child = spawn('openssl', [command, '-dtls1_2', ...certificate, ...exporting, ...args], { stdio: 'pipe' });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += String(data)));
  return { output: () => output };
};

const associate = (role: 'client' | 'server', fingerprint: string, port?: number): { security?: AgreedSecurity } => {
  const found: { security?: AgreedSecurity; ended?: string } = {};
  let peerPort = port;
  association = new DtlsAssociation({
    role,
    certificate: OURS,
    remoteFingerprints: [{ hash: 'sha256', value: fingerprint }],
    clock: systemClock,
    send: (datagram) => peerPort !== undefined && socket.send(datagram, peerPort, '127.0.0.1'),
    onConnected: (security) => (found.security = security),
    onEnded: (reason) => (found.ended = reason),
  });
  socket.on('message', (datagram, from) => {
    peerPort = from.port;
    association?.receive(datagram);
  });
  association.start();
  return found;
};

const materialOf = ({ own, remote }: AgreedSecurity, role: 'client' | 'server'): string => {
  const [client, server] = role === 'client' ? [own, remote] : [remote, own];
  return Buffer.concat([client.key, server.key, client.salt, server.salt]).toString('hex').toUpperCase();
};

const exported = (output: string): string | undefined => /Keying material: ([0-9A-F]{120})/.exec(output)?.[1];

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const RSA = ['-newkey', 'rsa:2048'];

it('OpenSSL returns the cookie that our door asks for, and both have the same keys', async () => {
  let found: AgreedSecurity | undefined;
  const sizes: number[] = [];
  const door = new DtlsDoor({
    role: 'server',
    certificate: OURS,
    remoteFingerprints: [{ hash: 'sha256', value: issue('visitor', EC) }],
    clock: systemClock,
    send: (datagram, to) => {
      sizes.push(datagram.length);
      socket.send(datagram, to.port, to.address);
    },
    destination: () => undefined,
    isProved: () => false,
    onConnected: (security) => (found = security),
    onFailed: () => undefined,
  });
  socket.on('message', (datagram, from) => door.receive(datagram, from));
  const { output } = openssl('s_client', 'visitor', [
    '-connect',
    `127.0.0.1:${socket.address().port}`,
    '-use_srtp',
    'SRTP_AES128_CM_SHA1_80',
  ]);
  await until('the keys', () => found && exported(output()), 8000);
  expect(exported(output())).toBe(materialOf(found as unknown as AgreedSecurity, 'server'));
  expect(sizes[0]).toBeLessThan(100);
  door.close();
});

describe.each([
  ['ec', EC],
  ['rsa', RSA],
] as const)('with a peer that has an %s certificate', (name, key) => {
  it('that begins: both have the same keys', async () => {
    const found = associate('server', issue(name, key));
    const { output } = openssl('s_client', name, [
      '-connect',
      `127.0.0.1:${socket.address().port}`,
      '-use_srtp',
      'SRTP_AES128_CM_SHA1_80',
    ]);
    await until('the keys', () => found.security && exported(output()), 8000);
    expect(found.security?.suite.name).toBe('AES_CM_128_HMAC_SHA1_80');
    expect(exported(output())).toBe(materialOf(found.security as AgreedSecurity, 'server'));
  });

  it('that we begin with, after a cookie: both have the same keys', async () => {
    const fingerprint = issue(name, key);
    const port = await freePort();
    const { output } = openssl('s_server', name, [
      '-accept',
      `127.0.0.1:${port}`,
      '-listen',
      '-verify',
      '1',
      '-use_srtp',
      'SRTP_AES128_CM_SHA1_80',
    ]);
    await until('the server', () => output().includes('ACCEPT'), 8000);
    const found = associate('client', fingerprint, port);
    await until('the keys', () => found.security && exported(output()), 8000);
    expect(exported(output())).toBe(materialOf(found.security as AgreedSecurity, 'client'));
  });
});
