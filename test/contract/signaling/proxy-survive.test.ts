/** A dialog that an app has led through the edge, with Record-Route: it passes a new edge process in both directions. */
import Srf from 'drachtio-srf';
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { takenByServer } from '../../../signaling/srf/srf-client';
import type { SrfClient } from '../../../signaling/srf/srf-types';
import { JournaledEdge, SECRET } from './journaled-edge';
import { describeEdge, disconnect } from './server-under-test';
import type { PeerTransport, SipPeer } from './sip-peer';
import { ANSWER, OFFER } from './sip-peer';

let server: JournaledEdge;
let srf: Srf;

/** An app that stays in the way of each call to the callee; the embedded edge needs it for nothing after that. */
const proxyTo = async (callee: SipPeer): Promise<void> => {
  srf = new Srf();
  srf.on('error', () => undefined);
  srf.invite((req) => {
    const proxied = srf.proxyRequest(req, callee.contact.slice(1, -1), { recordRoute: true, remainInDialog: true });
    void (proxied as unknown as Promise<unknown>).catch(() => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    srf.on('connect', (error: Error | null) => (error ? reject(error) : resolve()));
    void srf.connect({ host: '127.0.0.1', port: server.edge.ports.control, secret: SECRET });
  });
  await takenByServer(srf as unknown as SrfClient);
};

interface Call {
  readonly invite: SipRequest;
  readonly arrived: SipRequest;
  /** As each of the two has it. */
  readonly answered: SipResponse;
  readonly answer: SipResponse;
}

const connectCall = async (caller: SipPeer, callee: SipPeer): Promise<Call> => {
  const invite = caller.invite(server.uri('4000'), OFFER);
  caller.send(invite);
  const arrived = await callee.nextRequest('INVITE');
  expect(arrived.getAll('Record-Route').length).toBeGreaterThan(0);
  const answer = callee.response(arrived, 200, ANSWER);
  for (const route of arrived.getAll('Record-Route')) {
    if (!answer.getAll('Record-Route').includes(route)) answer.append('Record-Route', route);
  }
  callee.send(answer);
  const answered = await caller.nextResponse(200);
  caller.send(caller.within(invite, answered, 'ACK'));
  await callee.nextRequest('ACK');
  return { invite, arrived, answered, answer };
};

/** The callee's request within the dialog, by the route that the INVITE had recorded. */
const fromCallee = (
  callee: SipPeer,
  { arrived, answer }: Call,
  order: { method: string; cseq: number },
): SipRequest => {
  const request = callee.withinTheirs(arrived, answer, order);
  for (const route of arrived.getAll('Record-Route')) request.append('Route', route);
  return request;
};

describeEdge('a proxied dialog after a kill of the edge', () => {
  beforeEach(async () => (server = await JournaledEdge.start()));
  afterEach(async () => {
    disconnect(srf);
    await server.close();
  });

  it.each<[PeerTransport, PeerTransport]>([
    ['udp', 'udp'],
    ['udp', 'tcp'],
  ])('goes on in both directions, the caller by %s, the callee by %s', async (callerBy, calleeBy) => {
    const caller = await server.peer(callerBy);
    const callee = await server.peer(calleeBy, { listens: calleeBy === 'tcp' });
    await proxyTo(callee);
    const call = await connectCall(caller, callee);
    await server.restart();
    // No app is needed, and none is there.
    disconnect(srf);

    caller.send(caller.within(call.invite, call.answered, 'INFO', 2));
    const info = await callee.nextRequest('INFO');
    expect(info.vias).toHaveLength(2);
    callee.send(callee.response(info, 200));
    expect((await caller.nextResponse(200)).cseq).toEqual({ number: 2, method: 'INFO' });

    callee.send(fromCallee(callee, call, { method: 'INFO', cseq: 7 }));
    const other = await caller.nextRequest('INFO');
    expect(other.callId).toBe(call.invite.callId);
    caller.send(caller.response(other, 200));
    expect((await callee.nextResponse(200)).cseq).toEqual({ number: 7, method: 'INFO' });

    callee.send(fromCallee(callee, call, { method: 'BYE', cseq: 8 }));
    caller.send(caller.response(await caller.nextRequest('BYE'), 200));
    expect((await callee.nextResponse(200)).cseq).toEqual({ number: 8, method: 'BYE' });
  });

  it('is still no open relay: a Route that was recorded for another call leads nowhere', async () => {
    const [caller, callee] = [await server.peer('udp'), await server.peer('udp')];
    await proxyTo(callee);
    const call = await connectCall(caller, callee);
    await server.restart();
    const forged = caller.within(call.invite, call.answered, 'INFO', 2);
    forged.set('Call-ID', 'another-call@example.com');
    caller.send(forged);
    await caller.nextResponse(481);
    expect(callee.pending).toEqual([]);
  });
});
