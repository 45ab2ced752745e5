/** The app is killed in the middle of what people do with calls; all of it goes on where it was. */
import type { InteractionView } from '../../api/contract/rest';
import type { TestCall } from '../../infra/caller/test-call';
import { Agent } from '../support/agent';
import { Baresip } from '../support/baresip';
import { callWithTone, untilAnswered, untilHearsTone } from '../support/caller';
import {
  LEAST_SHARE,
  hearsMusic,
  killApp,
  nothingIsLeft,
  shareHeardDuring,
  untilMusic,
} from '../support/restarted-app';
import { AGENT_HZ, CALLER_HZ, StaffedProduct } from '../support/staffed-product';
import type { Conversation } from '../support/staffed-product';
import { hearsTone } from '../support/spectrum';
import { describeNeeding } from '../support/tools';
import { until } from '../support/wait';

const COLLEAGUE_HZ = 1300;
const PHONE_HZ = 2600;
/** Others share the machine. */
const PATIENCE_MS = 20_000;

const center = new StaffedProduct();
let colleague: Agent;

const call = (number: string, from: string): Promise<TestCall> =>
  callWithTone({ number, from, port: center.product.ports.sip, toneHz: CALLER_HZ });

/** The only one of this caller: whoever comes anew after the restart has two. */
const historyOf = async (from: string): Promise<InteractionView> => {
  const found = await center.product.historyOf(from);
  expect(found).toHaveLength(1);
  return found[0] as InteractionView;
};

const untilSegment = (from: string, segment: Partial<InteractionView['segments'][number]>): Promise<unknown> =>
  until(
    `the call of ${from} to be at ${JSON.stringify(segment)}`,
    async () => {
      const last = (await center.product.historyOf(from))[0]?.segments.at(-1);
      return last && Object.entries(segment).every(([name, value]) => last[name as keyof typeof last] === value);
    },
    40_000,
  );

describeNeeding('chromium', 'baresip')('an app that is killed', () => {
  center.startForTests();

  beforeAll(async () => {
    colleague = await Agent.signIn(center.product, 'agent2', COLLEAGUE_HZ);
  }, 120_000);

  afterAll(() => colleague?.close(), 30_000);

  const kill = (): Promise<void> => killApp(center.product, [center.agent, colleague]);

  /** With whom the first agent talked, then the second. */
  let customer: Conversation;
  const inMenu = { from: '+493020701' };
  let menuCall: TestCall;

  it('[ACD-19] [HA-04] [SPH-13] in a consultation and in a menu: agents hear each other and the caller music all the time, then the transfer is completed; the key that is pressed meanwhile counts', async () => {
    const { agent } = center;
    customer = await center.converse();
    await agent.page.keyboard.press('Alt+T');
    await agent.at('consult-agent2').click();
    await colleague.untilCall('ringing', PATIENCE_MS);
    await colleague.answer();
    await agent.untilHears(COLLEAGUE_HZ, PATIENCE_MS);
    await untilMusic(customer.call);
    menuCall = await call('4000', inMenu.from);
    await untilAnswered(menuCall);
    await untilSegment(inMenu.from, { kind: 'flow', detail: 'menu' });
    const share = await shareHeardDuring(customer.call, hearsMusic, async () => {
      const back = kill();
      await agent.at('connection-banner').waitFor();
      void menuCall.press('2');
      await agent.untilHears(COLLEAGUE_HZ, PATIENCE_MS);
      await back;
    });
    expect(share).toBeGreaterThan(LEAST_SHARE);
    await untilSegment(inMenu.from, { kind: 'queue', queueId: 'sales' });
    expect((await historyOf(inMenu.from)).segments.map(({ kind }) => kind)).toEqual(['flow', 'queue']);
    await agent.untilHears(COLLEAGUE_HZ, PATIENCE_MS);
    await colleague.untilHears(AGENT_HZ, PATIENCE_MS);
    await agent.at('consult-complete').click();
    await agent.untilCall('wrap-up');
    await untilHearsTone(customer.call, COLLEAGUE_HZ, PATIENCE_MS);
    await colleague.untilHears(CALLER_HZ, PATIENCE_MS);
  }, 150_000);

  it('[ACD-19] [HA-04] [SPH-04] on hold, in wrap-up and before an answer: the caller hears music and is taken back, the note is kept, and whom a caller had dialled rings again', async () => {
    const { agent, product } = center;
    const register = { password: await product.newPhonePassword('2001'), sipPort: product.ports.sip };
    const phone = await Baresip.start({ from: '2001', toneHz: PHONE_HZ, register, lifetimeMs: 300_000 });
    try {
      await phone.registered();
      await colleague.at('call-hold').click();
      await colleague.untilCall('held');
      await untilMusic(customer.call);
      await agent.at('wrap-up-note').fill('wants a loan');
      const ringing = { from: '+493020702' };
      const early = await call('2001', ringing.from);
      const rings = (): number => phone.events.filter(({ type }) => type === 'CALL_INCOMING').length;
      await until('the phone to ring', () => rings() === 1, PATIENCE_MS);
      const share = await shareHeardDuring(customer.call, hearsMusic, kill);
      expect(share).toBeGreaterThan(LEAST_SHARE);

      await until('the phone to ring again', () => rings() === 2, PATIENCE_MS);
      phone.accept();
      await untilAnswered(early);
      await untilHearsTone(early, PHONE_HZ, PATIENCE_MS);
      await early.hangup();

      await colleague.untilCall('held');
      await colleague.at('call-hold').click();
      await untilHearsTone(customer.call, COLLEAGUE_HZ, PATIENCE_MS);
      await colleague.untilHears(CALLER_HZ, PATIENCE_MS);
      await colleague.at('call-hold').click();
      await colleague.untilCall('held');
      await untilMusic(customer.call);
      await colleague.at('call-hold').click();
      await colleague.untilCall('connected');
      await untilHearsTone(customer.call, COLLEAGUE_HZ, PATIENCE_MS);

      // Who is in the queue comes as soon as the agent has written the note.
      await agent.untilCall('wrap-up');
      expect(await agent.at('wrap-up-note').inputValue()).toBe('wants a loan');
      await agent.at('wrap-up-done').click();
      await agent.untilCall('ringing', PATIENCE_MS);
      await agent.answer();
      await center.bothHear(menuCall);

      await Promise.all([customer.call.hangup(), menuCall.hangup()]);
      await colleague.finishWrapUp('not-ready');
      await agent.finishWrapUp();
      await thatIsTheHistory(ringing.from);
      await nothingIsLeft(product);
    } finally {
      await phone.close();
    }
  }, 150_000);

  it('[HA-04] [SPH-20] just as a caller is answered: caller and whom the caller had dialled, a phone or an agent, hear each other, and it is one call', async () => {
    const { agent, product } = center;
    const register = { password: await product.newPhonePassword('2001'), sipPort: product.ports.sip };
    const phone = await Baresip.start({ from: '2001', toneHz: PHONE_HZ, register, lifetimeMs: 300_000 });
    const [atPhone, atAgent] = ['+493020703', '+493020704'];
    try {
      await phone.registered();
      const toPhone = await call('2001', atPhone);
      await until('the phone to ring', () => phone.events.some(({ type }) => type === 'CALL_INCOMING'), PATIENCE_MS);
      phone.accept();
      await untilAnswered(toPhone);
      await kill();
      await untilHearsTone(toPhone, PHONE_HZ, PATIENCE_MS);
      await until('the phone to hear', async () => hearsTone(await phone.heard(300), CALLER_HZ), PATIENCE_MS);
      await toPhone.hangup();

      const toAgent = await call('1001', atAgent);
      await agent.untilCall('ringing', PATIENCE_MS);
      await agent.at('call-answer').click();
      await untilAnswered(toAgent);
      await kill();
      await center.bothHear(toAgent);
      await agent.untilCall('connected');
      await toAgent.hangup();
      await agent.untilCall('idle');

      for (const from of [atPhone, atAgent]) {
        await product.interactionFrom(from);
        const { outcome, segments } = await historyOf(from);
        expect(outcome).toEqual({ result: 'answered', reason: 'hung-up', party: 'caller' });
        expect(segments.map(({ kind }) => kind)).toEqual(['ringing', 'talk']);
      }
      await nothingIsLeft(product);
    } finally {
      await phone.close();
    }
  }, 150_000);

  const thatIsTheHistory = async (unanswered: string): Promise<void> => {
    const of = async (from: string): Promise<InteractionView> => {
      await center.product.interactionFrom(from);
      return historyOf(from);
    };
    const story = await of(customer.from);
    expect(story).toMatchObject({
      ...{ agentId: 'agent2', outcome: { result: 'answered', reason: 'hung-up', party: 'caller' } },
      transfers: [{ kind: 'attended', byAgentId: 'agent1', result: 'completed' }],
      earlierWrapUps: [{ agentId: 'agent1', note: 'wants a loan' }],
    });
    const kinds = story.segments.map(({ kind }) => kind).filter((kind) => kind !== 'wrap-up');
    expect(kinds).toEqual([
      ...['flow', 'queue', 'ringing', 'talk', 'consult', 'talk'],
      ...['hold', 'talk', 'hold', 'talk'],
    ]);
    expect(story.recordings).toHaveLength(1);
    expect((await of(inMenu.from)).segments.map(({ kind }) => kind)).toEqual([
      ...['flow', 'queue', 'ringing', 'talk', 'wrap-up'],
    ]);
    expect(await of(unanswered)).toMatchObject({
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
      segments: [{ kind: 'ringing', detail: 'app-restarted' }, { kind: 'ringing' }, { kind: 'talk' }],
    });
  };
});
