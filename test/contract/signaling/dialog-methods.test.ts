/** What drachtio-srf's dialogs can do, against the embedded edge or drachtio-server. */
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import type { SipPeer } from './sip-peer';
import { ANSWER, OFFER } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';
import type { App, Dialog, Received } from './srf-app';
import { appOf, deferred } from './srf-app';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

interface Call {
  readonly app: App;
  readonly dialog: Dialog;
  readonly peer: SipPeer;
  readonly invite: SipRequest;
  readonly ok: SipResponse;
}

const SENDRECV = OFFER.replace('a=sendrecv\r\n', '') + 'a=sendrecv\r\n';

/** A call of the peer, answered by an app with createUAS. */
const answered = async (): Promise<Call> => {
  const established = deferred<Dialog>();
  const srf = await server.app((one) => {
    const app = appOf(one);
    app.invite((req, res) => void app.createUAS(req, res, { localSdp: SENDRECV }).then(established.resolve));
  });
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'), SENDRECV);
  const ok = await peer.connect(invite);
  return { app: appOf(srf), dialog: await established.promise, peer, invite, ok };
};

/** A call of an app with createUAC, answered by the peer. */
const placed = async (): Promise<Call> => {
  const app = appOf(await server.app());
  const peer = await server.peer('udp');
  const dialog = app.createUAC(`sip:${peer.user}@${peer.self}`, { localSdp: SENDRECV });
  const invite = await peer.nextRequest('INVITE');
  const ok = peer.response(invite, 200, ANSWER);
  peer.send(ok);
  await peer.nextRequest('ACK');
  return { app, dialog: await dialog, peer, invite, ok };
};

const idle = (): Promise<void> => until(() => server.edge === undefined || server.edge.counts().dialogs === 0);

describe('modify', () => {
  it('puts a call on hold and takes it back', async () => {
    const { dialog, peer } = await answered();
    const held = dialog.modify('hold');
    const hold = await peer.nextRequest('INVITE');
    expect(hold.body.toString()).toContain('a=inactive');
    peer.send(peer.response(hold, 200, ANSWER));
    await peer.nextRequest('ACK');
    await held;
    expect(dialog.onHold).toBe(true);
    const back = dialog.modify('unhold');
    const unhold = await peer.nextRequest('INVITE');
    expect(unhold.body.toString()).toContain('a=sendrecv');
    expect(unhold.cseq.number).toBe(hold.cseq.number + 1);
    peer.send(peer.response(unhold, 200, ANSWER));
    await peer.nextRequest('ACK');
    await back;
  });

  edgeOnly('waits with a re-INVITE until the first one is acknowledged', async () => {
    const established = deferred<Dialog>();
    await server.app((srf) => {
      const app = appOf(srf);
      app.invite((req, res) => void app.createUAS(req, res, { localSdp: SENDRECV }).then(established.resolve));
    });
    const peer = await server.peer('udp');
    const invite = peer.invite(server.uri('4000'), SENDRECV);
    peer.send(invite);
    const ok = await peer.nextResponse(200);
    const modified = (await established.promise).modify(OFFER.replace('40000', '42000'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(peer.pending.some((one) => one.kind === 'request')).toBe(false);
    peer.send(peer.within(invite, ok, 'ACK'));
    const again = await peer.nextRequest('INVITE');
    peer.send(peer.response(again, 200, ANSWER));
    await peer.nextRequest('ACK');
    expect(await modified).toBe(ANSWER);
  });

  edgeOnly('is acknowledged again when its answer comes by itself, as after a restart of the server', async () => {
    const { dialog, peer } = await answered();
    const held = dialog.modify('hold');
    const hold = await peer.nextRequest('INVITE');
    const ok = peer.response(hold, 200, ANSWER);
    peer.send(ok);
    await peer.nextRequest('ACK');
    await held;
    const ofNobody = ok
      .toBuffer()
      .toString('latin1')
      .replace(/branch=z9hG4bK[^;\r]+/, 'branch=z9hG4bK-earlier-life');
    peer.sendRaw(ofNobody);
    expect((await peer.nextRequest('ACK')).cseq.number).toBe(hold.cseq.number);
    // Of another dialog, it means nothing.
    peer.sendRaw(ofNobody.replace(/^(To:.*;tag=)[^;\r]+/im, '$1another'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(peer.pending.filter(({ kind }) => kind === 'request')).toEqual([]);
  });

  it('asks for an offer, and lets the app answer it in the ACK', async () => {
    const { dialog, peer } = await placed();
    const asked = dialog.modify({ noAck: true }) as Promise<{ sdp: string; ack: (sdp: string) => void }>;
    const invite = await peer.nextRequest('INVITE');
    expect(invite.body).toHaveLength(0);
    peer.send(peer.response(invite, 200, OFFER));
    const offered = await asked;
    expect(offered.sdp).toBe(OFFER);
    expect(peer.pending).toHaveLength(0);
    offered.ack(ANSWER);
    expect((await peer.nextRequest('ACK')).body.toString()).toBe(ANSWER);
  });

  it('hears of a refusal with its status, and the call goes on', async () => {
    const { dialog, peer, invite, ok } = await placed();
    const refused = dialog.modify(OFFER);
    const again = await peer.nextRequest('INVITE');
    peer.send(peer.response(again, 488));
    await peer.nextRequest('ACK');
    await expect(refused).rejects.toMatchObject({ status: 488 });
    peer.send(peer.withinTheirs(invite, ok, { method: 'BYE', cseq: 1 }));
    await peer.nextResponse(200);
    await idle();
  });

  it('tells the app of hold, unhold and a refresh by the other side, which drachtio-srf answers', async () => {
    const { dialog, peer, invite, ok } = await answered();
    const events: string[] = [];
    for (const event of ['hold', 'unhold', 'refresh'] as const) dialog.on(event, () => void events.push(event));
    const reinvite = async (sdp: string, cseq: number): Promise<void> => {
      const request = peer.within(invite, ok, 'INVITE', cseq);
      request.append('Content-Type', 'application/sdp');
      request.body = Buffer.from(sdp);
      peer.send(request);
      const response = await peer.nextResponse(200);
      peer.send(peer.within(request, response, 'ACK'));
    };
    const held = SENDRECV.replace('a=sendrecv', 'a=sendonly').replace('1 1 IN', '1 2 IN');
    await reinvite(held, 2);
    await reinvite(SENDRECV.replace('1 1 IN', '1 3 IN'), 3);
    await reinvite(SENDRECV.replace('1 1 IN', '1 3 IN'), 4);
    expect(events).toEqual(['hold', 'unhold', 'refresh']);
  });
});

describe('request', () => {
  it.each(['INFO', 'MESSAGE', 'OPTIONS', 'UPDATE'])(
    'sends %s with headers and body, and hears the answer',
    async (method) => {
      const { dialog, peer, invite } = await answered();
      const asked = dialog.request({
        method,
        headers: { 'X-Why': 'test', 'Content-Type': 'text/plain' },
        body: 'hello',
      });
      const request = await peer.nextRequest(method);
      expect(request.get('X-Why')).toBe('test');
      expect(request.body.toString()).toBe('hello');
      expect(request.callId).toBe(invite.callId);
      expect(request.to.tag).toBe(invite.from.tag);
      peer.send(peer.response(request, 202));
      expect((await asked).status).toBe(202);
    },
  );

  it('answers a challenge within the dialog with the credentials given', async () => {
    const { dialog, peer } = await placed();
    const auth = { username: 'acme', password: 'secret' };
    const asked = dialog.request({ method: 'INFO', auth });
    const first = await peer.nextRequest('INFO');
    peer.send(
      peer.response(first, 407, undefined, [['Proxy-Authenticate', 'Digest realm="r", nonce="n", qop="auth"']]),
    );
    const second = await peer.nextRequest('INFO');
    expect(second.get('Proxy-Authorization')).toContain('username="acme"');
    expect(second.cseq.number).toBeGreaterThan(first.cseq.number);
    peer.send(peer.response(second, 200));
    expect((await asked).status).toBe(200);
  });

  it('has a code of its own when the dialog is over', async () => {
    const { dialog, peer, invite, ok } = await answered();
    peer.send(peer.within(invite, ok, 'BYE'));
    await peer.nextResponse(200);
    await expect(dialog.request({ method: 'INFO' })).rejects.toMatchObject({ code: 'ENODIALOG' });
    await expect(dialog.destroy()).rejects.toMatchObject({ code: 'ENODIALOG' });
  });
});

describe('refer', () => {
  it('sends a REFER, and hears of its progress by NOTIFY within the dialog', async () => {
    const { dialog, peer, invite, ok } = await placed();
    const referred = dialog.request({
      method: 'REFER',
      headers: { 'Refer-To': '<sip:300@example.com>', 'Referred-By': '<sip:100@localhost>' },
    });
    const refer = await peer.nextRequest('REFER');
    expect(refer.get('Refer-To')).toBe('<sip:300@example.com>');
    expect(refer.get('Referred-By')).not.toContain('localhost');
    expect(refer.contacts[0]?.uri.port).toBe(server.sipPort);
    peer.send(peer.response(refer, 202));
    expect((await referred).status).toBe(202);
    const states: string[] = [];
    dialog.on('notify', (req, res) => {
      states.push(`${req.get('Subscription-State')}: ${req.body.trim()}`);
      res.send(200);
    });
    for (const [cseq, state, line] of [
      [1, 'active;expires=60', 'SIP/2.0 100 Trying'],
      [2, 'terminated;reason=noresource', 'SIP/2.0 200 OK'],
    ] as const) {
      const notify = peer.withinTheirs(invite, ok, { method: 'NOTIFY', cseq });
      notify.append('Event', 'refer');
      notify.append('Subscription-State', state);
      notify.append('Contact', peer.contact);
      notify.append('Content-Type', 'message/sipfrag');
      notify.body = Buffer.from(`${line}\r\n`);
      peer.send(notify);
      await peer.nextResponse(200);
    }
    expect(states).toEqual(['active;expires=60: SIP/2.0 100 Trying', 'terminated;reason=noresource: SIP/2.0 200 OK']);
    const destroyed = dialog.destroy();
    peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    await destroyed;
    await idle();
  });

  it('takes a REFER with Replaces, and tells of its progress', async () => {
    const { dialog, peer, invite, ok } = await answered();
    const referTo = '<sip:300@192.0.2.1?Replaces=abc%3Bto-tag%3D1%3Bfrom-tag%3D2>';
    const seen = deferred<Received>();
    dialog.on('refer', (req, res) => {
      seen.resolve(req);
      res.send(202);
    });
    const refer = peer.within(invite, ok, 'REFER');
    refer.append('Refer-To', referTo);
    refer.append('Contact', peer.contact);
    peer.send(refer);
    await peer.nextResponse(202);
    expect((await seen.promise).get('Refer-To')).toBe(referTo);
    const told = dialog.request({
      method: 'NOTIFY',
      headers: { Event: 'refer', 'Subscription-State': 'terminated', 'Content-Type': 'message/sipfrag' },
      body: 'SIP/2.0 200 OK\r\n',
    });
    const notify = await peer.nextRequest('NOTIFY');
    expect(notify.body.toString()).toBe('SIP/2.0 200 OK\r\n');
    peer.send(peer.response(notify, 200));
    await told;
    expect(dialog.connected).toBe(true);
  });
});

it('hands an INVITE with Replaces to the app, which finds the dialog that is meant', async () => {
  const { app, dialog, peer, invite, ok } = await answered();
  expect(app.findDialogById(dialog.id)).toBe(dialog);
  expect(app.findDialogByCallIDAndFromTag(invite.callId, invite.from.tag ?? '')).toBe(dialog);
  const replaced = deferred<string>();
  app.use('invite', (req, _res, next) => {
    replaced.resolve(req.has('Replaces') ? req.get('Replaces') : '');
    next();
  });
  const other = await server.peer('udp');
  const replaces = `${invite.callId};to-tag=${ok.to.tag};from-tag=${invite.from.tag}`;
  const attended = other.invite(server.uri('4000'), OFFER, { Replaces: replaces, Require: 'replaces' });
  other.send(attended);
  const taken = await other.nextResponse(200);
  other.send(other.within(attended, taken, 'ACK'));
  const destroyed = dialog.destroy();
  peer.send(peer.response(await peer.nextRequest('BYE'), 200));
  await destroyed;
});

describe('ack', () => {
  it('tells the app of the ACK, with the answer to a late offer in it', async () => {
    const acked = deferred<Received>();
    await server.app((srf) => {
      const app = appOf(srf);
      app.invite((req, res) => {
        void app.createUAS(req, res, { localSdp: OFFER }).then((dialog) => dialog.on('ack', acked.resolve));
      });
    });
    const peer = await server.peer('udp');
    const invite = peer.request('INVITE', server.uri('4000'));
    peer.send(invite);
    const ok = await peer.nextResponse(200);
    expect(ok.body.toString()).toBe(OFFER);
    const ack = peer.within(invite, ok, 'ACK');
    ack.append('Content-Type', 'application/sdp');
    ack.body = Buffer.from(ANSWER);
    peer.send(ack);
    expect((await acked.promise).body).toBe(ANSWER);
  });
});
