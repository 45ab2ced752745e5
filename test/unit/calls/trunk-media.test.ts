/** Calls through trunks: each trunk that is tried gets an offer as it wants its calls. */
import type { CallId } from '../../../base/ids';
import type { OpenEndpoint } from '../../../media/ports';
import type { TrunkTraits } from '../../../signaling/ports';
import { codecsOfTrunk } from '../../../calls/trunk-media';
import { ANN, OneAgent } from './support/one-agent';
import type { OneAgentOptions } from './support/one-agent';
import type { MediaDouble, OutgoingDouble } from './support/port-doubles';
import { ANN as ANN_OF_THREE, SmallCenter } from './support/small-center';

const CARRIER: TrunkTraits = { codecs: ['PCMU', 'PCMA'], dtmf: 'rfc4733', srtp: 'optional', earlyMedia: 'pass' };
const OTHER: TrunkTraits = { codecs: ['G722', 'PCMU', 'PCMA'], dtmf: 'info', srtp: 'required', earlyMedia: 'pass' };
const NUMBER = '+4930123456';

interface World {
  readonly media: MediaDouble;
  pass(ms: number): Promise<void>;
}

const endpointOf = ({ media }: World, { request }: OutgoingDouble): OpenEndpoint | undefined =>
  [...media.endpoints.values()].find(({ endpointId }) => request.sdp === `sdp of ${endpointId}`);

const tries = async (world: World, placed: OutgoingDouble, trunkId: string, traits: TrunkTraits) => {
  const offered = placed.tries({ trunkId, traits });
  await world.pass(200);
  return offered;
};

/** The call through the carrier goes on to another trunk, whose media the endpoint then has. */
const expectOwnOffers = async (world: World, placed: OutgoingDouble): Promise<void> => {
  const before = endpointOf(world, placed);
  expect(before).toMatchObject({ kind: 'rtp', codecs: ['PCMA', 'PCMU'] });
  expect(await tries(world, placed, 'carrier', CARRIER)).toEqual({ ok: true, value: placed.request.sdp });
  expect(endpointOf(world, placed)).toBe(before);
  placed.progress();
  await world.pass(200);
  expect(await tries(world, placed, 'other', OTHER)).toMatchObject({ ok: true });
  const anew = endpointOf(world, placed);
  expect(anew).toMatchObject({ codecs: ['PCMA', 'G722', 'PCMU'], srtp: 'required', dtmf: 'info' });
  // Another proxy of the same trunk.
  await tries(world, placed, 'other', OTHER);
  expect(endpointOf(world, placed)).toBe(anew);
};

const newest = (one: OneAgent): OutgoingDouble => {
  const found = one.signaling.outgoing.at(-1);
  if (!found) throw new Error('nobody was called');
  return found;
};

const callIdOf = ({ call }: OneAgent): CallId => {
  if (!call) throw new Error('the agent has no call');
  return call.callId;
};

const trunk = { trunkId: 'carrier', callerId: '100', codecs: ['PCMA', 'PCMU'] as const };

const dialled = async (options: OneAgentOptions = {}): Promise<OneAgent> => {
  const one = new OneAgent({ trunk, ...options });
  await one.pass(1000);
  await one.center.desks.perform(ANN, { command: 'dial', number: NUMBER });
  await one.pass(1000);
  newest(one).answer();
  await one.pass(1000);
  return one;
};

it('an agent dials: the other trunk has its own offer, answer and digits', async () => {
  const one = await dialled();
  const placed = newest(one);
  await expectOwnOffers(one, placed);
  placed.answer();
  await one.pass(500);
  expect(one.call?.state).toBe('connected');
  const dialog = placed.dialog;
  if (!dialog) throw new Error('the call was not answered');
  const sent = jest.spyOn(dialog, 'sendDigit');
  void one.center.desks.perform(ANN, { command: 'send-digits', callId: callIdOf(one), digits: '5' });
  await one.pass(500);
  expect(sent).toHaveBeenCalledWith(expect.objectContaining({ digit: '5' }));
});

it('the other trunk’s packets may come from anywhere, though the first one’s may not', async () => {
  const one = await dialled({ trunkRtp: { rtpSources: ['192.0.2.0/24'], srtpKeys: 'dtls', mediaTimeoutMs: 5_000 } });
  const placed = newest(one);
  expect(endpointOf(one, placed)).toMatchObject({ rtpSources: ['192.0.2.0/24'] });
  await tries(one, placed, 'other', { ...OTHER, rtp: { srtpKeys: 'any', mediaTimeoutMs: 60_000 } });
  const anew = endpointOf(one, placed);
  expect(anew).toMatchObject({ srtpKeys: 'any', mediaTimeoutMs: 60_000 });
  expect(anew).not.toHaveProperty('rtpSources');
});

it('a call that is over gets no offer, and nothing stays open', async () => {
  const one = await dialled();
  const placed = newest(one);
  void one.center.desks.perform(ANN, { command: 'hang-up', callId: callIdOf(one) });
  expect(await tries(one, placed, 'other', OTHER)).toMatchObject({ ok: false, fault: { code: 'closed' } });
  await one.pass(1000);
  expect([...one.media.endpoints.keys()]).toEqual([]);
});

it('a caller who is called back', async () => {
  const one = new OneAgent({ trunk, release: { mode: 'callee', reanswerMs: 20_000 } });
  await one.pass(1000);
  const { callId } = await one.talk();
  one.signaling.invites.at(-1)?.leave();
  await one.pass(200);
  void one.center.desks.perform(ANN, { command: 'resume', callId });
  await one.pass(200);
  const placed = newest(one);
  expect(placed.request.target.kind).toBe('number');
  await expectOwnOffers(one, placed);
  placed.answer();
  await one.pass(500);
  expect(one.call?.state).toBe('connected');
});

it('a number that an agent consults', async () => {
  const center = new SmallCenter();
  await center.talkWithAnn();
  await center.act(ANN_OF_THREE, { command: 'consult', target: { kind: 'number', number: NUMBER } });
  await expectOwnOffers(center, center.newest);
  await center.answer();
  expect(center.joined).toContain(`${NUMBER} + ann`);
});

it("the exchange behind a trunk gets the trunk's codecs", async () => {
  const center = new SmallCenter();
  await center.talkWithAnn();
  await center.act(ANN_OF_THREE, { command: 'consult', target: { kind: 'number', number: '3001' } });
  const { newest: placed } = center;
  await tries(center, placed, 'pbx', { ...CARRIER, codecs: ['PCMU'] });
  expect(endpointOf(center, placed)).toMatchObject({ codecs: ['PCMU'] });
});

it('a phone that calls outside', async () => {
  const center = new SmallCenter();
  await center.phoneCalls('2002', NUMBER);
  await expectOwnOffers(center, center.newest);
  await center.answer();
  expect(center.joined).toEqual([`${NUMBER} + 2002`]);
});

it("the other party's codec goes first where the trunk has it", () => {
  expect(codecsOfTrunk(['PCMU', 'PCMA'], 'PCMA')).toEqual(['PCMA', 'PCMU']);
  expect(codecsOfTrunk(['PCMU'], 'PCMA')).toEqual(['PCMU']);
  expect(codecsOfTrunk(undefined, 'G722')).toEqual(['PCMA', 'PCMU']);
});
