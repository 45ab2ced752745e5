/** Kamailio, a proxy that is not ours, as a carrier in front of the embedded edge. */
import type { Gateway } from '../../../signaling/gateway';
import { createGateway } from '../../../signaling/gateway';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ANSWER, OFFER } from '../../contract/signaling/sip-peer';
import type { SipPeer } from '../../contract/signaling/sip-peer';
import { ServerUnderTest, until } from '../../contract/signaling/server-under-test';
import type { Dialog, Received } from '../../contract/signaling/srf-app';
import { appOf, deferred } from '../../contract/signaling/srf-app';
import { freePort } from '../../support/free-port';
import { Kamailio } from '../../support/kamailio';
import type { Treatment } from '../../support/kamailio';
import { describeNeeding } from '../../support/tools';

const HELD = OFFER.replace('1 1 IN', '1 2 IN').replace('sendrecv', 'sendonly');

let server: ServerUnderTest;
let carrier: Kamailio | undefined;
let carrierPort: number;
beforeEach(async () => {
  // A Timer D of 3.2 s: the test waits until the edge has forgotten everything.
  server = await ServerUnderTest.start({ timers: { t1Ms: 50, t2Ms: 400 } });
  carrierPort = await freePort();
});
afterEach(async () => {
  await server.close();
  await carrier?.close();
  carrier = undefined;
});

/** A telephone of the carrier's network: what it sends goes to Kamailio. */
const subscriber = (): Promise<SipPeer> => server.peer('udp', { port: carrierPort });

const uriOf = (peer: SipPeer): string => `sip:${peer.user}@${peer.self}`;

const startCarrier = async (numbers: Record<string, Treatment>): Promise<Kamailio> => {
  carrier = await Kamailio.start({ port: carrierPort, numbers });
  return carrier;
};

const toEdge = (): Treatment => ({ kind: 'relay', to: `${server.host}:${server.sipPort}` });

/** What Kamailio saw, once it was this much, as "METHOD of edge" or "of subscriber", "by Route" where it had one. */
const seenBy = async (kamailio: Kamailio, count: number): Promise<string[]> => {
  await until(() => kamailio.seen.length >= count);
  return kamailio.seen.map(
    ({ method, sourcePort, hasRoute }) =>
      `${method} of ${sourcePort === server.sipPort ? 'edge' : 'subscriber'}${hasRoute ? ' by Route' : ''}`,
  );
};

const nothingLeft = (): Promise<void> => until(() => server.held().length === 0);

/** A request of the callee's within the call, by the Record-Routes of the INVITE that came. */
const routed = (peer: SipPeer, call: { invite: SipRequest; ok: SipResponse }, method: string, cseq = 1): SipRequest => {
  const request = peer.withinTheirs(call.invite, call.ok, { method, cseq });
  for (const route of call.invite.getAll('Record-Route')) request.append('Route', route);
  return request;
};

const withBody = (request: SipRequest, sdp: string): SipRequest => {
  request.append('Content-Type', 'application/sdp');
  request.body = Buffer.from(sdp);
  return request;
};

/** 180 or 200 with the tag that this callee gives itself. */
const answer = (peer: SipPeer, invite: SipRequest, status: number): SipResponse => {
  const response = peer.response(invite, status, status === 200 ? ANSWER : undefined);
  response.set('To', invite.to.withTag(peer.user).toString());
  peer.send(response);
  return response;
};

/** Its only trunk has Kamailio as its proxy. */
const gatewayBehind = ({ address }: Kamailio): Gateway =>
  createGateway({
    server: { host: server.host, port: server.controlPort, secret: server.secret },
    clock: systemClock,
    log: silentLogger(),
    trunks: [{ trunkId: 'carrier', name: 'Carrier', addresses: [], proxy: address, probe: { intervalS: 0 } }],
    registrar: { realm: 'switchroom.test', credentialsFor: () => undefined },
  });

const CALL = {
  target: { kind: 'number', number: '+4930123' },
  from: { number: '4000', displayName: 'Desk' },
  sdp: OFFER,
  ringTimeoutMs: 10_000,
} as const;

describeNeeding('kamailio')('a call in through Kamailio', () => {
  it.each(['app', 'caller'])(
    'keeps every request of both sides on its Record-Route; the %s ends it',
    async (ender) => {
      const kamailio = await startCarrier({ '4000': toEdge() });
      const answered = deferred<Dialog>();
      await server.app((srf) => {
        const app = appOf(srf);
        app.invite((req, res) => void app.createUAS(req, res, { localSdp: ANSWER }).then(answered.resolve));
      });
      const caller = await subscriber();
      const invite = caller.invite('sip:4000@carrier.example');
      caller.send(invite);
      const ok = await caller.nextResponse(200);
      expect(ok.getAll('Record-Route')).toEqual([expect.stringContaining(`<sip:${kamailio.address};`)]);
      caller.send(caller.within(invite, ok, 'ACK'));
      const dialog = await answered.promise;

      const held = dialog.modify(HELD);
      const theirs = await caller.nextRequest('INVITE');
      expect(theirs.uri).toBe(uriOf(caller));
      expect(theirs.vias).toHaveLength(2);
      caller.send(caller.response(theirs, 200, ANSWER));
      expect((await caller.nextRequest('ACK')).vias).toHaveLength(2);
      expect(await held).toBe(ANSWER);

      const modified = deferred<Received>();
      dialog.on('modify', (req, res) => {
        res.send(200, { body: ANSWER, headers: { 'Content-Type': 'application/sdp' } });
        modified.resolve(req);
      });
      const again = withBody(caller.within(invite, ok, 'INVITE'), HELD);
      caller.send(again);
      const agreed = await caller.nextResponse(200);
      expect(agreed.body.toString()).toBe(ANSWER);
      const ack = caller.within(invite, ok, 'ACK');
      ack.set('CSeq', '2 ACK');
      caller.send(ack);
      expect((await modified.promise).body).toBe(HELD);
      await seenBy(kamailio, 6);

      if (ender === 'app') {
        const over = dialog.destroy();
        const bye = await caller.nextRequest('BYE');
        expect(bye.vias).toHaveLength(2);
        caller.send(caller.response(bye, 200));
        await over;
      } else {
        const over = deferred<Received>();
        dialog.on('destroy', over.resolve);
        caller.send(caller.within(invite, ok, 'BYE', 3));
        await caller.nextResponse(200);
        await over.promise;
      }
      expect(await seenBy(kamailio, 3)).toEqual([
        'INVITE of subscriber',
        'ACK of subscriber by Route',
        'INVITE of edge by Route',
        'ACK of edge by Route',
        'INVITE of subscriber by Route',
        'ACK of subscriber by Route',
        `BYE of ${ender === 'app' ? 'edge' : 'subscriber'} by Route`,
      ]);
      await nothingLeft();
    },
    20_000,
  );
});

describeNeeding('kamailio')('a call out through Kamailio', () => {
  it.each(['us', 'callee'])(
    'of a trunk whose proxy it is, ended by %s',
    async (ender) => {
      const callee = await subscriber();
      const kamailio = await startCarrier({ '+4930123': { kind: 'relay', to: callee.self } });
      const gateway = gatewayBehind(kamailio);
      try {
        expect(await gateway.ready).toEqual({ ok: true, value: undefined });
        const placed = gateway.placeCall(CALL);
        const invite = await callee.nextRequest('INVITE');
        expect(invite.getAll('Record-Route')).toEqual([expect.stringContaining(`<sip:${kamailio.address};`)]);
        expect(invite.has('Route')).toBe(false);
        answer(callee, invite, 180);
        const ok = answer(callee, invite, 200);
        const dialog = await placed.answered;
        if (!dialog.ok) throw new Error(dialog.fault.message);
        expect(dialog.value.remoteSdp).toBe(ANSWER);
        expect((await callee.nextRequest('ACK')).vias).toHaveLength(2);
        if (ender === 'us') {
          const over = dialog.value.hangup();
          callee.send(callee.response(await callee.nextRequest('BYE'), 200));
          await over;
        } else {
          callee.send(routed(callee, { invite, ok }, 'BYE'));
          await callee.nextResponse(200);
        }
        expect(await seenBy(kamailio, 3)).toEqual([
          expect.stringMatching(/^INVITE of edge/),
          'ACK of edge by Route',
          `BYE of ${ender === 'us' ? 'edge' : 'subscriber'} by Route`,
        ]);
        await until(() => server.edge?.counts().dialogs === 0 && server.edge.counts().transactions === 0);
      } finally {
        await gateway.close();
      }
    },
    20_000,
  );
});

describeNeeding('kamailio')('Kamailio that forks', () => {
  it('rings two callees at once; the one that answers has the call, the other is cancelled', async () => {
    const [ann, bob] = [await subscriber(), await subscriber()];
    const kamailio = await startCarrier({ '123': { kind: 'fork', uris: [uriOf(ann), uriOf(bob)] } });
    const app = appOf(await server.app());
    const ringing: Received[] = [];
    const placed = app.createUAC(
      'sip:123@carrier.example',
      { localSdp: OFFER, proxy: `sip:${kamailio.address}` },
      { cbProvisional: (res: Received) => void (res.status === 180 && ringing.push(res)) },
    );
    const [toAnn, toBob] = [await ann.nextRequest('INVITE'), await bob.nextRequest('INVITE')];
    expect(toAnn.callId).toBe(toBob.callId);
    answer(ann, toAnn, 180);
    answer(bob, toBob, 180);
    await until(() => ringing.length === 2);
    const tags = ringing.map((res) => res.getParsedHeader('to').params['tag']);
    expect(tags.sort()).toEqual([ann.user, bob.user].sort());

    answer(bob, toBob, 200);
    const dialog = await placed;
    expect(dialog.sip.remoteTag).toBe(bob.user);
    expect((await bob.nextRequest('ACK')).to.tag).toBe(bob.user);
    const cancel = await ann.nextRequest('CANCEL');
    expect(cancel.callId).toBe(toAnn.callId);
    ann.send(ann.response(cancel, 200));
    answer(ann, toAnn, 487);
    await ann.nextRequest('ACK');

    const over = dialog.destroy();
    const bye = await bob.nextRequest('BYE');
    bob.send(bob.response(bye, 200));
    await over;
    expect(ann.pending.filter((one) => one.kind === 'request' && one.method === 'BYE')).toEqual([]);
    await nothingLeft();
  }, 20_000);
});

describeNeeding('kamailio')('Kamailio that redirects', () => {
  it('is a call that failed with 302 and its Contacts for createUAC', async () => {
    const contacts = ['<sip:ann@192.0.2.1>;q=0.8', '<sip:bob@192.0.2.2>;q=0.3'];
    const kamailio = await startCarrier({ '123': { kind: 'redirect', contacts } });
    const app = appOf(await server.app());
    const placed = app.createUAC('sip:123@carrier.example', { localSdp: OFFER, proxy: `sip:${kamailio.address}` });
    const failure = await placed.then(
      () => undefined,
      (error: { status: number; res: Received }) => error,
    );
    expect(failure?.status).toBe(302);
    for (const contact of contacts) expect(failure?.res.get('Contact')).toContain(contact);
    expect(await seenBy(kamailio, 2)).toEqual(['INVITE of edge', 'ACK of edge']);
    await nothingLeft();
  }, 20_000);

  it('is a call that finds no route for the gateway', async () => {
    const kamailio = await startCarrier({ '+4930123': { kind: 'redirect', contacts: ['<sip:ann@192.0.2.1>'] } });
    const gateway = gatewayBehind(kamailio);
    try {
      expect(await gateway.ready).toEqual({ ok: true, value: undefined });
      const { answered } = gateway.placeCall(CALL);
      expect(await answered).toMatchObject({ ok: false, fault: { code: 'no_route' } });
      expect(await seenBy(kamailio, 2)).toEqual([
        expect.stringMatching(/^INVITE of edge/),
        expect.stringMatching(/^ACK of edge/),
      ]);
      await until(() => server.edge?.counts().dialogs === 0 && server.edge.counts().transactions === 0);
    } finally {
      await gateway.close();
    }
  }, 20_000);

  it('is followed to its Contacts by proxyRequest, and the call goes on there', async () => {
    const [gone, callee] = [await server.peer('udp'), await server.peer('udp')];
    const contacts = [`<${uriOf(callee)}>;q=0.3`, `<${uriOf(gone)}>;q=0.8`];
    const kamailio = await startCarrier({ '123': { kind: 'redirect', contacts } });
    const target = `sip:123@${kamailio.address}`;
    await server.app((srf) => {
      const app = appOf(srf);
      app.invite((req) => void app.proxyRequest(req, target, { followRedirects: true, recordRoute: true }));
    });
    const caller = await server.peer('udp');
    const invite = caller.invite(server.uri('123'));
    caller.send(invite);
    const tried = await gone.nextRequest('INVITE');
    gone.send(gone.response(tried, 480));
    await gone.nextRequest('ACK');
    const arrived = await callee.nextRequest('INVITE');
    expect(arrived.uri).toBe(uriOf(callee));
    answer(callee, arrived, 200);
    const ok = await caller.nextResponse(200);
    expect(ok.to.tag).toBe(callee.user);
    caller.send(caller.within(invite, ok, 'ACK'));
    await callee.nextRequest('ACK');
    caller.send(caller.within(invite, ok, 'BYE'));
    callee.send(callee.response(await callee.nextRequest('BYE'), 200));
    expect((await caller.nextResponse(200)).cseq.method).toBe('BYE');
    expect(await seenBy(kamailio, 2)).toEqual(['INVITE of edge', 'ACK of edge']);
    await nothingLeft();
  }, 20_000);
});
