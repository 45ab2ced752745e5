/** Agents who hear at a desk phone or at a number outside: what rings, who has answered, and what the desk can do. */
import type { AgentId } from '../../../base/ids';
import { fail } from '../../../base/result';
import { createCallPermission } from '../../../calls/call-permission';
import type { CenterDeps } from '../../../calls/center';
import type { Station } from '../../../store/stations';
import { ANN, BOB, SmallCenter } from './support/small-center';
import { StationsDouble } from './support/stations-double';

const PHONE: Station = { kind: 'phone', extension: '2002' };
const MOBILE: Station = { kind: 'number', number: '+49170123', language: 'en' };
const ASKING_MS = 15_000;

const begin = async (
  station: Station,
  options: Partial<Pick<CenterDeps, 'permission' | 'fraud'>> = {},
): Promise<{ center: SmallCenter; stations: StationsDouble }> => {
  const stations = new StationsDouble();
  const center = new SmallCenter({ stations, ...options });
  expect(await choose(center, ANN, station)).toEqual({ ok: true, value: undefined });
  return { center, stations };
};

const choose = (center: SmallCenter, agentId: AgentId, station: Station) =>
  center.center.desks.perform(agentId, { command: 'station', station });

/** A caller is offered to Ann. */
const offered = async (station: Station) => {
  const begun = await begin(station);
  await begun.center.ready(ANN);
  const customer = begun.center.signaling.arrive('customer');
  await begun.center.pass();
  return { ...begun, customer };
};

/** Whoever answers the newest call presses a key. */
const press = async (center: SmallCenter, digit: string): Promise<void> => {
  const endpointId = endpointOfNewest(center);
  center.media.emit({ type: 'digit', endpointId, digit, form: 'rfc4733', durationMs: 100 });
  await center.pass();
};

const endpointOfNewest = ({ media, newest }: SmallCenter) => {
  const found = [...media.endpoints.keys()].find((id) => newest.request.sdp === `sdp of ${id}`);
  if (found === undefined) throw new Error('the newest call has no media');
  return found;
};

describe('a desk phone', () => {
  it('[ACD-31] rings instead of the browser; its answer takes the call, and the desk shows and directs it', async () => {
    const { center } = await offered(PHONE);
    expect(center.newest.request).toMatchObject({
      target: { kind: 'phone', userName: '2002' },
      from: { number: 'customer' },
    });
    expect(center.newest.request.headers).not.toHaveProperty('X-Switchroom-Call');
    expect(center.media.endpoints.get(endpointOfNewest(center))?.kind).toBe('rtp');
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', station: PHONE });
    expect(center.callOf(ANN)?.autoAnswerMs).toBeUndefined();
    await center.answer();
    expect(center.joined).toEqual(['2002 + customer']);
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', number: 'customer', station: PHONE });
    await center.act(ANN, { command: 'hold' });
    expect(center.callOf(ANN)?.state).toBe('held');
    // The phone, which hears silence, is not to take the call for lost.
    expect(center.entertained).toEqual(['2002', 'customer']);
    await center.act(ANN, { command: 'resume' });
    expect(center.joined).toEqual(['2002 + customer']);
    await center.act(ANN, { command: 'hang-up' });
    expect(center.callOf(ANN)?.state).toBe('wrap-up');
    expect(center.stateOf(ANN)).toBe('wrap-up');
    center.expectNothingLeft();
  });

  it('who mutes at the desk is not heard, though no browser silences the phone', async () => {
    const { center } = await offered(PHONE);
    await center.answer();
    expect(center.hearing).toEqual(['2002: customer', 'customer: 2002']);
    await center.act(ANN, { command: 'mute' });
    expect(center.hearing).toEqual(['2002: customer']);
    await center.act(ANN, { command: 'hold' });
    await center.act(ANN, { command: 'resume' });
    expect(center.hearing).toEqual(['2002: customer']);
    await center.act(ANN, { command: 'unmute' });
    expect(center.joined).toEqual(['2002 + customer']);
    await center.act(ANN, { command: 'hang-up' });
    center.expectNothingLeft();
  });

  it('who hangs up there hangs up as at the desk', async () => {
    const { center } = await offered(PHONE);
    const phone = await center.answer();
    phone.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(center.stateOf(ANN)).toBe('wrap-up');
    expect(center.history.outcome).toMatchObject({ result: 'answered', party: 'agent' });
    center.expectNothingLeft();
  });

  it.each(['declined', 'busy', 'no_answer', 'unavailable'] as const)(
    'an offer that it answers with %s fails, and the caller waits for the next agent',
    async (code) => {
      const { center } = await offered(PHONE);
      center.newest.refuse(code);
      await center.pass();
      expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
      await center.ready(BOB);
      await center.pass();
      expect(center.newest.request.target).toEqual({ kind: 'user', userName: BOB });
      await center.answer();
      expect(center.joined).toEqual(['bob + customer']);
    },
  );

  it('an offer is taken back when the phone is registered no more, or the caller leaves', async () => {
    const { center, customer } = await offered(PHONE);
    customer.leave();
    await center.pass();
    expect(center.newest.state).toBe('over');
    expect(center.callOf(ANN)).toBeUndefined();
    center.expectNothingLeft();
  });

  it('without the phone the agent gets no calls', async () => {
    const { center, stations } = await begin(PHONE);
    await center.ready(ANN);
    stations.absent.add(ANN);
    center.center.stationChanged(ANN);
    expect(center.center.desks.snapshot(ANN).agent).toMatchObject({ deviceRegistered: false, station: PHONE });
    center.signaling.arrive('customer');
    await center.pass();
    expect(center.signaling.outgoing).toEqual([]);
    stations.absent.delete(ANN);
    center.center.stationChanged(ANN);
    await center.pass();
    expect(center.callOf(ANN)?.state).toBe('ringing');
  });

  it('a phone that falls silent in a conversation gives the caller back to the queue', async () => {
    const { center } = await offered(PHONE);
    await center.answer();
    center.media.lose(endpointOfNewest(center), 'media-timeout');
    await center.pass();
    expect(center.stateOf(ANN)).toBe('not-ready: device-lost');
    expect(center.entertained).toEqual(['customer']);
    expect(center.center.desks.snapshot(undefined).queues[0]?.waiting).toBe(1);
  });

  it('the agent dials from the desk: the phone rings first, then the far end', async () => {
    const { center } = await begin(PHONE);
    await center.center.desks.perform(ANN, { command: 'dial', number: '+4930555' });
    await center.pass();
    expect(center.newest.request).toMatchObject({ target: { kind: 'phone', userName: '2002' } });
    expect(center.newest.request.headers).not.toHaveProperty('X-Switchroom-Auto-Answer');
    await center.answer();
    expect(center.newest.request.target).toEqual({ kind: 'number', number: '+4930555' });
    await center.answer();
    expect(center.joined).toEqual(['+4930555 + 2002']);
  });

  it('a colleague who hears there is called there, and consulted there', async () => {
    const { center } = await begin(PHONE);
    await center.center.desks.perform(BOB, { command: 'dial', number: '1001' });
    await center.pass();
    await center.answer();
    expect(center.newest.request.target).toEqual({ kind: 'phone', userName: '2002' });
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', station: PHONE });
    await center.answer();
    expect(center.joined).toEqual(['2002 + bob']);
    await center.act(BOB, { command: 'hang-up' });
    await center.ready(BOB);
    center.signaling.arrive('customer');
    await center.pass();
    await center.answer();
    await center.act(BOB, { command: 'consult', target: { kind: 'agent', agentId: ANN } });
    expect(center.newest.request.target).toEqual({ kind: 'phone', userName: '2002' });
    await center.answer();
    expect(center.joined).toEqual(['2002 + bob']);
    await center.act(BOB, { command: 'complete-transfer' });
    expect(center.joined).toEqual(['2002 + customer']);
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', station: PHONE });
  });
});

describe('a number outside', () => {
  it('[ACD-31] takes the call when a person there presses 1; until then nobody is joined', async () => {
    const { center } = await offered(MOBILE);
    expect(center.newest.request).toMatchObject({
      target: { kind: 'number', number: '+49170123' },
      from: { number: '100' },
    });
    await center.answer();
    expect(center.joined).toEqual([]);
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', station: MOBILE });
    const asked = [...center.media.plays.values()].find(({ endpointId }) => endpointId === endpointOfNewest(center));
    expect(asked).toMatchObject({
      loop: true,
      sources: [{ kind: 'prompt', name: 'station-press-one', language: 'en' }, {}],
    });
    await press(center, '5');
    expect(center.joined).toEqual([]);
    await press(center, '1');
    expect(center.joined).toEqual(['+49170123 + customer']);
    expect(center.callOf(ANN)?.state).toBe('connected');
    expect(center.history.digits).toEqual([]);
    await center.act(ANN, { command: 'hang-up' });
    center.expectNothingLeft();
  });

  it('a key by SIP INFO will do, too', async () => {
    const { center } = await offered(MOBILE);
    const mobile = await center.answer();
    mobile.dialog?.pressed({ digit: '1', durationMs: 100 });
    await center.pass();
    expect(center.joined).toEqual(['+49170123 + customer']);
  });

  it('a mailbox that answers and presses nothing gets no caller: the offer fails', async () => {
    const { center } = await offered(MOBILE);
    const mailbox = await center.answer();
    await center.pass(ASKING_MS);
    expect(mailbox.dialog?.ended).toBeDefined();
    expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
    await center.ready(BOB);
    await center.pass();
    await center.answer();
    expect(center.joined).toEqual(['bob + customer']);
  });

  it('who answers and hangs up has declined', async () => {
    const { center } = await offered(MOBILE);
    const mobile = await center.answer();
    mobile.dialog?.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
    expect(center.history.segments.some(({ detail }) => detail === 'declined')).toBe(true);
  });

  it('a caller who leaves while it is asked leaves nothing behind', async () => {
    const { center, customer } = await offered(MOBILE);
    const mobile = await center.answer();
    customer.leave();
    await center.pass();
    expect(mobile.dialog?.ended).toBeDefined();
    expect(center.stateOf(ANN)).toBe('ready');
    center.expectNothingLeft();
  });

  it('without a language the sentence is said in all of them', async () => {
    const { center } = await offered({ kind: 'number', number: '+49170123' });
    await center.answer();
    const languages = [...center.media.plays.values()].flatMap(({ sources }) =>
      sources.flatMap((source) =>
        source.kind === 'prompt' && source.name === 'station-press-one' ? [source.language] : [],
      ),
    );
    expect(languages).toEqual(['en', 'zh-CN']);
  });

  it('the agent who may not call it has an offer that cannot be made', async () => {
    let mayCall = true;
    const permission = createCallPermission(() => []);
    const stations = new StationsDouble();
    const center = new SmallCenter({
      stations,
      permission: {
        ...permission,
        outbound: (asked) => (mayCall ? permission.outbound(asked) : fail('forbidden', 'no')),
      },
    });
    expect(await choose(center, ANN, MOBILE)).toMatchObject({ ok: true });
    mayCall = false;
    await center.ready(ANN);
    center.signaling.arrive('customer');
    await center.pass();
    expect(center.signaling.outgoing).toEqual([]);
    expect(center.stateOf(ANN)).toBe('not-ready: no-answer');
  });
});

describe('choosing a station', () => {
  it('what an administrator has not allowed, what is not there and what the agent may not dial is refused', async () => {
    const { center, stations } = await begin({ kind: 'browser' });
    expect(await choose(center, ANN, { kind: 'phone', extension: '2999' })).toMatchObject({
      fault: { code: 'not_found' },
    });
    expect(await choose(center, ANN, { kind: 'number', number: '1002' })).toMatchObject({
      fault: { code: 'bad_input' },
    });
    expect(await choose(center, ANN, { kind: 'number', number: '112' })).toMatchObject({
      fault: { code: 'forbidden' },
    });
    expect(await choose(center, ANN, { kind: 'number', number: 'nonsense!' })).toMatchObject({ ok: false });
    stations.allowed = ['browser'];
    for (const station of [PHONE, MOBILE])
      expect(await choose(center, ANN, station)).toMatchObject({ fault: { code: 'forbidden' } });
    expect(await choose(center, ANN, { kind: 'browser' })).toMatchObject({ ok: true });
    expect(stations.of(ANN)).toEqual({ kind: 'browser' });
  });

  it('a number is kept as it is dialled', async () => {
    const { stations } = await begin({ kind: 'number', number: '+49 (170) 123-4' });
    expect(stations.of(ANN)).toEqual({ kind: 'number', number: '+491701234' });
  });

  it('a phone is one agent’s at a time: of somebody who has signed out it can be had', async () => {
    const { center, stations } = await begin(PHONE);
    expect(await choose(center, BOB, PHONE)).toMatchObject({ fault: { code: 'conflict' } });
    center.center.desks.signOut(ANN);
    expect(await choose(center, BOB, PHONE)).toMatchObject({ ok: true });
    expect([stations.of(ANN), stations.of(BOB)]).toEqual([{ kind: 'browser' }, PHONE]);
  });

  it('of two who choose one phone at the same moment the first has it', async () => {
    const { center, stations } = await begin({ kind: 'browser' });
    const both = await Promise.all([choose(center, ANN, PHONE), choose(center, BOB, PHONE)]);
    expect(both).toMatchObject([{ ok: true }, { fault: { code: 'conflict' } }]);
    expect([stations.of(ANN), stations.of(BOB)]).toEqual([PHONE, { kind: 'browser' }]);
  });

  it('during a call it counts from the next one on', async () => {
    const { center } = await offered(PHONE);
    await center.answer();
    expect(await choose(center, ANN, { kind: 'browser' })).toMatchObject({ ok: true });
    expect(center.joined).toEqual(['2002 + customer']);
    expect(center.callOf(ANN)?.station).toEqual(PHONE);
  });
});
