/** Calls that go to one person instead of a flow: how they go out, how their media are secured, what is written down. */
import type { OpenEndpoint } from '../../../media/ports';
import type { Arrival } from './support/port-doubles';
import { ANN, SmallCenter } from './support/small-center';

const TRUNK: Arrival = {
  origin: { kind: 'trunk', trunkId: 'carrier' },
  traits: { codecs: ['G722', 'PCMA'], dtmf: 'rfc4733', srtp: 'required', earlyMedia: 'pass' },
};
const PHONE: Arrival = { origin: { kind: 'phone', userName: '2002' } };
const OUTSIDE = '+493012345';

const rtpOf = (center: SmallCenter): OpenEndpoint[] =>
  [...center.media.endpoints.values()].filter(({ kind }) => kind === 'rtp');

it("a trunk's caller has the media that the trunk wants, and the history names the SIP calls of both sides", async () => {
  const center = new SmallCenter();
  const invite = center.signaling.arrive('caller', { ...TRUNK, to: { number: '1001' } });
  await center.pass();
  expect(rtpOf(center)).toMatchObject([{ codecs: ['G722', 'PCMA'], srtp: 'required' }]);
  await center.answer();
  expect(center.callOf(ANN)).toMatchObject({ state: 'connected', number: 'caller' });
  invite.leave();
  await center.pass();
  expect(center.history).toMatchObject({
    direction: 'inbound',
    trunkId: 'carrier',
    sipCallIds: ['caller', 'outgoing-1'],
    trace: { sipCallId: 'caller' },
  });
});

it('a phone calls outside by the route table, secured as the trunk says', async () => {
  const center = new SmallCenter({ srtp: 'required' });
  center.signaling.arrive('caller', { ...PHONE, to: { number: OUTSIDE } });
  await center.pass();
  expect(center.newest.request).toMatchObject({ target: { kind: 'number', number: OUTSIDE }, from: { number: '100' } });
  expect(rtpOf(center).map(({ srtp }) => srtp)).toEqual([undefined, 'required']);
  expect(center.history).toMatchObject({
    direction: 'outbound',
    trunkId: 'carrier',
    sipCallIds: ['caller', 'outgoing-1'],
  });
});

it('a phone calls the exchange behind a trunk by that trunk, secured as it says', async () => {
  const center = new SmallCenter({ srtp: 'required' });
  center.signaling.arrive('caller', { ...PHONE, to: { number: '3001' } });
  await center.pass();
  expect(center.newest.request.target).toEqual({ kind: 'trunk', trunkId: 'pbx', number: '71' });
  expect(rtpOf(center).map(({ srtp }) => srtp)).toEqual([undefined, 'required']);
  expect(center.history).toMatchObject({ direction: 'internal', trunkId: 'pbx' });
});

it.each([['outside', OUTSIDE] as const, ['the exchange behind a trunk', '3001'] as const])(
  'whom an agent asks %s is called secured as the trunk says',
  async (_where, number) => {
    const center = new SmallCenter({ srtp: 'required' });
    await center.talkWithAnn();
    await center.act(ANN, { command: 'consult', target: { kind: 'number', number } });
    expect(rtpOf(center).map(({ srtp }) => srtp)).toEqual([undefined, 'required']);
  },
);
