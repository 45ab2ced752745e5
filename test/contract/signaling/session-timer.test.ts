/** Session timers (RFC 4028): the app writes Session-Expires, the edge keeps the promise. */
import type Srf from 'drachtio-srf';
import { SimulatedClock } from '../../../base/clock';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ANSWER, OFFER, type SipPeer } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';

let server: ServerUnderTest;
let clock: SimulatedClock;
beforeEach(async () => {
  clock = new SimulatedClock();
  server = await ServerUnderTest.start({ clock });
});
afterEach(() => server.close());

/** An app that answers with this Session-Expires. */
const answering = async (sessionExpires: string): Promise<Srf.Dialog[]> => {
  const dialogs: Srf.Dialog[] = [];
  await server.app((srf) => {
    srf.invite((req, res) => {
      const headers = { 'Session-Expires': sessionExpires, Require: 'timer' };
      void srf.createUAS(req, res, { localSdp: ANSWER, headers }).then((dialog) => dialogs.push(dialog));
    });
  });
  return dialogs;
};

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

const call = async (peer: SipPeer, allow: string): Promise<{ invite: SipRequest; ok: SipResponse }> => {
  const extra = { Supported: 'timer', 'Session-Expires': '120', Allow: allow };
  const invite = peer.invite(server.uri('4000'), OFFER, extra);
  const ok = await peer.connect(invite);
  // The simulated clock would otherwise run past the time in which the ACK may come.
  await settled();
  return { invite, ok };
};

edgeOnly('refreshes with UPDATE when half of the interval is over, as often as needed', async () => {
  const dialogs = await answering('120;refresher=uas');
  const peer = await server.peer('udp');
  await call(peer, 'INVITE, UPDATE');
  await until(() => dialogs.length === 1);
  for (const round of [1, 2]) {
    clock.advance(60_000);
    const update = await peer.nextRequest('UPDATE');
    expect(update.get('Session-Expires')).toBe('120;refresher=uac');
    expect(update.cseq.number).toBe(round);
    peer.send(peer.response(update, 200, undefined, [['Session-Expires', '120;refresher=uac']]));
    await settled();
  }
  expect(server.edge?.counts().dialogs).toBe(1);
});

edgeOnly('refreshes with an INVITE that repeats its description where UPDATE is not allowed', async () => {
  const dialogs = await answering('120;refresher=uas');
  const peer = await server.peer('udp');
  await call(peer, 'INVITE, BYE');
  await until(() => dialogs.length === 1);
  clock.advance(60_000);
  const again = await peer.nextRequest('INVITE');
  expect(again.body.toString()).toBe(ANSWER);
  peer.send(peer.response(again, 200, OFFER, [['Session-Expires', '120;refresher=uac']]));
  expect((await peer.nextRequest('ACK')).cseq.number).toBe(again.cseq.number);
});

edgeOnly('ends the call on both sides when the other side does not refresh', async () => {
  const dialogs = await answering('120;refresher=uac');
  const peer = await server.peer('udp');
  await call(peer, 'INVITE, UPDATE');
  await until(() => dialogs.length === 1);
  const ended = new Promise<string>((resolve) => {
    dialogs[0]!.on('destroy', ((_bye: unknown, reason: string) => resolve(reason)) as never);
  });
  clock.advance(87_000);
  expect(server.edge?.counts().dialogs).toBe(1);
  clock.advance(2_000);
  const bye = await peer.nextRequest('BYE');
  expect(bye.get('Reason')).toContain('Session timer expired');
  peer.send(peer.response(bye, 200));
  await ended;
});

edgeOnly('starts the interval anew with each refresh of the other side', async () => {
  const dialogs = await answering('120;refresher=uac');
  const peer = await server.peer('udp');
  const { invite, ok } = await call(peer, 'INVITE');
  await until(() => dialogs.length === 1);
  clock.advance(60_000);
  dialogs[0]!.on('modify', ((_req: unknown, res: Srf.SrfResponse) =>
    res.send(200, { body: ANSWER, headers: { 'Session-Expires': '120;refresher=uac' } })) as never);
  const again = peer.within(invite, ok, 'INVITE', 2);
  again.append('Session-Expires', '120;refresher=uac');
  again.append('Content-Type', 'application/sdp');
  again.body = Buffer.from(OFFER);
  peer.send(again);
  await peer.nextResponse(200);
  const ack = peer.within(invite, ok, 'ACK');
  ack.set('CSeq', '2 ACK');
  peer.send(ack);
  await settled();
  clock.advance(60_000);
  await settled();
  expect(server.edge?.counts().dialogs).toBe(1);
});

edgeOnly('refuses an interval under 90 s from those who know the extension', async () => {
  await answering('120;refresher=uac');
  const peer = await server.peer('udp');
  peer.send(peer.invite(server.uri('4000'), OFFER, { Supported: 'timer', 'Session-Expires': '60' }));
  expect((await peer.nextResponse(422)).get('Min-SE')).toBe('90');
});
