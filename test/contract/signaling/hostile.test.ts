/** The embedded edge under more than it should take. */
import { DEFAULT_LIMITS } from '../../../signaling/edge/limits';
import { ANSWER } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
afterEach(() => server.close());

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

edgeOnly('drops what a stranger sends too much of, and says nothing', async () => {
  server = await ServerUnderTest.start({ limits: { strangers: { burst: 5, perSecond: 1 } } });
  await server.app((srf) => srf.invite((_req, res) => res.send(403)));
  const stranger = await server.peer('udp');
  for (let n = 0; n < 20; n += 1) stranger.send(stranger.invite(server.uri(`${n}`)));
  const answered = (): number => new Set(stranger.pending.map(({ callId }) => callId)).size;
  const refused = (): number =>
    new Set(stranger.pending.flatMap((one) => (one.kind === 'response' && one.status === 403 ? [one.callId] : [])))
      .size;
  await until(() => refused() === 5);
  await pause();
  expect([answered(), refused()]).toEqual([5, 5]);
});

edgeOnly('leaves alone whom an app has accepted', async () => {
  server = await ServerUnderTest.start({ limits: { strangers: { burst: 5, perSecond: 1 } } });
  await server.app((srf) => srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER })));
  const carrier = await server.peer('udp');
  carrier.send(carrier.invite(server.uri('first')));
  await carrier.nextResponse(200);
  for (let n = 0; n < 20; n += 1) carrier.send(carrier.invite(server.uri(`${n}`)));
  await until(() => server.edge?.counts().dialogs === 21);
});

edgeOnly('refuses calls with 503 while too many wait for an answer, and goes on with those', async () => {
  server = await ServerUnderTest.start({ limits: { ...DEFAULT_LIMITS, maxPendingInvites: 2 } });
  const waiting: (() => void)[] = [];
  await server.app((srf) => srf.invite((_req, res) => void waiting.push(() => res.send(200, { body: ANSWER }))));
  const caller = await server.peer('udp');
  const invites = ['1', '2', '3'].map((user) => caller.invite(server.uri(user)));
  for (const invite of invites) caller.send(invite);
  const refused = await caller.nextResponse(503);
  expect(Number(refused.get('Retry-After'))).toBeGreaterThan(1);
  expect(refused.callId).toBe(invites[2]?.callId);
  await until(() => waiting.length === 2);
  for (const answer of waiting) answer();
  await caller.nextResponse(200);
  await until(() => server.edge?.counts().dialogs === 2);
  caller.send(caller.invite(server.uri('4')));
  await until(() => waiting.length === 3);
});
