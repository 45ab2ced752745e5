/** Calls over IPv6, on `::1`: to an app, from an app, and through a proxying app. */
import { ANSWER, OFFER } from './sip-peer';
import type { PeerTransport, SipPeer } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';
import { appOf, deferred } from './srf-app';
import type { Dialog, Received } from './srf-app';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start({ bindAddress: '::1' });
});
afterEach(() => server.close());

const peerOn6 = (transport: PeerTransport): Promise<SipPeer> =>
  server.peer(transport, { address: '::1', port: server.sipPort, listens: false });

const uri = (user: string): string => `sip:${user}@[::1]:${server.sipPort}`;
const idle = (): Promise<void> => until(() => server.edge?.counts().dialogs === 0);

describe.each<PeerTransport>(['udp', 'tcp'])('over %s', (transport) => {
  edgeOnly('a call is answered by an app, which is told the address, and ends by BYE', async () => {
    const told = deferred<Received>();
    await server.app((srf) => {
      const app = appOf(srf);
      app.invite((req, res) => {
        told.resolve(req);
        void app.createUAS(req, res, { localSdp: ANSWER });
      });
    });
    const peer = await peerOn6(transport);
    const invite = peer.invite(uri('4000'));
    peer.send(invite);
    const ok = await peer.nextResponse(200);
    expect(ok.contacts[0]?.uri.host).toBe('[::1]');
    expect(ok.contacts[0]?.uri.port).toBe(server.sipPort);
    expect(ok.topVia.params.get('rport')).toBe(peer.self.split(']:')[1]);
    expect((await told.promise).source_address).toBe('::1');
    peer.send(peer.within(invite, ok, 'ACK'));
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await idle();
  });

  edgeOnly('an app calls, and is hung up on', async () => {
    const app = appOf(await server.app());
    const peer = await server.peer(transport, { address: '::1', port: server.sipPort, listens: true });
    const placed: Promise<Dialog> = app.createUAC(peer.contact.slice(1, -1), { localSdp: OFFER });
    const invite = await peer.nextRequest('INVITE');
    expect(invite.topVia.host).toBe('[::1]');
    expect(invite.contacts[0]?.uri.host).toBe('[::1]');
    const ok = peer.response(invite, 200, ANSWER);
    peer.send(ok);
    await peer.nextRequest('ACK');
    await placed;
    peer.send(peer.withinTheirs(invite, ok, { method: 'BYE', cseq: 1 }));
    await peer.nextResponse(200);
    await idle();
  });
});

edgeOnly('a proxied call keeps us in its way by an address of IPv6', async () => {
  const callee = await peerOn6('udp');
  await server.app((srf) => {
    const app = appOf(srf);
    app.invite((req) => void app.proxyRequest(req, `sip:${callee.self}`, { recordRoute: true }).catch(() => undefined));
  });
  const caller = await peerOn6('udp');
  const invite = caller.invite(uri('4000'));
  caller.send(invite);
  const arrived = await callee.nextRequest('INVITE');
  expect(arrived.recordRoutes[0]?.uri.host).toBe('[::1]');
  callee.send(callee.response(arrived, 200, ANSWER));
  const ok = await caller.nextResponse(200);
  caller.send(caller.within(invite, ok, 'ACK'));
  await callee.nextRequest('ACK');
  caller.send(caller.within(invite, ok, 'BYE'));
  callee.send(callee.response(await callee.nextRequest('BYE'), 200));
  await caller.nextResponse(200);
});
