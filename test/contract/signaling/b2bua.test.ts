/** drachtio-srf's `createB2BUA` and its options, against the embedded edge or drachtio-server. */
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import type { SipPeer } from './sip-peer';
import { ANSWER, OFFER } from './sip-peer';
import { ServerUnderTest, until } from './server-under-test';
import type { Answer, App, Dialog, Received } from './srf-app';
import { appOf, deferred } from './srf-app';

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(() => server.close());

interface Legs {
  readonly uas: Dialog;
  readonly uac: Dialog;
}

/** An app that joins each call with `target`, and ends either leg with the other. */
const joining = async (target: SipPeer, options: object = {}, progress: object = {}): Promise<() => Promise<Legs>> => {
  const joined = deferred<Legs>();
  await server.app((srf) => {
    const app = appOf(srf);
    app.invite((req, res) => {
      app.createB2BUA(req, res, uriOf(target), { ...options }, progress).then(
        (legs) => {
          legs.uas.on('destroy', () => void legs.uac.destroy());
          legs.uac.on('destroy', () => void legs.uas.destroy());
          joined.resolve(legs);
        },
        () => undefined,
      );
    });
  });
  return () => joined.promise;
};

const uriOf = (peer: SipPeer): string => `sip:200@${peer.self}`;

const idle = (): Promise<void> => until(() => server.edge === undefined || server.edge.counts().dialogs === 0);

interface Connected {
  readonly invite: SipRequest;
  readonly ok: SipResponse;
  readonly legB: SipRequest;
  readonly okB: SipResponse;
}

const connect = async (caller: SipPeer, callee: SipPeer, headersB: [string, string][] = []): Promise<Connected> => {
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  const okB = callee.response(legB, 200, ANSWER, headersB);
  callee.send(okB);
  await callee.nextRequest('ACK');
  const ok = await caller.nextResponse(200);
  caller.send(caller.within(invite, ok, 'ACK'));
  return { invite, ok, legB, okB };
};

const hangUp = async (caller: SipPeer, callee: SipPeer, { invite, ok }: Connected): Promise<void> => {
  caller.send(caller.within(invite, ok, 'BYE', 9));
  await caller.nextResponse(200);
  callee.send(callee.response(await callee.nextRequest('BYE'), 200));
  await idle();
};

it('passes on the headers that it is told to, in both directions, and no others', async () => {
  const callee = await server.peer('udp');
  await joining(callee, {
    proxyRequestHeaders: ['X-Account', 'Subject'],
    proxyResponseHeaders: ['X-Agent'],
    headers: { 'X-Own': 'of the app' },
    responseHeaders: { 'X-Seen': 'yes' },
  });
  const caller = await server.peer('udp');
  const extra = { 'X-Account': '42', Subject: 'bill', 'X-Secret': 'no' };
  const invite = caller.invite(server.uri('200'), OFFER, extra);
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  expect(legB.get('X-Account')).toBe('42');
  expect(legB.get('Subject')).toBe('bill');
  expect(legB.get('X-Own')).toBe('of the app');
  expect(legB.has('X-Secret')).toBe(false);
  expect(legB.from.uri.user).toBe(caller.user);
  callee.send(
    callee.response(legB, 200, ANSWER, [
      ['X-Agent', '7'],
      ['X-Hidden', 'no'],
    ]),
  );
  await callee.nextRequest('ACK');
  const ok = await caller.nextResponse(200);
  expect([ok.get('X-Agent'), ok.get('X-Seen'), ok.get('X-Hidden')]).toEqual(['7', 'yes', undefined]);
  caller.send(caller.within(invite, ok, 'ACK'));
});

it('passes on all headers but those excepted, and never those that tie a message to its leg', async () => {
  const callee = await server.peer('udp');
  await joining(callee, { proxyRequestHeaders: ['all', '-X-Secret'] });
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'), OFFER, { 'X-Account': '42', 'X-Secret': 'no' });
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  expect(legB.get('X-Account')).toBe('42');
  expect(legB.has('X-Secret')).toBe(false);
  expect(legB.vias).toHaveLength(1);
  expect(legB.callId).not.toBe(invite.callId);
  expect(legB.getAll('Contact')).toHaveLength(1);
  callee.send(callee.response(legB, 486));
  await caller.nextResponse(486);
});

it('writes the descriptions that it is given for either leg', async () => {
  const callee = await server.peer('udp');
  const mine = OFFER.replace('40000', '41000');
  await joining(callee, {
    localSdpB: mine,
    localSdpA: (sdpB: string, res: Received) => Promise.resolve(sdpB.replace('50000', String(51_000 + res.status))),
  });
  const caller = await server.peer('udp');
  const call = await connect(caller, callee);
  expect(call.legB.body.toString()).toBe(mine);
  expect(call.ok.body.toString()).toBe(ANSWER.replace('50000', '51200'));
  await hangUp(caller, callee, call);
});

it('carries early media: the description of the 183 reaches the caller, and that of the 200 too', async () => {
  const callee = await server.peer('udp');
  await joining(callee);
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  const early = callee.response(legB, 183, ANSWER);
  callee.send(early);
  const progress = await caller.nextResponse(183);
  expect(progress.body.toString()).toBe(ANSWER);
  expect(progress.to.tag).toBeTruthy();
  const okB = callee.response(legB, 200, ANSWER);
  okB.set('To', early.get('To') ?? '');
  callee.send(okB);
  await callee.nextRequest('ACK');
  const ok = await caller.nextResponse(200);
  expect(ok.to.tag).toBe(progress.to.tag);
  expect(ok.body.toString()).toBe(ANSWER);
  caller.send(caller.within(invite, ok, 'ACK'));
});

it('keeps provisional responses to itself when told to, and tells the app of them', async () => {
  const callee = await server.peer('udp');
  const seen: number[] = [];
  await joining(
    callee,
    { passProvisionalResponses: false },
    { cbProvisional: (res: Received) => void seen.push(res.status) },
  );
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  callee.send(callee.response(legB, 180));
  await until(() => seen.includes(180));
  callee.send(callee.response(legB, 486));
  await caller.nextResponse(486);
  expect(caller.pending.map((one) => (one.kind === 'response' ? one.status : one.method))).not.toContain(180);
});

it('tries somebody else after a failure that it does not pass on', async () => {
  const first = await server.peer('udp');
  const second = await server.peer('udp');
  await server.app((srf) => {
    const app = appOf(srf);
    app.invite((req, res) => void tryBoth(app, req, res));
  });
  const tryBoth = async (app: App, req: Received, res: Answer): Promise<void> => {
    try {
      await app.createB2BUA(req, res, uriOf(first), { passFailure: false });
    } catch (error) {
      expect(error).toMatchObject({ status: 503 });
      await app.createB2BUA(req, res, uriOf(second), {}).catch(() => undefined);
    }
  };
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const one = await first.nextRequest('INVITE');
  first.send(first.response(one, 503));
  const two = await second.nextRequest('INVITE');
  second.send(second.response(two, 200, ANSWER));
  await second.nextRequest('ACK');
  const ok = await caller.nextResponse(200);
  caller.send(caller.within(invite, ok, 'ACK'));
});

it('passes a failure on with its status, its phrase and the headers asked for', async () => {
  const callee = await server.peer('udp');
  await joining(callee, { proxyResponseHeaders: ['Reason'] });
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  const refusal = callee.response(legB, 486, undefined, [['Reason', 'Q.850;cause=17']]);
  refusal.reason = 'Very Busy';
  callee.send(refusal);
  await callee.nextRequest('ACK');
  const busy = await caller.nextResponse(486);
  expect([busy.reason, busy.get('Reason')]).toEqual(['Very Busy', 'Q.850;cause=17']);
  caller.send(caller.ackOf(invite, busy));
  await idle();
});

it('passes the Reason of a CANCEL on', async () => {
  const callee = await server.peer('udp');
  await joining(callee);
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  callee.send(callee.response(legB, 180));
  await caller.nextResponse(180);
  const cancel = caller.cancelOf(invite);
  cancel.append('Reason', 'SIP;cause=200;text="Call completed elsewhere"');
  caller.send(cancel);
  await caller.nextResponse(487);
  const cancelB = await callee.takeCancel(legB);
  expect(cancelB.get('Reason')).toContain('completed elsewhere');
  await idle();
});

it('joins a call that came without an offer: offer, answer and ACK cross both legs', async () => {
  const callee = await server.peer('udp');
  await joining(callee);
  const caller = await server.peer('udp');
  const invite = caller.request('INVITE', server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  expect(legB.body).toHaveLength(0);
  callee.send(callee.response(legB, 200, OFFER));
  const ok = await caller.nextResponse(200);
  expect(ok.body.toString()).toBe(OFFER);
  const ack = caller.within(invite, ok, 'ACK');
  ack.append('Content-Type', 'application/sdp');
  ack.body = Buffer.from(ANSWER);
  caller.send(ack);
  const ackB = await callee.nextRequest('ACK');
  expect(ackB.body.toString()).toBe(ANSWER);
});

it('hands a re-INVITE of one leg to the app, which carries it to the other', async () => {
  const callee = await server.peer('udp');
  const joined = await joining(callee);
  const caller = await server.peer('udp');
  const call = await connect(caller, callee);
  const legs = await joined();
  legs.uas.on('modify', (req, res) => {
    void legs.uac.modify(req.body).then((sdp) => res.send(200, { body: String(sdp) }));
  });
  const again = caller.within(call.invite, call.ok, 'INVITE');
  again.append('Content-Type', 'application/sdp');
  again.body = Buffer.from(OFFER.replace('1 1 IN', '1 2 IN'));
  caller.send(again);
  const againB = await callee.nextRequest('INVITE');
  expect(againB.body.toString()).toBe(again.body.toString());
  callee.send(callee.response(againB, 200, ANSWER.replace('50000', '52000')));
  await callee.nextRequest('ACK');
  const answered = await caller.nextResponse(200);
  expect(answered.cseq.method).toBe('INVITE');
  expect(answered.body.toString()).toContain('52000');
  const ack = caller.within(again, answered, 'ACK');
  caller.send(ack);
  await hangUp(caller, callee, call);
});

it('holds a request back that the callee sends before the caller has acknowledged', async () => {
  const callee = await server.peer('udp');
  const infos = deferred<string>();
  await server.app((srf) => {
    const app = appOf(srf);
    app.invite((req, res) => {
      void app.createB2BUA(req, res, uriOf(callee)).then(({ uac }) => {
        uac.on('info', (info: Received, answer: Answer) => {
          infos.resolve(info.body);
          answer.send(200);
        });
      });
    });
  });
  const caller = await server.peer('udp');
  const invite = caller.invite(server.uri('200'));
  caller.send(invite);
  const legB = await callee.nextRequest('INVITE');
  const okB = callee.response(legB, 200, ANSWER);
  callee.send(okB);
  await callee.nextRequest('ACK');
  const info = callee.withinTheirs(legB, okB, { method: 'INFO', cseq: 1 });
  info.append('Content-Type', 'text/plain');
  info.body = Buffer.from('early');
  callee.send(info);
  const ok = await caller.nextResponse(200);
  caller.send(caller.within(invite, ok, 'ACK'));
  expect(await infos.promise).toBe('early');
  await callee.nextResponse(200);
});
