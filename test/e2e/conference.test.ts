/** A conference through the whole product, by telephones alone: PINs, roles, keys, who hears whom, and what is kept of it. */
import type { TestCall } from '../../infra/caller/test-call';
import type { ConferenceView } from '../../api/contract/conferences';
import type { Health } from '../../api/contract/rest';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { Agent } from '../support/agent';
import { callWithTone, lastHeard, untilAnswered } from '../support/caller';
import { processNamed } from '../support/process-tree';
import { Product } from '../support/product';
import { RtpPeer } from '../support/rtp-peer';
import { SipCallee } from '../support/sip-callee';
import { fromPcm16, hearsTone, levelDbfs, toneLevelDbfs } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const PINS = { moderatorPin: '1111', participantPin: '2222', listenerPin: '3333' };
const AGENT_HZ = 2100;
const HEARD_DBFS = -27;
const SILENT_DBFS = -45;

interface Voice {
  readonly from: string;
  readonly hz: number;
  /** What is heard there. */
  readonly lastHeard: (lastMs: number) => Float64Array;
}

interface Member extends Voice {
  readonly call: TestCall;
}

let product: Product;
/** Whom the carrier reaches. */
let carrier: SipCallee;

const dial = async (from: string, hz: number): Promise<Member> => {
  const call = await callWithTone({ number: '4500', from, toneHz: hz, port: product.ports.sip });
  await untilAnswered(call);
  return { call, from, hz, lastHeard: (lastMs) => lastHeard(call, lastMs) };
};

const room = (): Promise<ConferenceView> => product.admin('GET', '/conferences/board');

const untilRoom = (what: string, is: (view: ConferenceView) => boolean): Promise<unknown> =>
  until(what, async () => is(await room()), 30_000);

const inside = ({ members }: ConferenceView): string[] =>
  members.filter(({ stage }) => stage === 'inside').map(({ number }) => number);

const enter = async (from: string, of: { readonly hz: number; readonly pin: string }): Promise<Member> => {
  const member = await dial(from, of.hz);
  await member.call.press(`${of.pin}#`);
  await untilRoom(`${from} to be in the conference`, (view) => inside(view).includes(from));
  return member;
};

/** What somebody hears settles after each change, behind what is said to the member. */
const untilHears = async (member: Voice, heard: readonly Voice[], unheard: readonly Voice[]): Promise<void> => {
  const faults = (): string[] => {
    const samples = member.lastHeard(300);
    return [
      ...heard.filter(({ hz }) => !(toneLevelDbfs(samples, hz) > HEARD_DBFS)).map(({ hz }) => `${hz} Hz is missing`),
      ...unheard.filter(({ hz }) => !(toneLevelDbfs(samples, hz) < SILENT_DBFS)).map(({ hz }) => `${hz} Hz is heard`),
    ];
  };
  await until(`${member.from} to hear whom it should`, () => faults().length === 0, 30_000).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${faults().join(', ')}`);
  });
};

beforeAll(async () => {
  carrier = await SipCallee.listen('udp');
  const trunk = `{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${carrier.port}', callerId: '+4930100'}`;
  product = await Product.start({ config: `trunks: [${trunk}]\n` });
  const settings = { name: 'Board', numbers: ['4500'], ...PINS, tones: false, language: 'en' };
  await product.admin('PUT', '/conference-rooms/board', settings);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await carrier.close();
}, 180_000);

it('[CNF-01] [CNF-04] speakers and listeners by PIN; a hand raised by key, silence for all, lock, recording, the end', async () => {
  const moderator = await enter('+4930881', { hz: 440, pin: '1111' });
  const participant = await enter('+4930882', { hz: 1000, pin: '2222' });
  const listener = await enter('+4930883', { hz: 1700, pin: '3333' });
  await untilHears(listener, [moderator, participant], [listener]);
  await untilHears(moderator, [participant], [moderator, listener]);
  await untilHears(participant, [moderator], [participant, listener]);

  await listener.call.press('*5');
  await untilRoom('the hand', ({ members }) => members.some(({ handRaisedAtMs }) => handRaisedAtMs !== undefined));
  await moderator.call.press('*3');
  await untilRoom('the recording', ({ recording }) => recording);
  await moderator.call.press('*4');
  await untilHears(moderator, [participant, listener], [moderator]);
  await untilHears(participant, [moderator, listener], [participant]);

  await moderator.call.press('*2');
  await untilRoom('silence', ({ allMuted }) => allMuted);
  await untilHears(listener, [moderator], [participant, listener]);
  await untilHears(moderator, [], [moderator, participant, listener]);

  await moderator.call.press('*1');
  await untilRoom('the lock', ({ locked }) => locked);
  const late = await dial('+4930884', 700);
  await late.call.press('2222#');
  await late.call.ended;
  expect(inside(await room())).toHaveLength(3);

  await moderator.call.press('*#');
  await Promise.all([moderator, participant, listener].map(({ call }) => call.ended));
  expect(await room()).toMatchObject({ state: 'empty', members: [], recording: false });
  await expectHistory({ moderator, participant, listener, late });
}, 180_000);

const expectHistory = async (who: Record<'moderator' | 'participant' | 'listener' | 'late', Member>): Promise<void> => {
  const { moderator, participant, listener, late } = who;
  const own = await product.interactionFrom(listener.from);
  expect(own.segments.map(({ kind }) => kind)).toContain('conference');
  expect(own.conferences).toMatchObject([{ roomId: 'board', role: 'listener' }]);
  expect(own.conferences?.[0]?.others.map(({ number }) => number)).toEqual([moderator.from, participant.from]);
  expect(JSON.stringify(own)).not.toContain(PINS.listenerPin);
  const refused = await product.interactionFrom(late.from);
  expect(refused.data).toMatchObject({ 'conference-end': 'locked' });
  expect(refused.conferences).toBeUndefined();

  const { id, recordings } = await product.interactionFrom(moderator.from);
  expect(recordings).toHaveLength(1);
  await expectRecorded({ id, n: 1 }, [moderator, participant, listener]);
};

const expectRecorded = async (of: { id: string; n: number }, voices: readonly Member[]): Promise<void> => {
  const file = await product.get(`/api/v1/interactions/${of.id}/recordings/${of.n}`);
  const wav = readWav(Buffer.from(await file.arrayBuffer()));
  if (!wav.ok) throw new Error(wav.fault.message);
  const samples = fromPcm16(channelSamples(wav.value, 0));
  for (const { hz } of voices) {
    const loudest = Math.max(...pieces(samples).map((piece) => toneLevelDbfs(piece, hz)));
    expect({ ...of, hz, heard: loudest > HEARD_DBFS }).toEqual({ ...of, hz, heard: true });
  }
};

/** Of 200 ms. */
const pieces = (samples: Float64Array): Float64Array[] =>
  Array.from({ length: Math.floor(samples.length / 1600) }, (_, index) =>
    samples.subarray(index * 1600, (index + 1) * 1600),
  );

it('[CNF-01] [HA-01] its media process dies: members hear each other again, and the recording goes on in a next part', async () => {
  const moderator = await enter('+4930886', { hz: 440, pin: '1111' });
  const participant = await enter('+4930887', { hz: 1000, pin: '2222' });
  await moderator.call.press('*3');
  await untilRoom('the recording', ({ recording }) => recording);
  await untilHears(moderator, [participant], [moderator]);
  // A file is on the disk a second later.
  await pause(2500);
  const { parts } = (await (await product.get('/api/v1/health')).json()) as Health;
  const [venue] = (parts.mediaProcesses ?? []).filter(({ endpoints }) => endpoints > 0);
  const pid = venue && processNamed(product.pid, venue.name);
  if (pid === undefined) throw new Error('the conference is in no media process');
  process.kill(pid, 'SIGKILL');
  const killedMs = [moderator, participant].map(({ call }) => call.heardMs);
  await until('both to hear again', () =>
    [moderator, participant].every(({ call }, index) => call.heardMs > (killedMs[index] ?? 0) + 1000),
  );
  await untilHears(moderator, [participant], [moderator]);
  await untilHears(participant, [moderator], [participant]);
  await pause(700);
  await moderator.call.press('*#');
  await Promise.all([moderator, participant].map(({ call }) => call.ended));
  const { id, recordings } = await product.interactionFrom(participant.from);
  expect(recordings).toHaveLength(2);
  for (const { n } of recordings) await expectRecorded({ id, n }, [moderator, participant]);
}, 180_000);

it('[CNF-01] who is invited outside is called by the carrier, and is among the others after the key 1 alone', async () => {
  const moderator = await enter('+4930889', { hz: 2300, pin: '1111' });
  const number = '+49301234';
  await product.admin('POST', '/conferences/board/invitations', { number, role: 'participant' });
  const invite = await carrier.request('INVITE');
  await untilRoom('it to ring', ({ members }) => members.some(({ stage }) => stage === 'invited'));
  const peer = await RtpPeer.open({ frequencyHz: 1000 });
  const guest: Voice = { from: number, hz: 1000, lastHeard: (lastMs) => peer.heard().slice(-8 * lastMs) };
  carrier.respond(invite, 200, peer.sdp());
  peer.connectTo(invite.request.body.toString('utf8'));
  peer.speak();
  await until('the guest to be asked', () => levelDbfs(guest.lastHeard(300)) > -40, 30_000);
  await untilHears(moderator, [], [guest]);
  expect(toneLevelDbfs(guest.lastHeard(300), moderator.hz)).toBeLessThan(HEARD_DBFS);
  expect(inside(await room())).toEqual([moderator.from]);
  peer.press(1);
  await untilHears(moderator, [guest], [moderator]);
  await untilHears(guest, [moderator], [guest]);
  await moderator.call.press('*#');
  await carrier.request('BYE');
  await moderator.call.ended;
  peer.close();
  const story = await product.endedInteraction(({ called }) => called.number === number);
  expect(story).toMatchObject({
    direction: 'outbound',
    conferences: [{ roomId: 'board', role: 'participant', others: [{ number: moderator.from, role: 'moderator' }] }],
    outcome: { result: 'answered', reason: 'conference-ended', party: 'system' },
  });
}, 180_000);

it('[CNF-01] three wrong PINs end the call kindly', async () => {
  const guesser = await dial('+4930885', 500);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await guesser.call.press('9999#');
    await pause(300);
  }
  await guesser.call.ended;
  const interaction = await product.interactionFrom(guesser.from);
  expect(interaction).toMatchObject({ data: { 'conference-end': 'wrong-pin' }, outcome: { result: 'answered' } });
  expect(await room()).toMatchObject({ state: 'empty' });
}, 180_000);

describeNeeding('chromium')('an agent at the desk', () => {
  let agent: Agent;

  beforeAll(async () => {
    agent = await Agent.signIn(product, 'agent1', AGENT_HZ);
  }, 180_000);

  afterAll(() => agent?.close(), 120_000);

  it('[CNF-01] [CNF-04] dials the room, keys the PIN on the pad, is heard and hears', async () => {
    const moderator = await enter('+4930888', { hz: 440, pin: '1111' });
    await agent.dial('4500');
    await agent.untilCall('connected', 30_000);
    for (const key of '2222') await agent.at(`dial-pad-${key}`).click();
    await agent.at('dial-pad-hash').click();
    await untilRoom('the agent', ({ members }) =>
      members.some(({ stage, number }) => stage === 'inside' && number === '1001'),
    );
    await until('the moderator to hear the agent', () => hearsTone(lastHeard(moderator.call, 300), AGENT_HZ), 30_000);
    // Asked without a pause, a page on a busy machine has no time left to listen.
    const agentHears = async (): Promise<boolean> => {
      await pause(400);
      return hearsTone(await agent.heard(400), moderator.hz);
    };
    await until('the agent to hear the moderator', agentHears, 30_000);
    await agent.at('call-hangup').click();
    await untilRoom('the agent to be gone', ({ members }) => members.length === 1);
    await moderator.call.hangup();
    expect(agent.consoleErrors).toEqual([]);
    const own = await product.endedInteraction(
      ({ called, agentId }) => called.number === '4500' && agentId === 'agent1',
    );
    expect(own).toMatchObject({ conferences: [{ roomId: 'board', role: 'participant' }], direction: 'internal' });
    expect(JSON.stringify(own)).not.toContain('2222');
  }, 180_000);
});
