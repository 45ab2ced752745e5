/** drachtio-srf as the answering side, against the embedded edge or drachtio-server. */
import type Srf from 'drachtio-srf';
import { ANSWER, OFFER } from './sip-peer';
import type { PeerTransport } from './sip-peer';
import { ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

const answering = (srf: Srf): Promise<Srf.Dialog> =>
  new Promise((resolve, reject) => {
    srf.invite((req, res) => {
      srf.createUAS(req, res, { localSdp: ANSWER }).then(resolve, reject);
    });
  });

describe.each<PeerTransport>(['udp', 'tcp', 'ws'])('createUAS over %s', (transport) => {
  it('answers 100, then 200 with its own Contact and SDP, and ends by BYE of the caller', async () => {
    let dialog: Promise<Srf.Dialog> | undefined;
    await server.app((srf) => {
      dialog = answering(srf);
    });
    const peer = await server.peer(transport);
    const invite = peer.invite(server.uri('4000'));
    peer.send(invite);
    await peer.nextResponse(100);
    const ok = await peer.nextResponse(200);
    expect(ok.body.toString()).toBe(ANSWER);
    expect(ok.contacts[0]?.uri.host).toBe(server.host);
    expect(ok.to.tag).toBeTruthy();
    peer.send(peer.within(invite, ok, 'ACK'));
    const answered = await dialog!;
    expect(answered.remote.sdp).toBe(OFFER);
    const ended = new Promise((resolve) => answered.on('destroy', resolve));
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await ended;
    if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
  });

  it('ends by BYE of the app', async () => {
    let dialog: Promise<Srf.Dialog> | undefined;
    await server.app((srf) => {
      dialog = answering(srf);
    });
    const peer = await server.peer(transport);
    const invite = peer.invite(server.uri('4000'));
    await peer.connect(invite);
    const answered = await dialog!;
    const destroyed = answered.destroy({ headers: { Reason: 'SIP;cause=200;text="done"' } });
    const bye = await peer.nextRequest('BYE');
    expect(bye.get('Reason')).toContain('done');
    expect(bye.to.tag).toBe(invite.from.tag);
    peer.send(peer.response(bye, 200));
    await destroyed;
    if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
  });
});
