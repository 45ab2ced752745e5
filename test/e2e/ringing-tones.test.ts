/**
 * What callers hear of the product itself: a ringing tone while another telephone rings and sends no sound of its own, a
 * busy tone or another one when it does not answer, the center's prompts and music, and values and texts that are said.
 */
import { placeTestCall } from '../../infra/caller/test-call';
import { Agent } from '../support/agent';
import { beatsOf, hasRhythm } from '../support/cadence';
import { callWithTone, lastHeard, untilAnswered, untilHasHeard, untilHasHeardTone } from '../support/caller';
import { joined, silence, sine, syllables, toPcm } from '../support/detection-corpus';
import type { Sound } from '../support/detection-corpus';
import { Product } from '../support/product';
import { RADIO_HZ, Radio } from '../support/radio';
import { RtpPeer } from '../support/rtp-peer';
import { SipCallee } from '../support/sip-callee';
import { dominantFrequencyHz, fromPcm16, hearsTone, levelDbfs, toPcm16, tone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';
import { pcm16Wav } from '../support/wav';

const NUMBER = '+8610555123';
/** China's ringing tone. */
const RINGING_HZ = 450;

let callee: SipCallee;
let product: Product;

const nextInvite = () =>
  callee.request('INVITE', callee.transactions.filter(({ request }) => request.method === 'INVITE').length);

beforeAll(async () => {
  callee = await SipCallee.listen('udp');
  callee.onRequest = (transaction) => {
    const { method } = transaction.request;
    callee.respond(transaction, method === 'INVITE' ? 180 : 200);
  };
  product = await Product.start({
    config:
      "numbering: {country: '86'}\n" +
      `trunks: [{id: carrier, name: Carrier, addresses: [self], proxy: '127.0.0.1:${callee.port}', callerId: '+86100', probe: {intervalS: 0}}]\n`,
  });
}, 120_000);

afterAll(async () => {
  await product.stop();
  await callee.close();
}, 180_000);

/** China's busy tone: 350 ms each of sound and silence. */
const BUSY_HZ = 450;
const BUSY_MS = 350;
const SPECIAL_HZ = [950, 1400, 1800];

const callOnward = async (number: string) => {
  const steps = {
    answer: { do: 'answer', next: 'dial' },
    dial: { do: 'dial', number: NUMBER, otherwise: 'no' },
    no: { do: 'hang-up', reason: `nobody at ${number}` },
  };
  await product.admin('PUT', `/flows/onward-${number}`, { title: 'Onward', start: 'answer', steps });
  await product.admin('PUT', `/numbers/${number}`, { flowId: `onward-${number}` });
  const invited = nextInvite();
  const call = await callWithTone({ number, port: product.ports.sip });
  await untilAnswered(call);
  return { call, invite: await invited };
};

const outcomeAt = async (number: string) =>
  (await product.endedInteraction((item) => item.called.number === number)).outcome?.reason;

it('a caller whom a flow has answered hears ringing while the flow dials, busy when it is busy there, and the flow afterwards', async () => {
  const { call, invite } = await callOnward('4950');
  await until('the ringing tone', () => hearsTone(lastHeard(call, 300), RINGING_HZ), 30_000);
  callee.respond(invite, 486);
  await call.ended;
  const heard = lastHeard(call, 3500);
  expect(Math.abs(dominantFrequencyHz(heard) - BUSY_HZ)).toBeLessThan(4);
  expect(hasRhythm(beatsOf(heard), BUSY_MS)).toBe(true);
  expect(await outcomeAt('4950')).toBe('nobody at 4950');
}, 180_000);

it('a caller hears special information when the number is not in use', async () => {
  const { call, invite } = await callOnward('4953');
  callee.respond(invite, 404);
  await call.ended;
  const heard = fromPcm16(call.heard);
  const windows = Array.from({ length: Math.floor(heard.length / 800) }, (_, at) =>
    heard.subarray(at * 800, (at + 1) * 800),
  );
  const tones = windows.map((window) => SPECIAL_HZ.find((hz) => hearsTone(window, hz)));
  const order = tones.filter((hz, at) => hz !== undefined && hz !== tones[at - 1]);
  // Twice within four seconds.
  expect(order).toEqual([...SPECIAL_HZ, ...SPECIAL_HZ]);
  expect(await outcomeAt('4953')).toBe('nobody at 4953');
}, 180_000);

describeNeeding('chromium')('an agent', () => {
  it('hears ringing, then busy, and reads why, while the number that was dialled rings and then is busy', async () => {
    const agent = await Agent.signIn(product, 'agent1');
    const invited = nextInvite();
    await agent.at('dial-number').fill(NUMBER);
    await agent.at('dial-call').click();
    const invite = await invited;
    await until('the ringing tone', async () => hearsTone(await agent.heard(300), RINGING_HZ), 30_000);
    callee.respond(invite, 486);
    // Asked for it meanwhile, a page on a busy machine would have no time left to listen.
    await agent.untilCall('idle');
    const heard = await agent.heard(6000);
    expect(beatsOf(heard).filter(({ ms }) => Math.abs(ms - BUSY_MS) <= 150).length).toBeGreaterThanOrEqual(3);
    expect(Math.abs(dominantFrequencyHz(heard) - BUSY_HZ)).toBeLessThan(10);
    expect(await agent.at('last-dial-failure').getAttribute('data-reason')).toBe('busy');
    expect(await agent.at('last-dial-failure').textContent()).toContain('The other side was busy.');
    const dialled = await product.endedInteraction((item) => item.called.number === NUMBER);
    expect(dialled.outcome).toEqual({ result: 'failed', reason: 'busy', party: 'carrier' });
    await agent.close();
  }, 180_000);
});

describe('what the center itself lets callers hear', () => {
  const LANGUAGE = 'en';
  let token: string;
  beforeAll(async () => {
    ({ token } = await product.signIn('admin'));
  });

  const sound = async (path: string, hz: number, durationMs: number): Promise<void> => {
    const wav = pcm16Wav(toPcm16(tone({ frequencyHz: hz, durationMs })));
    const uploaded = await fetch(`${product.url}/api/v1/sounds/file?path=${encodeURIComponent(path)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'audio/wav' },
      body: new Uint8Array(wav),
    });
    if (!uploaded.ok) throw new Error(`${path}: ${uploaded.status} ${await uploaded.text()}`);
  };
  const callFlow = async (number: string, steps: object) => {
    await product.admin('PUT', `/flows/flow-${number}`, { title: number, start: 'answer', steps });
    await product.admin('PUT', `/numbers/${number}`, { flowId: `flow-${number}` });
    const call = await callWithTone({ number, port: product.ports.sip, toneHz: 440 });
    await untilAnswered(call);
    return call;
  };

  it('[IVR-06] [IVR-08] [TEL-12] [TEL-24] its own prompts, an amount in recorded words, a date by the speech engine, and the music of a queue', async () => {
    await sound('prompts/en/n-2', 700, 600);
    await sound('prompts/en/dollars', 900, 600);
    await sound('prompts/en/closing-early', 1300, 600);
    await sound('music/lobby/first', 1700, 2000);
    const call = await callFlow('4951', {
      answer: { do: 'answer', next: 'amount' },
      amount: { do: 'say', kind: 'amount', value: '2.00', currency: 'USD', language: LANGUAGE, next: 'own' },
      own: { do: 'play', prompts: [{ prompt: 'closing-early', language: LANGUAGE }], next: 'date' },
      date: { do: 'say', kind: 'date', value: '2026-11-22', language: 'zh-CN', next: 'wait', otherwise: 'unsaid' },
      wait: { do: 'enqueue', queue: 'support', music: 'lobby' },
      unsaid: { do: 'hang-up', reason: 'unsaid' },
    });
    await until('the music of the queue', () => hearsTone(lastHeard(call, 400), 1700), 40_000);
    const heard = fromPcm16(call.heard);
    const windows = Array.from({ length: Math.floor(heard.length / 800) }, (_, at) =>
      heard.subarray(at * 800, (at + 1) * 800),
    );
    const names = windows.map((window) => [700, 900, 1300, 1700].find((hz) => hearsTone(window, hz)));
    const order = names.filter((name, at) => name !== undefined && name !== names[at - 1]);
    expect(order).toEqual([700, 900, 1300, 1700]);
    // Between the last prompt and the music the date is said: seconds of a voice, which is no tone.
    const said = windows.slice(names.lastIndexOf(1300) + 1, names.indexOf(1700));
    const loud = said.filter((window) => levelDbfs(window) > -35);
    expect(loud.length).toBeGreaterThan(15);
    expect(loud.length).toBeLessThan(90);
    await call.hangup();
    const { segments } = await product.endedInteraction((item) => item.called.number === '4951');
    expect(segments.map(({ kind }) => kind)).toEqual(['flow', 'queue']);
  }, 180_000);

  it('a live stream as the music of a queue', async () => {
    const radio = await Radio.start();
    await product.admin('PUT', '/music-streams/radio', { url: radio.url });
    const call = await callFlow('4954', {
      answer: { do: 'answer', next: 'wait' },
      wait: { do: 'enqueue', queue: 'support', music: 'radio' },
    });
    await until('the radio', () => hearsTone(lastHeard(call, 400), RADIO_HZ), 30_000);
    expect(radio.connections).toBe(1);
    await call.hangup();
    await radio.close();
  }, 180_000);

  it('[IVR-09] a prompt that a caller records, hears and keeps is what callers hear then', async () => {
    const call = await callFlow('4952', {
      answer: { do: 'answer', next: 'record' },
      record: { do: 'record-prompt', name: 'by-phone', language: LANGUAGE, next: 'again', otherwise: 'not' },
      again: { do: 'play', prompts: [{ prompt: 'by-phone', language: LANGUAGE }], next: 'end' },
      end: { do: 'hang-up', reason: 'kept' },
      not: { do: 'hang-up', reason: 'not kept' },
    });
    const matches = (samples: Float64Array): boolean => hearsTone(samples, 1000);
    await untilHasHeard(call, { what: 'the tone to record after', windowMs: 150, matches });
    await pause(1500);
    await call.press('#');
    await until('the own voice', () => hearsTone(lastHeard(call, 300), 440), 30_000);
    await call.press('1');
    await call.ended;
    expect((await product.endedInteraction((item) => item.called.number === '4952')).outcome?.reason).toBe('kept');
    const { items } = await product.admin<{ items: { path: string; versions: object[] }[] }>('GET', '/sounds');
    expect(items.find(({ path }) => path === 'prompts/en/by-phone')).toMatchObject({ versions: [{ source: 'phone' }] });
  }, 180_000);
});

describe('what the center hears of whom it talks to', () => {
  const PEER_HZ = 1300;
  let peers: RtpPeer[];

  beforeEach(() => void (peers = []));
  afterEach(() => peers.forEach((peer) => peer.close()));

  const flowAt = async (number: string, flow: object): Promise<void> => {
    await product.admin('PUT', `/flows/flow-${number}`, { title: number, start: 'answer', ...flow });
    await product.admin('PUT', `/numbers/${number}`, { flowId: `flow-${number}` });
  };

  /** The number outside answers, and says this. */
  const answerWith = async (invited: ReturnType<typeof nextInvite>, sound: Sound): Promise<void> => {
    const peer = await RtpPeer.open({ voice: toPcm(sound) });
    peers.push(peer);
    const invite = await invited;
    peer.connectTo(invite.request.body.toString());
    callee.respond(invite, 200, peer.sdp());
    peer.speak();
  };

  const historyOf = (number: string) => product.endedInteraction((item) => item.called.number === number);

  it('a fax machine that calls is sent to its number in the middle of the greeting', async () => {
    const prompts = [{ prompt: 'welcome', language: 'en' }];
    await flowAt('4955', {
      fax: 'fax',
      steps: {
        answer: { do: 'answer', next: 'greeting' },
        greeting: { do: 'play', prompts: [...prompts, ...prompts, ...prompts], next: 'end' },
        end: { do: 'hang-up', reason: 'no fax' },
        fax: { do: 'dial', number: NUMBER, otherwise: 'end' },
      },
    });
    const invited = nextInvite();
    const cng = toPcm(joined(sine(1100, 500, -13), silence(3000)));
    const call = await placeTestCall({ number: '4955', port: product.ports.sip, voice: { samples: cng, loop: true } });
    await untilAnswered(call);
    await answerWith(invited, sine(PEER_HZ, 1000, -13));
    await untilHasHeardTone(call, PEER_HZ);
    await call.hangup();
    const interaction = await historyOf('4955');
    expect(interaction.detections).toMatchObject([{ role: 'caller', heard: 'fax', detail: 'cng' }]);
    expect(interaction.parties.map(({ role, id }) => [role, id])).toContainEqual(['called', NUMBER]);
  }, 180_000);

  it('a caller is put through to a person, and not to an answering machine', async () => {
    await flowAt('4956', {
      steps: {
        answer: { do: 'answer', next: 'mobile' },
        mobile: { do: 'dial', number: NUMBER, machine: 'office', otherwise: 'nobody' },
        office: { do: 'dial', number: NUMBER, machine: 'nobody', otherwise: 'nobody' },
        nobody: { do: 'hang-up', reason: 'nobody there' },
      },
    });
    const mobile = nextInvite();
    const call = await callWithTone({ number: '4956', port: product.ports.sip });
    await untilAnswered(call);
    await mobile;
    const office = nextInvite();
    const greeting = joined(silence(400), syllables(6000), silence(2000));
    await answerWith(mobile, greeting);
    await office;
    await answerWith(office, joined(silence(400), syllables(500), silence(1500), sine(PEER_HZ, 6000, -13)));
    await untilHasHeardTone(call, PEER_HZ);
    await call.hangup();
    const interaction = await historyOf('4956');
    expect(interaction.answeredBy).toBe('human');
    expect(interaction.detections?.map(({ heard }) => heard)).toEqual(['machine', 'human']);
  }, 180_000);
});
