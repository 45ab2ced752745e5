/** What an app that died in the middle of an answer or a hang-up finds when it is back, and what the other side hears. */
import type { Gateway } from '../../../signaling/gateway';
import type { IncomingInvite } from '../../../signaling/ports';
import { ACCOUNT, callFrom, endLife, openLife, REALM, settled, written } from './app-lives';
import type { Call } from './app-lives';
import { register } from './credentials';
import { openControlRelay } from './control-relay';
import { valueOf } from './gateway-bench';
import { JournaledEdge } from './journaled-edge';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';
import { describeEdge, until } from './server-under-test';

let edge: JournaledEdge;
let gateway: Gateway;
const open: Gateway[] = [];
const invites: IncomingInvite[] = [];

/** @param port of the edge, or of a relay to it. */
const startApp = async (port?: number): Promise<Gateway> => {
  const made = openLife(edge, { invites, ...(port !== undefined && { port }) });
  open.push(made);
  await settled(made);
  return made;
};

const kill = (): Promise<void> => endLife(edge, gateway);

const callIn = (peer: SipPeer, headers: Record<string, string> = {}): Promise<Call> =>
  callFrom(peer, { edge, invites, headers });

beforeEach(async () => {
  edge = await JournaledEdge.start();
  invites.length = 0;
  gateway = await startApp();
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await edge.close();
});

describeEdge('the next life of an app that died in the midst of things', () => {
  it('takes over a dialog that was written down before the answer was sent, if it was sent', async () => {
    const peer = await edge.peer('udp');
    const invite = peer.invite(edge.uri('4000'), OFFER);
    peer.send(invite);
    await until(() => invites.length > 0);
    const arrived = invites.pop()!;
    arrived.ring();
    const ahead = JSON.parse(JSON.stringify(await arrived.dialogAhead(ANSWER))) as unknown;
    void arrived.answer(ANSWER);
    const ok = await peer.nextResponse(200);
    peer.send(peer.within(invite, ok, 'ACK'));
    await kill();
    gateway = await startApp();
    const dialog = valueOf(await gateway.adopt(ahead));
    gateway.adoptionDone();
    expect(dialog.name).toMatchObject({ callId: invite.callId, localTag: ok.to.tag });
    expect(dialog).toMatchObject({ remoteSdp: OFFER, ended: undefined });
    const over = dialog.hangup();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await over;
    await until(() => edge.edge.counts().dialogs === 0 && edge.edge.counts().pendingRequests === 0);
  });

  it('does not find a dialog that was written down before the answer, if that was not sent: its caller is a new one', async () => {
    const peer = await edge.peer('udp');
    peer.send(peer.invite(edge.uri('4000'), OFFER));
    await until(() => invites.length > 0);
    const arrived = invites.pop()!;
    arrived.ring();
    const ahead = await arrived.dialogAhead(ANSWER);
    expect(ahead).toBeDefined();
    await kill();
    gateway = await startApp();
    expect(await gateway.adopt(ahead)).toMatchObject({ fault: { code: 'not_found' } });
    gateway.adoptionDone();
    await until(() => invites.length > 0);
    invites.pop()!.reject(486);
    await peer.nextResponse(486);
  });

  it('hears how a call has ended that was over just before the life before was', async () => {
    const theirs = await callIn(await edge.peer('udp'));
    theirs.peer.send(theirs.peer.within(theirs.invite, theirs.ok, 'BYE', 2));
    await theirs.peer.nextResponse(200);
    const ours = await callIn(await edge.peer('udp'));
    const over = ours.dialog.hangup();
    ours.peer.send(ours.peer.response(await ours.peer.nextRequest('BYE'), 200));
    await over;
    await kill();
    gateway = await startApp();
    expect(valueOf(await gateway.adopt(written(theirs))).ended).toMatchObject({ by: 'remote' });
    expect(valueOf(await gateway.adopt(written(ours))).ended).toEqual({ by: 'local' });
    gateway.adoptionDone();
  });

  it('hears how a call has ended meanwhile even when the life before has died of hearing it', async () => {
    const call = await callIn(await edge.peer('udp'));
    await kill();
    call.peer.send(call.peer.within(call.invite, call.ok, 'BYE', 2));
    await call.peer.nextResponse(200);
    for (let lives = 0; lives < 2; lives += 1) {
      gateway = await startApp();
      await kill();
    }
    gateway = await startApp();
    expect(valueOf(await gateway.adopt(written(call))).ended).toMatchObject({ by: 'remote' });
    gateway.adoptionDone();
  });

  /** Whose peer has hung up while the app was away, and has been answered. */
  const endedMeanwhile = async (): Promise<Call> => {
    const call = await callIn(await edge.peer('udp'));
    await kill();
    const bye = call.peer.within(call.invite, call.ok, 'BYE', 2);
    bye.set('Reason', 'Q.850;cause=16');
    call.peer.send(bye);
    await call.peer.nextResponse(200);
    return call;
  };

  it.each([1, 2])(
    'hears how a call has ended meanwhile though the edge was killed as well, times: %d',
    async (times) => {
      const call = await endedMeanwhile();
      for (let killed = 0; killed < times; killed += 1) await edge.restart();
      gateway = await startApp();
      expect(valueOf(await gateway.adopt(written(call))).ended).toEqual({ by: 'remote', reason: 'Q.850;cause=16' });
      gateway.adoptionDone();
      // It is not told again by the next edge.
      await kill();
      await edge.restart();
      gateway = await startApp();
      expect(await gateway.adopt(written(call))).toMatchObject({ fault: { code: 'not_found' } });
    },
  );

  it('hears of a BYE that the life before has not answered, though the edge was killed as well', async () => {
    await kill();
    const relay = await openControlRelay(edge.edge.ports.control);
    try {
      gateway = await startApp(relay.port);
      const call = await callIn(await edge.peer('udp'));
      relay.deafen();
      call.peer.send(call.peer.within(call.invite, call.ok, 'BYE', 2));
      await until(() => edge.edge.counts().dialogs === 0);
      await kill();
      await call.peer.nextResponse(200);
      await edge.restart();
      gateway = await startApp();
      expect(valueOf(await gateway.adopt(written(call))).ended).toMatchObject({ by: 'remote' });
    } finally {
      await relay.close();
    }
  });

  it('that comes when it is not expected any more finds no ends', async () => {
    for (const one of open.splice(0)) await one.close();
    await edge.close();
    edge = await JournaledEdge.start({ limits: { appReturnGraceMs: 2_000 } });
    gateway = await startApp();
    const { peer: other } = await callIn(await edge.peer('udp'));
    const call = await endedMeanwhile();
    // A call that nobody has hung up tells when the grace is over.
    other.send(other.response(await other.nextRequest('BYE'), 200));
    await edge.restart();
    gateway = await startApp();
    expect(await gateway.adopt(written(call))).toMatchObject({ fault: { code: 'not_found' } });
  }, 20_000);

  it.each(['by the app', 'because the app has forgotten it'])(
    'a browser that loses its connection with an unanswered BYE hears when it is back that its call was ended %s',
    async (by) => {
      const peer = await edge.peer('ws');
      await register(peer, ACCOUNT);
      const call = await callIn(peer, { From: `<sip:${ACCOUNT.user}@${REALM}>;tag=web` });
      if (by === 'by the app') void call.dialog.hangup();
      else {
        await kill();
        gateway = await startApp();
        gateway.adoptionDone();
      }
      const first = await call.peer.nextRequest('BYE');
      await call.peer.close();
      const page = await edge.peer('ws');
      // A page that comes back registers by the Contact that it had.
      await register(page, ACCOUNT, { Contact: call.peer.contact });
      const again = await page.nextRequest('BYE');
      expect([again.callId, again.cseq.number]).toEqual([first.callId, first.cseq.number]);
      page.send(page.response(again, 200));
      await until(() => edge.edge.counts().dialogs === 0);
    },
  );
});
