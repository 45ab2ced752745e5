/** Identity headers on the wire: calls signed and verified by an HTTP service on loopback, as the trunk's policy says. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { IncomingInvite, OutgoingCall } from '../../../signaling/ports';
import type { IdentitySettings } from '../../../signaling/trunks/identity-service';
import { ServerUnderTest, until } from './server-under-test';
import type { SipPeer } from './sip-peer';
import { ANSWER, OFFER } from './sip-peer';

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9..c2ln;info=<https://carrier.example/c.pem>;alg=ES256;ppt=shaken';
let server: ServerUnderTest;
let gateway: Gateway;
let carrier: SipPeer;
let service: Server;
let url: string;
/** What the service answers; undefined is silence. */
let answer: object | undefined;
const asked: unknown[] = [];
const invites: IncomingInvite[] = [];

beforeAll(async () => {
  service = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (answer) response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

beforeEach(async () => {
  asked.length = 0;
  invites.length = 0;
  server = await ServerUnderTest.start();
  carrier = await server.peer('udp');
});
afterEach(async () => {
  await gateway.close();
  await server.close();
});

const start = async (policy: IdentitySettings): Promise<void> => {
  gateway = createGateway({
    server: { host: server.host, port: server.controlPort, secret: server.secret },
    clock: systemClock,
    log: silentLogger(),
    identity: { signUrl: url, verifyUrl: url, timeoutMs: answer ? 5_000 : 200, ...policy },
    trunks: [
      {
        ...{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'], proxy: carrier.self },
        ...{ callerId: '+4930100', probe: { intervalS: 0 }, signIdentity: true, verifyIdentity: true },
      },
    ],
    registrar: { realm: 'switchroom.test', credentialsFor: () => undefined },
  });
  gateway.onIncoming((invite) => invites.push(invite));
  expect(await gateway.ready).toEqual({ ok: true, value: undefined });
};

const dial = (): OutgoingCall =>
  gateway.placeCall({
    target: { kind: 'number', number: '+4930555' },
    from: { number: '4000' },
    sdp: OFFER,
    ringTimeoutMs: 5_000,
  });

describe('a call that goes out', () => {
  it('bears the signer’s headers, which were made for the number that is shown', async () => {
    answer = { identity: TOKEN, date: 'Tue, 14 Nov 2023 22:13:20 GMT' };
    await start({});
    const call = dial();
    const invite = await carrier.nextRequest('INVITE');
    expect(invite.get('Identity')).toBe(TOKEN);
    expect(invite.get('Date')).toBe('Tue, 14 Nov 2023 22:13:20 GMT');
    expect(asked).toEqual([{ orig: '+4930100', dest: '+4930555', iat: expect.any(Number) as number }]);
    carrier.send(carrier.response(invite, 200, ANSWER));
    expect((await call.answered).ok).toBe(true);
  });

  it('goes unsigned when the signer is silent, or is not sent at all: as the policy says', async () => {
    answer = undefined;
    await start({});
    dial();
    const invite = await carrier.nextRequest('INVITE');
    expect(invite.get('Identity')).toBeUndefined();
    carrier.send(carrier.response(invite, 486));
    await carrier.nextRequest('ACK');
    await gateway.close();
    await start({ onUnsigned: 'refuse' });
    expect(await dial().answered).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
    expect(carrier.pending).toEqual([]);
  });
});

describe('a call that comes in', () => {
  const ring = (headers: Record<string, string> = {}): void => {
    carrier.send(carrier.invite(`sip:+4930100@${server.host}:${server.sipPort}`, OFFER, headers));
  };

  it('shows the verdict to the application', async () => {
    answer = { result: 'passed', attestation: 'A' };
    await start({ onUnverified: 'refuse' });
    ring({ Identity: TOKEN });
    await until(() => invites.length === 1);
    expect(invites[0]?.identity).toEqual({ result: 'passed', attestation: 'A' });
    expect(asked[0]).toMatchObject({ identity: TOKEN, orig: carrier.user, dest: '+4930100' });
  });

  it.each([
    [428, undefined, { result: 'passed' }],
    [438, TOKEN, { result: 'failed', reason: 'bad signature' }],
    [503, TOKEN, undefined],
  ] as const)('is refused with %i by a strict policy', async (status, identity, verdict) => {
    answer = verdict;
    await start({ onUnverified: 'refuse' });
    ring(identity === undefined ? {} : { Identity: identity });
    expect((await carrier.nextResponse(status)).status).toBe(status);
    expect(invites).toEqual([]);
  });

  it('that failed is let in by a lax policy, with its verdict', async () => {
    answer = { result: 'failed', reason: 'bad signature' };
    await start({});
    ring({ Identity: TOKEN });
    await until(() => invites.length === 1);
    expect(invites[0]?.identity).toEqual({ result: 'failed', reason: 'bad signature' });
  });
});
