/**
 * Calls that had no answer yet when the edge was killed, by transports whose connections end with it: nobody rings for
 * ever, and the caller gets a final answer. And a trunk's limit, which counts the calls that go on.
 */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { Result } from '../../../base/result';
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import type { IncomingInvite, OutgoingCall, SipDialog } from '../../../signaling/ports';
import { ha1sOf, register } from './credentials';
import { valueOf } from './gateway-bench';
import { JournaledEdge, SECRET } from './journaled-edge';
import { describeEdge, until } from './server-under-test';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';

const REALM = 'switchroom.test';
const AGENT = 'agent1';
const PASSWORD = 'correct horse';

let server: JournaledEdge;
let gateway: Gateway;
const invites: IncomingInvite[] = [];

const credentialsFor = (user: string, realm: string) =>
  user === AGENT ? ha1sOf({ user, realm, password: PASSWORD }) : undefined;

const ringing = (uri: string): OutgoingCall =>
  gateway.placeCall({
    target: { kind: 'contact', uri },
    from: { number: '4711' },
    sdp: OFFER,
    ringTimeoutMs: 60_000,
  });

/** Registers the page by this Contact, as one does that has lost its connection. */
const registerPage = async (page: SipPeer, contact: string): Promise<void> => {
  await register(page, { user: AGENT, realm: REALM, password: PASSWORD }, { Contact: contact });
};

describeEdge('a kill of the edge', () => {
  beforeEach(async () => {
    invites.length = 0;
    server = await JournaledEdge.start();
    gateway = createGateway({
      server: { host: '127.0.0.1', port: server.edge.ports.control, secret: SECRET },
      clock: systemClock,
      log: silentLogger(),
      trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: ['127.0.0.0/8'], limits: { calls: 1 } }],
      registrar: { realm: REALM, credentialsFor },
      serverGraceMs: 5_000,
    });
    gateway.onIncoming((invite) => invites.push(invite));
    await gateway.ready;
  });

  afterEach(async () => {
    await gateway.close();
    await server.close();
  });

  it('ends an INVITE that came by TCP with 503, at the address and the port of its Via', async () => {
    const door = await server.peer('tcp', { listens: true });
    const caller = await server.peer('tcp');
    const invite = caller.invite(server.uri('4000'), OFFER);
    invite.set('Via', door.via());
    caller.send(invite);
    await until(() => invites.length > 0);
    const lost: string[] = [];
    invites[0]?.onCancelled((reason) => lost.push(reason));
    invites[0]?.ring(180);
    await caller.nextResponse(180);
    await server.restart();
    const refused = await door.nextResponse(503);
    expect(refused.callId).toBe(invite.callId);
    expect(refused.topVia.branch).toBe(invite.topVia.branch);
    expect(Number(refused.get('Retry-After'))).toBeGreaterThan(0);
    await until(() => lost.length > 0);
    expect(lost).toEqual(['connection_lost']);
    // It is not a new call for the app as well.
    expect(invites).toHaveLength(1);
  }, 20_000);

  it('ends a browser’s INVITE with 503 when the browser is back, even after a second kill', async () => {
    const page = await server.peer('ws');
    await registerPage(page, page.contact);
    page.send(page.invite(server.uri('4000'), OFFER, { From: `<sip:${AGENT}@${REALM}>;tag=i` }));
    await until(() => invites.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.restart();
    await until(() => gateway.connected);
    await server.restart();
    await until(() => gateway.connected);
    const again = await server.peer('ws');
    await registerPage(again, page.contact);
    await again.nextResponse(503);
  }, 20_000);

  it('takes a ringing INVITE back from a phone on TCP, and hangs up when it is answered all the same', async () => {
    const phone = await server.peer('tcp', { listens: true });
    const placed = ringing(phone.contact.slice(1, -1));
    const invite = await phone.nextRequest('INVITE');
    phone.send(phone.response(invite, 180));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.restart();
    expect(await placed.answered).toMatchObject({ fault: { code: 'unavailable' } });
    const cancel = await phone.nextRequest('CANCEL');
    expect(cancel.topVia.toString()).toBe(invite.topVia.toString());
    phone.send(phone.response(invite, 200, ANSWER));
    await phone.nextRequest('ACK');
    phone.send(phone.response(await phone.nextRequest('BYE'), 200));
  }, 20_000);

  it('stops a browser’s ringing when the browser is back, even after a second kill, and once', async () => {
    const page = await server.peer('ws');
    await registerPage(page, page.contact);
    const placed = ringing(page.contact.slice(1, -1));
    const invite = await page.nextRequest('INVITE');
    page.send(page.response(invite, 180));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.restart();
    expect(await placed.answered).toMatchObject({ ok: false });
    await until(() => gateway.connected);
    // Once more, before the browser is there.
    await server.restart();
    await until(() => gateway.connected);
    const again = await server.peer('ws');
    await registerPage(again, page.contact);
    const cancel = await again.nextRequest('CANCEL');
    expect(cancel.topVia.branch).toBe(invite.topVia.branch);
    again.send(again.response(cancel, 200));
    again.send(again.response(invite, 487));
    await again.nextRequest('ACK');
    // Nothing is owed any more.
    await server.restart();
    await until(() => gateway.connected);
    const third = await server.peer('ws');
    await registerPage(third, page.contact);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(third.pending).toEqual([]);
  }, 20_000);

  it('frees no place in a trunk for the calls that go on', async () => {
    const caller = await server.peer('udp');
    const invite = caller.invite(server.uri('4000'), OFFER);
    caller.send(invite);
    await until(() => invites.length > 0);
    const answering = invites[0]?.answer(ANSWER);
    const answered = await caller.nextResponse(200);
    caller.send(caller.within(invite, answered, 'ACK'));
    valueOf((await answering) as Result<SipDialog>);
    await server.restart();
    await until(() => gateway.connected);
    await new Promise((resolve) => setTimeout(resolve, 100));
    caller.send(caller.invite(server.uri('4000'), OFFER));
    expect(Number((await caller.nextResponse(503)).get('Retry-After'))).toBeGreaterThan(0);
    caller.send(caller.within(invite, answered, 'BYE'));
    await caller.nextResponse(200);
    await until(() => gateway.trunks.line('carrier')?.calls.inbound === 0);
    caller.send(caller.invite(server.uri('4000'), OFFER));
    await until(() => invites.length === 2);
  }, 20_000);
});
