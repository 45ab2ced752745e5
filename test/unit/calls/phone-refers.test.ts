/** A phone's blind REFER: whom it names takes its place, whoever it talks with, and nobody is lost on the way. */
import { fail, ok } from '../../../base/result';
import { ANN, BOB, SmallCenter, SUPPORT } from './support/small-center';
import type { DialogDouble } from './support/dialog-double';
import type { InviteDouble, OutgoingDouble } from './support/port-doubles';

const OUTSIDE = '+493088';
let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const dialogOf = (one: InviteDouble | OutgoingDouble): DialogDouble => {
  if (!one.dialog) throw new Error('there is no dialog');
  return one.dialog;
};

/** A caller from outside talks with this phone. */
const talksWith = async (extension: string): Promise<{ caller: InviteDouble; phone: DialogDouble }> => {
  const caller = center.signaling.arrive('caller', { to: { number: extension } });
  await center.pass();
  return { caller, phone: dialogOf(await center.answer()) };
};

const asks = async (phone: DialogDouble, number: string): Promise<number[]> => {
  const told = phone.asksFor(number);
  await center.pass();
  return told;
};

describe('a phone that has been called', () => {
  it('gives its caller to a number outside, and stays until that one answers', async () => {
    const { phone } = await talksWith('2002');
    const told = await asks(phone, OUTSIDE);
    expect(center.newest.request).toMatchObject({ target: { kind: 'number', number: OUTSIDE } });
    expect(center.joined).toEqual(['2002 + caller']);
    const outside = dialogOf(await center.answer());
    expect(told).toEqual([200]);
    expect(center.joined).toEqual([`${OUTSIDE} + caller`]);
    expect(phone.ended).toEqual({ by: 'local' });
    outside.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(center.history).toMatchObject({
      transfers: [{ kind: 'blind', byExtension: '2002', to: { kind: 'outside', id: OUTSIDE }, result: 'completed' }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'carrier' },
    });
    center.expectNothingLeft();
  });

  it('gives its caller to an agent, who is busy from the first ring', async () => {
    const { caller, phone } = await talksWith('2001');
    await asks(phone, '1001');
    expect(center.stateOf(ANN)).toBe('busy');
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', number: 'caller' });
    await center.answer();
    expect(center.joined).toEqual(['ann + caller']);
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', number: 'caller' });
    await center.act(ANN, { command: 'hold' });
    await center.act(ANN, { command: 'resume' });
    expect(center.joined).toEqual(['ann + caller']);
    caller.leave();
    await center.pass();
    expect(center.stateOf(ANN)).toBe('not-ready: signed-in');
    center.expectNothingLeft();
  });

  it('puts its caller into a queue', async () => {
    const { phone } = await talksWith('2001');
    const told = await asks(phone, '4000');
    expect(told).toEqual([200]);
    expect(center.entertained).toEqual(['caller']);
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', queueId: SUPPORT });
    await center.answer();
    expect(center.joined).toEqual(['ann + caller']);
  });

  it('that stays talks on when nobody answers', async () => {
    const { phone } = await talksWith('2001');
    const told = await asks(phone, '1001');
    center.newest.refuse('declined');
    await center.pass();
    expect(told).toEqual([480]);
    expect(center.joined).toEqual(['2001 + caller']);
    expect(center.stateOf(ANN)).toBe('not-ready: signed-in');
    expect(await asks(phone, '2003')).toEqual([]);
    await center.answer();
    expect(center.joined).toEqual(['2003 + caller']);
  });

  it('that has hung up gets its caller back when nobody answers', async () => {
    const { phone } = await talksWith('2001');
    await asks(phone, '2003');
    const ringing = center.newest;
    phone.end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(center.entertained).toEqual(['caller']);
    ringing.refuse('no_answer');
    await center.pass();
    expect(center.newest.request.target).toEqual({ kind: 'phone', userName: '2001' });
    await center.answer();
    expect(center.joined).toEqual(['2001 + caller']);
    expect(center.history.transfers).toMatchObject([{ result: 'returned' }]);
  });

  it('that takes the caller back no more leaves nothing behind', async () => {
    const { caller, phone } = await talksWith('2001');
    await asks(phone, '2003');
    const ringing = center.newest;
    phone.end({ by: 'remote', reason: undefined });
    await center.pass();
    ringing.refuse('busy');
    await center.pass();
    center.newest.refuse('no_answer');
    await center.pass();
    await center.endTone();
    expect(caller.dialog?.ended).toBeDefined();
    expect(center.history.outcome).toMatchObject({ reason: 'transfer-failed', party: 'system' });
    center.expectNothingLeft();
  });

  it('loses its caller like anybody, and the one who is rung is let go', async () => {
    const { caller, phone } = await talksWith('2001');
    await asks(phone, '1001');
    caller.leave();
    await center.pass();
    expect(center.stateOf(ANN)).toBe('not-ready: signed-in');
    center.expectNothingLeft();
  });
});

describe('a phone that has called', () => {
  it('another phone gives that one away, which is the customer from then on', async () => {
    const mine = await center.phoneCalls('2001', '2002');
    const theirs = dialogOf(await center.answer());
    await asks(dialogOf(mine), '2003');
    await center.answer();
    expect(center.joined).toEqual(['2002 + 2003']);
    expect(center.center.extensionCalls().get('2001')).toBeUndefined();
    theirs.end({ by: 'remote', reason: undefined });
    await center.pass();
    center.expectNothingLeft();
  });

  it('an agent gives the agent a colleague, or a phone', async () => {
    const mine = await center.phoneCalls('2001', '1001');
    await center.answer();
    await asks(dialogOf(mine), '1002');
    expect(center.callOf(BOB)).toMatchObject({ state: 'ringing', number: '1001' });
    await center.answer();
    expect(center.joined).toEqual(['ann + bob']);
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', number: '1002' });
    expect(center.callOf(BOB)).toMatchObject({ state: 'connected', number: '1001' });
    await center.act(BOB, { command: 'hang-up' });
    expect([center.stateOf(ANN), center.stateOf(BOB)]).toEqual(['not-ready: signed-in', 'not-ready: signed-in']);
    center.expectNothingLeft();
  });
});

describe('what a phone may not dial', () => {
  it('it may not transfer to either', async () => {
    const { phone } = await talksWith('2001');
    expect(await asks(phone, OUTSIDE)).toEqual([403]);
    expect(await asks(phone, '9')).toEqual([403]);
    expect(await asks(phone, '2001')).toEqual([486]);
    expect(center.joined).toEqual(['2001 + caller']);
  });

  it('for its limits is refused, and what it may is counted as its own', async () => {
    const begun: string[] = [];
    let mayCall = ok(undefined) as ReturnType<typeof ok<void>> | ReturnType<typeof fail>;
    const counted = { attempted: () => undefined, answered: () => undefined, ended: () => undefined };
    center = new SmallCenter({
      fraud: {
        mayCall: () => mayCall,
        begin: ({ account }) => {
          begun.push(account);
          return ok(counted);
        },
        goOn: () => counted,
      },
    });
    const { phone } = await talksWith('2002');
    mayCall = fail('forbidden', 'enough');
    expect(await asks(phone, OUTSIDE)).toEqual([403]);
    mayCall = ok(undefined);
    await asks(phone, OUTSIDE);
    expect(begun).toEqual(['phone:2002']);
  });
});

describe('a Replaces of a dialog that is not ours', () => {
  const elsewhere = { callId: 'x@pbx', toTag: 'a', fromTag: 'b', earlyOnly: false };

  it('goes to the phone that is named, and to the trunk it came from', async () => {
    const { phone } = await talksWith('2001');
    phone.asksFor('2003', elsewhere);
    await center.pass();
    expect(center.newest.request).toMatchObject({
      target: { kind: 'phone', userName: '2003' },
      headers: { Replaces: 'x@pbx;to-tag=a;from-tag=b' },
    });
    const customer = await (center = new SmallCenter()).talkWithAnn();
    customer.dialog?.asksFor('71', elsewhere);
    await center.pass();
    expect(center.newest.request).toMatchObject({
      target: { kind: 'trunk', trunkId: 'local', number: '71' },
      headers: { Replaces: 'x@pbx;to-tag=a;from-tag=b' },
    });
    await center.answer();
    expect(center.joined).toEqual(['71 + ann']);
  });

  it('is refused where it leads to an agent', async () => {
    const { phone } = await talksWith('2001');
    const told = phone.asksFor('1001', elsewhere);
    await center.pass();
    expect(told).toEqual([404]);
  });
});
