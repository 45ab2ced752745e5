/** Reliable provisional responses and PRACK (RFC 3262), as callee and as caller, with drachtio-srf. */
import type Srf from 'drachtio-srf';
import type { EdgeOptions } from '../../../signaling/edge/edge-options';
import { DEFAULT_LIMITS } from '../../../signaling/edge/limits';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { ANSWER, OFFER, type SipPeer } from './sip-peer';
import { edgeOnly, ServerUnderTest, until } from './server-under-test';
import { appOf } from './srf-app';

let server: ServerUnderTest;
const start = async (options: Partial<EdgeOptions> = {}): Promise<void> => {
  server = await ServerUnderTest.start(options);
};
afterEach(() => server.close());

const FAST: Partial<EdgeOptions> = { timers: { t1Ms: 20, t2Ms: 80 } };

const RELIABLE = { headers: { Require: '100rel' } };

interface Answering {
  readonly errors: unknown[];
  readonly pracks: string[];
}

/** An app that answers 183 with SDP reliably, and then 200 at once without waiting for the PRACK. */
const answering = async (finally200 = true): Promise<Answering> => {
  const told: Answering = { errors: [], pracks: [] };
  await server.app((srf) => {
    srf.invite((_req, res) => {
      const send = res.send.bind(res) as unknown as (...args: unknown[]) => void;
      send(
        183,
        { ...RELIABLE, body: ANSWER },
        (error: unknown) => {
          if (error) told.errors.push(error);
          else if (finally200) res.send(200, { body: ANSWER });
        },
        (prack: Srf.SrfRequest) => told.pracks.push(prack.get('RAck')),
      );
    });
  });
  return told;
};

const prackFor = (peer: SipPeer, invite: SipRequest, response: SipResponse, cseq = 2): SipRequest => {
  const prack = peer.within(invite, response, 'PRACK', cseq);
  prack.append('RAck', `${response.get('RSeq')} ${invite.get('CSeq')}`);
  return prack;
};

it('repeats a reliable response until its PRACK comes, and only then sends the 200', async () => {
  await start(FAST);
  const told = await answering();
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'), OFFER, { Supported: '100rel' });
  peer.send(invite);
  const first = await peer.nextResponse(183);
  const second = await peer.nextResponse(183);
  expect(Number(first.get('RSeq'))).toBeGreaterThan(0);
  expect(second.get('RSeq')).toBe(first.get('RSeq'));
  expect(first.get('Require')).toBe('100rel');
  expect(peer.pending.some((one) => one.kind === 'response' && one.status === 200)).toBe(false);
  peer.send(prackFor(peer, invite, first));
  expect((await peer.nextResponse(200)).cseq.method).toBe('PRACK');
  const ok = await peer.nextResponse(200);
  expect(ok.cseq.method).toBe('INVITE');
  expect(ok.to.tag).toBe(first.to.tag);
  peer.send(peer.within(invite, ok, 'ACK'));
  await until(() => told.pracks.length === 1);
  expect(told).toEqual({ errors: [], pracks: [`${first.get('RSeq')} 1 INVITE`] });
});

it('lets the app answer the offer in a PRACK, before the 200 that waits for it', async () => {
  await start(FAST);
  const answers: string[] = [];
  await server.app((srf) => {
    const app = appOf(srf);
    app.prack((req, res) => {
      answers.push(req.body);
      res.send(200, { body: ANSWER.replace('50000', '52000') });
    });
    app.invite((_req, res) => {
      const early = { headers: { Require: '100rel' }, body: OFFER };
      res.send(183, early, () => res.send(200, { body: OFFER }));
    });
  });
  const peer = await server.peer('udp');
  const invite = peer.request('INVITE', server.uri('4000'), { Supported: '100rel' });
  peer.send(invite);
  const early = await peer.nextResponse(183);
  const prack = prackFor(peer, invite, early);
  prack.append('Content-Type', 'application/sdp');
  prack.body = Buffer.from(ANSWER);
  peer.send(prack);
  const first = await peer.nextResponse(200);
  expect([first.cseq.method, first.body.toString()]).toEqual(['PRACK', ANSWER.replace('50000', '52000')]);
  const ok = await peer.nextResponse(200);
  expect(ok.cseq.method).toBe('INVITE');
  expect(answers).toEqual([ANSWER]);
  peer.send(peer.within(invite, ok, 'ACK'));
});

edgeOnly('answers 500 for an app that leaves the offer in a PRACK unanswered, and goes on with the call', async () => {
  await start({ ...FAST, limits: { ...DEFAULT_LIMITS, answerTimeoutMs: 100 } });
  await server.app((srf) => {
    const app = appOf(srf);
    app.prack(() => undefined);
    app.invite((_req, res) => {
      res.send(183, { headers: { Require: '100rel' }, body: OFFER }, () => res.send(200, { body: OFFER }));
    });
  });
  const peer = await server.peer('udp');
  const invite = peer.request('INVITE', server.uri('4000'), { Supported: '100rel' });
  peer.send(invite);
  const prack = prackFor(peer, invite, await peer.nextResponse(183));
  prack.append('Content-Type', 'application/sdp');
  prack.body = Buffer.from(ANSWER);
  peer.send(prack);
  expect((await peer.nextResponse(500)).cseq.method).toBe('PRACK');
  const ok = await peer.nextResponse(200);
  peer.send(peer.within(invite, ok, 'ACK'));
});

it('takes an INVITE that requires 100rel', async () => {
  await start();
  await answering();
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'), OFFER, { Require: '100rel' });
  peer.send(invite);
  const ringing = await peer.nextResponse(183);
  peer.send(prackFor(peer, invite, ringing));
  await peer.nextResponse(200);
});

edgeOnly('refuses a PRACK that acknowledges nothing with 481', async () => {
  await start();
  await answering(false);
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'), OFFER, { Supported: '100rel' });
  peer.send(invite);
  const ringing = await peer.nextResponse(183);
  const wrong = prackFor(peer, invite, ringing);
  wrong.set('RAck', `${Number(ringing.get('RSeq')) + 1} 1 INVITE`);
  peer.send(wrong);
  expect((await peer.nextResponse(481)).cseq.method).toBe('PRACK');
  peer.send(prackFor(peer, invite, ringing, 3));
  await peer.nextResponse(200);
  peer.send(prackFor(peer, invite, ringing, 4));
  await peer.nextResponse(481);
});

edgeOnly(
  'numbers reliable responses one after the other, and sends the second after the PRACK of the first',
  async () => {
    await start();
    await server.app((srf) => {
      srf.invite((_req, res) => {
        res.send(180, RELIABLE);
        res.send(183, RELIABLE);
      });
    });
    const peer = await server.peer('udp');
    const invite = peer.invite(server.uri('4000'), OFFER, { Supported: '100rel' });
    peer.send(invite);
    const first = await peer.nextResponse(180);
    expect(peer.pending.some((one) => one.kind === 'response' && one.status === 183)).toBe(false);
    peer.send(prackFor(peer, invite, first));
    const second = await peer.nextResponse(183);
    expect(Number(second.get('RSeq'))).toBe(Number(first.get('RSeq')) + 1);
  },
);

edgeOnly('refuses the call with 504 when nobody sends PRACK', async () => {
  await start({ timers: { t1Ms: 5, t2Ms: 20 } });
  await answering(false);
  const peer = await server.peer('udp');
  const invite = peer.invite(server.uri('4000'), OFFER, { Supported: '100rel' });
  peer.send(invite);
  const refused = await peer.nextResponse(504);
  peer.send(peer.ackOf(invite, refused));
  await until(() => server.edge?.counts().dialogs === 0);
});

it('tells the app when the caller cannot acknowledge', async () => {
  await start();
  const told = await answering();
  const peer = await server.peer('udp');
  peer.send(peer.invite(server.uri('4000')));
  await until(() => told.errors.length === 1);
  expect(String(told.errors[0])).toContain('does not support 100rel');
});

it('as caller sends PRACK for a reliable response, once however often it is repeated', async () => {
  await start();
  const srf = await server.app();
  const peer = await server.peer('udp');
  const provisional: number[] = [];
  const call = srf.createUAC(
    `sip:${peer.user}@${peer.self}`,
    { localSdp: OFFER, headers: { Supported: '100rel' } },
    {
      cbProvisional: (res: Srf.SrfResponse) => provisional.push(res.status),
    },
  );
  const invite = await peer.nextRequest('INVITE');
  const ringing = peer.response(invite, 183, ANSWER, [
    ['Require', '100rel'],
    ['RSeq', '4711'],
  ]);
  peer.send(ringing);
  peer.send(ringing);
  const prack = await peer.nextRequest('PRACK');
  expect(prack.get('RAck')).toBe(`4711 ${invite.get('CSeq')}`);
  expect(prack.to.tag).toBe(ringing.to.tag);
  expect(prack.cseq.number).toBe(invite.cseq.number + 1);
  peer.send(peer.response(prack, 200));
  const answer = peer.response(invite, 200, ANSWER);
  answer.set('To', ringing.get('To') ?? '');
  peer.send(answer);
  const ack = await peer.nextRequest('ACK');
  expect(ack.cseq.number).toBe(invite.cseq.number);
  await call;
  expect(provisional).toEqual([183]);
  expect(peer.pending.filter((one) => one.kind === 'request' && one.method === 'PRACK')).toHaveLength(0);
});
