/** The `cdr:attempt`, `cdr:start` and `cdr:stop` events of drachtio-srf. */
import type Srf from 'drachtio-srf';
import { ANSWER } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

type CdrListener = (...args: unknown[]) => void;

/** Notes each record as `event source detail method-or-status`. */
const recorder = (srf: Srf, into: string[]): void => {
  const on = srf.on.bind(srf) as (event: string, listener: CdrListener) => void;
  for (const event of ['attempt', 'start', 'stop']) {
    on(`cdr:${event}`, (...args) => {
      const [source, time, ...rest] = args as string[];
      const message = args.at(-1) as { method?: string; status?: number };
      if (!/^\d\d:\d\d:\d\d\.\d{6}$/.test(time ?? '')) into.push(`bad time ${time}`);
      const detail = rest.length > 1 ? ` ${rest[0]}` : '';
      into.push(`${event} ${source}${detail} ${message.method ?? message.status}`);
    });
  }
};

edgeOnly('records a call that we answer, from the INVITE to the BYE', async () => {
  const records: string[] = [];
  await server.app((srf) => {
    recorder(srf, records);
    srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER }));
  });
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  const ok = await peer.connect(invite);
  peer.send(peer.within(invite, ok, 'BYE'));
  await peer.nextResponse(200);
  await until(() => records.length === 3);
  expect(records).toEqual(['attempt network INVITE', 'start application uas 200', 'stop network normal-release BYE']);
});

edgeOnly('records a call that we make, and that is refused', async () => {
  const records: string[] = [];
  const srf = await server.app((app) => recorder(app, records));
  const peer = await server.peer('udp');
  const call = srf.createUAC(`sip:bob@${peer.self}`, { localSdp: ANSWER }).catch(() => undefined);
  peer.send(peer.response(await peer.nextRequest('INVITE'), 486));
  await call;
  await until(() => records.length === 2);
  expect(records).toEqual(['attempt application INVITE', 'stop network call-rejected 486']);
});

edgeOnly('records a call that the caller gives up', async () => {
  const records: string[] = [];
  await server.app((srf) => {
    recorder(srf, records);
    srf.invite((_req, res) => res.send(180));
  });
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'));
  peer.send(invite);
  await peer.nextResponse(180);
  peer.send(peer.cancelOf(invite));
  await peer.nextResponse(487);
  await until(() => records.length === 2);
  expect(records).toEqual(['attempt network INVITE', 'stop network call-canceled CANCEL']);
});

edgeOnly('records both sides of a proxied call', async () => {
  const records: string[] = [];
  const callee = await server.peer('udp');
  await server.app((srf) => {
    recorder(srf, records);
    srf.invite((req) => void srf.proxyRequest(req, `sip:bob@${callee.self}`, { remainInDialog: true }));
  });
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('4000'));
  caller.send(invite);
  callee.send(callee.response(await callee.nextRequest('INVITE'), 200, ANSWER));
  const ok = await caller.nextResponse(200);
  caller.send(caller.within(invite, ok, 'ACK'));
  caller.send(caller.within(invite, ok, 'BYE'));
  callee.send(callee.response(await callee.nextRequest('BYE'), 200));
  await until(() => records.length === 5);
  expect(records).toEqual([
    'attempt network INVITE',
    'attempt application INVITE',
    'start network proxy-uac 200',
    'start application proxy-uas 200',
    'stop network normal-release BYE',
  ]);
});
