/** Signing and verifying callers' identities: a real HTTP service on loopback, as good, wrong and slow as it gets. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SimulatedClock, systemClock } from '../../../../base/clock';
import { IdentityService } from '../../../../signaling/trunks/identity-service';
import type { IdentitySettings } from '../../../../signaling/trunks/identity-service';

const CLAIM = { orig: '+4930100', dest: '+4930555' };
/** `undefined`: never answers. */
type Answer = { readonly status: number; readonly text: string } | undefined;

let server: Server;
let url: string;
let answer: Answer;
const asked: { path: string | undefined; type: string | undefined; body: unknown }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      asked.push({ path: `${method} ${path}`, type: headers['content-type'], body });
      if (!answer) return;
      response.writeHead(answer.status, { 'content-type': 'application/json', location: '/elsewhere' });
      response.end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void asked.splice(0));
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const replies = (body: unknown, status = 200): void => {
  answer = { status, text: typeof body === 'string' ? body : JSON.stringify(body) };
};
const service = (more: IdentitySettings = {}, clock = systemClock): IdentityService =>
  new IdentityService({ signUrl: `${url}/sign`, verifyUrl: `${url}/verify`, timeoutMs: 5_000, ...more }, clock);

describe('the signer', () => {
  it('is told who calls whom and when; its answer is the headers', async () => {
    replies({ identity: 'eyJhbGciOiJFUzI1NiJ9..sig;info=<https://x/c.pem>;alg=ES256', date: 'Tue, 14 Nov 2023' });
    const signed = await service({}, new SimulatedClock(1_700_000_000_999)).sign(CLAIM);
    expect(signed).toEqual({
      ok: true,
      value: {
        Identity: 'eyJhbGciOiJFUzI1NiJ9..sig;info=<https://x/c.pem>;alg=ES256',
        Date: 'Tue, 14 Nov 2023',
      },
    });
    expect(asked).toEqual([{ path: 'POST /sign', type: 'application/json', body: { ...CLAIM, iat: 1_700_000_000 } }]);
  });

  it.each([
    ['refuses', 403, '{}', 'answered 403'],
    ['sends elsewhere', 302, '{}', 'could not be asked'],
    ['answers no JSON', 200, '<html>', 'could not be asked'],
    ['answers no object', 200, '7', 'answered no object'],
    ['answers no header', 200, '{"identity":7}', 'no Identity header'],
    ['would add a header of its own', 200, '{"identity":"a\\r\\nX-Evil: 1"}', 'no Identity header'],
    ['says too much', 200, `{"identity":"${'x'.repeat(40_000)}"}`, 'too much'],
  ])('that %s leaves the call unsigned, and says why', async (_what, status, text, why) => {
    replies(text, status);
    expect(await service().sign(CLAIM)).toMatchObject({
      ok: false,
      fault: { code: 'unavailable', message: expect.stringContaining(why) as string },
    });
  });

  it('that says nothing is given up after the time that was set', async () => {
    answer = undefined;
    const startedMs = performance.now();
    expect(await service({ timeoutMs: 200 }).sign(CLAIM)).toMatchObject({
      ok: false,
      fault: { message: expect.stringContaining('did not answer in time') as string },
    });
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  it('decides whether calls go out without it only where the settings say so', () => {
    expect(service().sendsUnsigned).toBe(true);
    expect(service({ onUnsigned: 'refuse' }).sendsUnsigned).toBe(false);
  });
});

describe('the verifier', () => {
  const incoming = { ...CLAIM, callId: 'c1' };

  it('is told the header and the call; its verdict comes back', async () => {
    replies({ result: 'passed', attestation: 'A', extra: 1 });
    expect(await service().verify('token', incoming)).toEqual({ result: 'passed', attestation: 'A' });
    expect(asked[0]).toMatchObject({ path: 'POST /verify', body: { ...incoming, identity: 'token' } });
    replies({ result: 'failed', reason: 'stale'.repeat(100) });
    const failed = await service().verify('token', incoming);
    expect(failed).toMatchObject({ result: 'failed' });
    expect(JSON.stringify(failed).length).toBeLessThan(260);
  });

  it('is not asked about a call without the header', async () => {
    expect(await service().verify(undefined, incoming)).toEqual({ result: 'absent' });
    expect(asked).toEqual([]);
  });

  it('that fails, is silent or talks nonsense makes no verdict', async () => {
    for (const [text, status] of [
      ['{}', 500],
      ['{"result":"maybe"}', 200],
    ] as const) {
      replies(text, status);
      expect(await service().verify('token', incoming)).toMatchObject({ result: 'unavailable' });
    }
    answer = undefined;
    expect(await service({ timeoutMs: 200 }).verify('token', incoming)).toMatchObject({
      result: 'unavailable',
      reason: expect.stringContaining('in time') as string,
    });
  });

  it('refuses calls by RFC 8224 where the settings say so, and only there', () => {
    const [strict, lax] = [service({ onUnverified: 'refuse' }), service()];
    const refusals = (['passed', 'absent', 'failed', 'unavailable'] as const).map((result) => [
      strict.refusalOf({ result })?.status,
      lax.refusalOf({ result })?.status,
    ]);
    expect(refusals).toEqual([
      [undefined, undefined],
      [428, undefined],
      [438, undefined],
      [503, undefined],
    ]);
  });
});
