/** Registering with digest: user agents that are not ours, and one that prefers SHA-256 (RFC 7616, RFC 8760). */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { Registrar } from '../../../signaling/registrar/registrar';
import type { DigestAlgorithm } from '../../../signaling/sip/digest';
import { answerChallenge } from '../../../signaling/sip/digest';
import { parseAuth } from '../../../signaling/sip/headers/auth';
import { ha1sOf } from '../../contract/signaling/credentials';
import { ServerUnderTest, until } from '../../contract/signaling/server-under-test';
import { appOf } from '../../contract/signaling/srf-app';
import { freePort } from '../../support/free-port';
import { describeNeeding } from '../../support/tools';

const REALM = 'sip.example';

let server: ServerUnderTest;
let registrar: Registrar;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'digest-'));
});
afterEach(async () => {
  registrar.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A registrar in which only ann has an account. */
const start = async (algorithms?: readonly DigestAlgorithm[]): Promise<void> => {
  server = await ServerUnderTest.start();
  registrar = new Registrar({
    realm: REALM,
    clock: systemClock,
    log: silentLogger(),
    credentialsFor: (user) => (user === 'ann' ? ha1sOf({ user, realm: REALM, password: 'secret' }) : undefined),
    ...(algorithms ? { algorithms } : {}),
  });
  await server.app((srf) => appOf(srf).register((req, res) => registrar.handle(req as never, res as never)));
};

const REGISTER = (cseq: number, extra = ''): string =>
  [
    '<send><![CDATA[',
    'REGISTER sip:sip.example SIP/2.0',
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'From: <sip:ann@sip.example>;tag=[call_number]',
    'To: <sip:ann@sip.example>',
    'Call-ID: [call_id]',
    `CSeq: ${cseq} REGISTER`,
    'Contact: <sip:ann@[local_ip]:[local_port]>',
    `${extra}Max-Forwards: 70`,
    'Content-Length: 0',
    '',
    ']]></send>',
  ].join('\n');

const SCENARIO = [
  '<?xml version="1.0"?><scenario name="register">',
  REGISTER(1),
  '<recv response="401" auth="true"/>',
  REGISTER(2, '[authentication username=ann password=secret]\n'),
  '<recv response="200"/></scenario>',
].join('\n');

describeNeeding('sipp')('SIPp', () => {
  it('registers with what is offered by default', async () => {
    await start();
    writeFileSync(join(folder, 'register.xml'), SCENARIO);
    const target = `127.0.0.1:${server.sipPort}`;
    const args = ['-sf', 'register.xml', '-m', '1', '-i', '127.0.0.1', '-nostdin', '-timeout', '10', target];
    await new Promise<void>((resolve, reject) => {
      execFile('sipp', args, { cwd: folder, timeout: 15_000 }, (error) => (error ? reject(error) : resolve()));
    });
    expect(registrar.isRegistered('ann')).toBe(true);
  });
});

describeNeeding('baresip')('baresip', () => {
  it('registers with what is offered by default', async () => {
    await start();
    const config = [
      `sip_listen 127.0.0.1:${await freePort()}`,
      'module_path /usr/lib/baresip/modules',
      'module g711.so',
    ];
    writeFileSync(join(folder, 'config'), [...config, 'module_tmp account.so', 'module_app menu.so', ''].join('\n'));
    const outbound = `outbound="sip:127.0.0.1:${server.sipPort}"`;
    const account = `<sip:ann@${REALM}>;auth_user=ann;auth_pass=secret;${outbound};regint=60\n`;
    writeFileSync(join(folder, 'accounts'), account);
    const child = spawn('baresip', ['-f', folder, '-t', '20', '-n', '127.0.0.1'], { stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    try {
      await until(() => registrar.isRegistered('ann'));
    } finally {
      child.kill('SIGKILL');
      await gone;
    }
  });
});

it('offers what is configured, a header line each in that order, and takes the answer to any', async () => {
  await start(['SHA-256', 'MD5']);
  const phone = await server.peer('udp');
  const uri = `sip:${REALM}`;
  const register = phone.request('REGISTER', uri, { From: `<sip:ann@${REALM}>;tag=1`, To: `<sip:ann@${REALM}>` });
  phone.send(register);
  const challenged = await phone.nextResponse(401);
  const lines = challenged.headers.filter(({ key }) => key === 'www-authenticate').map(({ value }) => value);
  expect(lines.map((line) => /algorithm=([\w-]+)/.exec(line)?.[1])).toEqual(['SHA-256', 'MD5']);
  const challenge = parseAuth(lines[0] ?? '');
  if (!challenge.ok) throw new Error(challenge.fault.message);
  const question = { method: 'REGISTER', uri, body: Buffer.alloc(0), count: 1 };
  const answer = answerChallenge({ challenge: challenge.value, user: 'ann', password: 'secret', ...question });
  if (!answer.ok) throw new Error(answer.fault.message);
  const again = register.clone();
  again.set('Via', phone.via());
  again.set('CSeq', '2 REGISTER');
  again.append('Authorization', answer.value);
  phone.send(again);
  await phone.nextResponse(200);
  expect(answer.value).toContain('algorithm=SHA-256');
});

it('offers browsers MD5 alone, whatever is configured', async () => {
  await start(['SHA-256', 'MD5']);
  const browser = await server.peer('ws');
  browser.send(browser.request('REGISTER', `sip:${REALM}`));
  const challenged = await browser.nextResponse(401);
  const lines = challenged.headers.filter(({ key }) => key === 'www-authenticate').map(({ value }) => value);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('algorithm=MD5');
});
