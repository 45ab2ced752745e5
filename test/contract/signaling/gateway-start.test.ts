/** The gateway's start: a server that does not answer, and one that refuses. */
import { SimulatedClock, systemClock } from '../../../base/clock';
import { createLogger } from '../../../base/log';
import { startEdge } from '../../../signaling/edge/server';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import { freePort } from '../../support/free-port';
import { pause } from '../../support/wait';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

const NOBODY = { realm: 'switchroom.test', credentialsFor: () => undefined };

let gateway: Gateway;
let server: ServerUnderTest | undefined;

afterEach(async () => {
  await gateway.close();
  await server?.close();
});

it('says within 15 s which server does not answer, and lets it in when it comes later', async () => {
  const clock = new SimulatedClock();
  const port = await freePort();
  gateway = createGateway({
    server: { host: '127.0.0.1', port, secret: 'late' },
    clock,
    log: createLogger('app', 'silent'),
    trunks: [],
    registrar: NOBODY,
  });
  await pause(50);
  clock.advance(15_000);
  const admitted = await gateway.ready;
  expect(admitted).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
  expect(JSON.stringify(admitted)).toContain(`the SIP server at 127.0.0.1:${port} has not answered within 15 s`);
  expect(clock.pendingTimers).toBe(0);
  const late = await startEdge({
    bindAddress: '127.0.0.1',
    sipPort: 0,
    wsPort: 0,
    controlPort: port,
    secret: 'late',
    clock: systemClock,
    log: createLogger('edge', 'silent'),
  });
  await until(() => gateway.connected);
  await late.close();
});

edgeOnly('says so when the server refuses the secret', async () => {
  server = await ServerUnderTest.start();
  const { host, controlPort } = server;
  gateway = createGateway({
    server: { host, port: controlPort, secret: 'wrong' },
    clock: systemClock,
    log: createLogger('app', 'silent'),
    trunks: [],
    registrar: NOBODY,
  });
  expect(await gateway.ready).toMatchObject({ ok: false, fault: { code: 'unauthenticated' } });
});
