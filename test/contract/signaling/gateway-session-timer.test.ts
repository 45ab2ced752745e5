/** Session timers of our own calls (RFC 4028): what the gateway agrees to, and keeps agreeing to. */
import type { SipRequest, SipResponse } from '../../../signaling/sip/message';
import { GatewayBench } from './gateway-bench';
import type { Conversation } from './gateway-bench';
import { ANSWER, OFFER } from './sip-peer';
import type { SipPeer } from './sip-peer';

let bench: GatewayBench;
let peer: SipPeer;

beforeEach(async () => {
  bench = await GatewayBench.start();
  ({ peer } = bench);
});
afterEach(() => bench.close());

const callIn = async (headers: Record<string, string>): Promise<Conversation> => {
  const called = await bench.callIn(headers);
  called.dialog.onReinvite(() => Promise.resolve({ ok: true, value: ANSWER }));
  return called;
};

const agreedIn = (message: SipRequest | SipResponse): (string | undefined)[] =>
  ['Session-Expires', 'Require', 'Supported'].map((name) => message.get(name));

it.each<[string, Record<string, string>, (string | undefined)[]]>([
  ['nothing with whoever knows none', {}, [undefined, undefined]],
  ['an interval with whoever knows timers', { Supported: '100rel, timer' }, ['1800;refresher=uas', 'timer']],
  [
    'what was asked for, and who refreshes',
    { Supported: 'timer', 'Session-Expires': '600;refresher=uac' },
    ['600;refresher=uac', 'timer'],
  ],
  [
    'no longer than half an hour, but what a proxy wants at least',
    { Supported: 'timer', 'Session-Expires': '7200', 'Min-SE': '3600' },
    ['3600;refresher=uas', 'timer'],
  ],
  [
    'what a proxy asks for on behalf of a caller who knows none',
    { 'Session-Expires': '600;refresher=uac' },
    ['600;refresher=uas', undefined],
  ],
])('agrees on %s', async (_, asked, agreed) => {
  const { answer } = await callIn(asked);
  expect(agreedIn(answer).slice(0, 2)).toEqual(agreed);
});

it('goes on as agreed when we change the call, and when the other side refreshes it', async () => {
  const { dialog, invite, answer } = await callIn({ Supported: 'timer', 'Session-Expires': '600;refresher=uas' });
  const changed = dialog.modify(OFFER);
  const ours = await peer.nextRequest('INVITE');
  expect(agreedIn(ours)).toEqual(['600;refresher=uac', undefined, 'timer']);
  peer.send(peer.response(ours, 200, ANSWER, [['Session-Expires', '400;refresher=uac']]));
  await peer.nextRequest('ACK');
  expect(await changed).toEqual({ ok: true, value: ANSWER });

  const update = peer.within(invite, answer, 'UPDATE', 2);
  update.append('Supported', 'timer');
  update.append('Session-Expires', '400');
  peer.send(update);
  expect(agreedIn(await peer.nextResponse(200))).toEqual(['400;refresher=uas', 'timer', undefined]);

  const again = peer.within(invite, answer, 'INVITE', 3);
  again.append('Supported', 'timer');
  again.append('Session-Expires', '400;refresher=uac');
  again.append('Content-Type', 'application/sdp');
  again.body = Buffer.from(OFFER);
  peer.send(again);
  const accepted = await peer.nextResponse(200);
  expect(agreedIn(accepted).slice(0, 2)).toEqual(['400;refresher=uac', 'timer']);
  const ack = peer.within(invite, answer, 'ACK');
  ack.set('CSeq', '3 ACK');
  peer.send(ack);
});

it('says that it can in its own calls, and goes on as the answer says', async () => {
  const placed = bench.gateway.placeCall({
    target: { kind: 'contact', uri: `sip:17@${peer.self}` },
    from: { number: '4711' },
    sdp: OFFER,
    ringTimeoutMs: 10_000,
  });
  const invite = await peer.nextRequest('INVITE');
  expect(agreedIn(invite)).toEqual([undefined, undefined, 'timer']);
  peer.send(
    peer.response(invite, 200, ANSWER, [
      ['Session-Expires', '900;refresher=uas'],
      ['Require', 'timer'],
    ]),
  );
  await peer.nextRequest('ACK');
  const answered = await placed.answered;
  if (!answered.ok) throw new Error(answered.fault.message);
  const changed = answered.value.modify(OFFER);
  const ours = await peer.nextRequest('INVITE');
  expect(agreedIn(ours)).toEqual(['900;refresher=uas', undefined, 'timer']);
  peer.send(peer.response(ours, 200, ANSWER));
  expect((await changed).ok).toBe(true);
});
