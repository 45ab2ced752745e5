/** The app dies while more than two are in a call: guests and supervisors stay, or leave cleanly. */
import { asId } from '../../../../base/ids';
import type { UserId } from '../../../../base/ids';
import type { SupervisionMode } from '../../../../media/supervision';
import type { DeskEvent } from '../../../../calls/ports';
import type { InviteDouble, OutgoingDouble } from '../support/port-doubles';
import { ANN, BOB } from '../support/small-center';
import { Lives } from '../support/lives';

const BOSS = { userId: asId<UserId>('u-boss'), userName: 'boss', displayName: 'Boss' };
const LEAD = { userId: asId<UserId>('u-bob'), userName: 'bob', displayName: 'Bob', agentId: BOB };
const PHONE = { kind: 'phone', extension: '1003' } as const;
const BROWSER = { kind: 'browser' } as const;

let lives: Lives;
let customer: InviteDouble;

beforeEach(async () => {
  lives = await Lives.begin({ phone: '1003' });
  customer = await lives.talkWithAnn();
});

/** Every pair of one who hears and one who is heard. */
const hearing = (): string[] => lives.media.hearing.map(([listener, speaker]) => `${listener} ${speaker}`).sort();

/** Bob, or a number outside, joins. */
const join = async (who: 'bob' | 'outside'): Promise<OutgoingDouble> => {
  const target = who === 'bob' ? { kind: 'agent', agentId: BOB } : { kind: 'number', number: '+4930777' };
  await lives.act(ANN, { command: 'consult', target } as never);
  const asked = await lives.answer();
  expect(await lives.act(ANN, { command: 'merge-consult' })).toMatchObject({ ok: true });
  return asked;
};

const supervise = async (by: typeof BOSS, mode: SupervisionMode, follows = false): Promise<OutgoingDouble> => {
  const callId = lives.callOf(ANN)!.callId;
  const target = follows ? { kind: 'agent', agentId: ANN } : { kind: 'call', callId };
  const device = by === LEAD ? BROWSER : PHONE;
  const begun = lives.center.supervision.begin({ by, mode, device, target } as never);
  await lives.pass();
  expect(await begun).toMatchObject({ ok: true });
  return lives.answer();
};

const over = async (): Promise<void> => {
  customer.leave();
  await lives.pass(120_000);
  lives.expectNothingLeft();
};

describe.each(['bob', 'outside'] as const)('with a guest (%s)', (who) => {
  it('all three talk on, and the host leaves to the guest afterwards', async () => {
    await join(who);
    const before = { hearing: hearing(), mixes: [...lives.media.mixes.keys()] };
    const parties = lives.callOf(ANN)?.parties;
    expect(before.hearing).toHaveLength(6);
    await lives.dieAndLive();
    expect({ hearing: hearing(), mixes: [...lives.media.mixes.keys()] }).toEqual(before);
    expect(lives.callOf(ANN)).toMatchObject({ state: 'connected', parties });
    expect(lives.stateOf(BOB)).toBe(who === 'bob' ? 'busy' : 'not-ready');
    await lives.act(ANN, { command: 'leave-call' });
    expect([lives.callOf(ANN)?.state, hearing().length]).toEqual(['wrap-up', 2]);
    await over();
    expect(lives.stateOf(BOB)).toBe('not-ready');
  });

  it('who has hung up meanwhile, had been let go, or cannot be had back, has left', async () => {
    for (const how of ['hung up', 'let go', 'gone'] as const) {
      lives = await Lives.begin({ phone: '1003' });
      customer = await lives.talkWithAnn();
      const guest = await join(who);
      lives.die();
      if (how === 'gone') guest.dialog = undefined;
      else if (how === 'let go') guest.dialog?.end({ by: 'local' });
      else guest.dialog?.end({ by: 'remote', reason: undefined });
      await lives.dieAndLive();
      expect([hearing().length, lives.media.mixes.size]).toEqual([2, 0]);
      expect(lives.callOf(ANN)).toMatchObject({ state: 'connected', parties: undefined });
      expect(lives.historyOf('customer').parties.at(-1)?.leftAtMs).toBeDefined();
      expect(lives.stateOf(BOB)).toBe('not-ready');
      await over();
    }
  });
});

it('a party outside that had been let go leaves the customer to the guest', async () => {
  const first = await join('outside');
  await join('outside');
  await lives.act(ANN, { command: 'leave-call' });
  expect(hearing()).toHaveLength(6);
  lives.die();
  first.dialog?.end({ by: 'local' });
  await lives.dieAndLive();
  expect([hearing().length, lives.center.openCalls]).toEqual([2, 1]);
  await over();
});

it('an agent whose browser is gone leaves the customer to the guest', async () => {
  await join('bob');
  lives.die();
  const [agent] = lives.signaling.outgoing;
  if (agent) agent.dialog = undefined;
  await lives.dieAndLive();
  expect([lives.callOf(BOB)?.state, hearing().length]).toEqual(['connected', 2]);
  await over();
});

describe.each([
  ['by a desk phone', BOSS],
  ['at the own seat', LEAD],
])('with a supervisor %s', (_how, by) => {
  it.each(['monitor', 'whisper', 'barge'] as const)(
    'who has %s goes on so, changes the mode and leaves',
    async (mode) => {
      await supervise(by, mode);
      const before = { hearing: hearing(), mixes: [...lives.media.mixes.keys()] };
      const [{ supervisionId } = { supervisionId: undefined as never }] = lives.center.supervision.list();
      await lives.dieAndLive();
      expect({ hearing: hearing(), mixes: [...lives.media.mixes.keys()] }).toEqual(before);
      expect(lives.center.supervision.list()).toMatchObject([
        { supervisionId, userId: by.userId, state: 'active', mode },
      ]);
      expect(lives.stateOf(BOB)).toBe(by === LEAD ? 'busy' : 'not-ready');
      expect(lives.historyOf('customer').supervisions).toEqual([
        expect.not.objectContaining({ endedAtMs: expect.anything() }),
      ]);
      const next = mode === 'whisper' ? 'barge' : 'whisper';
      const changed = lives.center.supervision.changeMode(supervisionId, by.userId, next);
      await lives.pass();
      expect(await changed).toMatchObject({ ok: true, value: { mode: next } });
      expect(hearing()).not.toEqual(before.hearing);
      const left = lives.center.supervision.leave(supervisionId, by.userId);
      await lives.pass();
      await left;
      expect([hearing().length, lives.media.mixes.size, lives.stateOf(BOB)]).toEqual([2, 0, 'not-ready']);
      await over();
    },
  );

  it('who cannot be had back has left, and both talk on alone', async () => {
    const called = await supervise(by, 'barge');
    lives.die();
    called.dialog = undefined;
    await lives.live();
    const told: DeskEvent[] = [];
    lives.center.desks.onEvent((event) => told.push(event));
    await lives.pass(1_000);
    expect([hearing().length, lives.media.mixes.size, lives.stateOf(BOB)]).toEqual([2, 0, 'not-ready']);
    expect(lives.center.supervision.list()).toEqual([]);
    expect(told).toContainEqual(
      expect.objectContaining({ supervision: expect.objectContaining({ state: 'ended', reason: 'unreachable' }) }),
    );
    expect(lives.historyOf('customer').supervisions?.[0]?.endedAtMs).toBeDefined();
    await over();
  });
});

it('a supervisor who follows the agent comes along to the next conversation', async () => {
  await supervise(BOSS, 'monitor', true);
  await lives.dieAndLive();
  customer.leave();
  await lives.pass(120_000);
  expect(lives.center.supervision.list()).toMatchObject([{ state: 'waiting', follows: ANN }]);
  customer = await lives.talkWithAnn('next');
  await lives.answer();
  expect(lives.center.supervision.list()).toMatchObject([{ state: 'active', follows: ANN }]);
  await over();
});

it('a supervisor whose telephone still rang begins anew', async () => {
  const callId = lives.callOf(ANN)!.callId;
  const order = { by: LEAD, mode: 'monitor', device: BROWSER, target: { kind: 'call', callId } };
  const begun = lives.center.supervision.begin(order as never);
  await lives.pass();
  expect(await begun).toMatchObject({ ok: true });
  await lives.dieAndLive();
  expect([lives.center.supervision.list(), lives.stateOf(BOB), hearing().length]).toEqual([[], 'not-ready', 2]);
  await over();
});
