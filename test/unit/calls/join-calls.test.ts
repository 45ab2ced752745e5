/** Attended transfer by REFER with Replaces: who hears whom afterwards, and whose history tells of it. */
import { ANN, SmallCenter, SUPPORT } from './support/small-center';
import type { DialogDouble } from './support/dialog-double';
import type { InviteDouble, OutgoingDouble } from './support/port-doubles';

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const dialogOf = (one: InviteDouble | OutgoingDouble): DialogDouble => {
  if (!one.dialog) throw new Error('there is no dialog');
  return one.dialog;
};

/** A caller from outside talks with the phone 2001. */
const receptionTalks = async (): Promise<{ caller: InviteDouble; reception: OutgoingDouble }> => {
  const caller = center.signaling.arrive('caller', { to: { number: '2001' } });
  await center.pass();
  return { caller, reception: await center.answer() };
};

const kindsOf = (caller: string): string[] => center.historyOf(caller).segments.map(({ kind }) => kind);

describe('a phone with two calls', () => {
  it('gives its caller to the phone that it has asked: both calls of it end, and the history stays the caller’s', async () => {
    const { caller, reception } = await receptionTalks();
    const asking = await center.phoneCalls('2001', '2002');
    const office = await center.answer();
    expect(center.joined).toEqual(['2001 + 2002', '2001 + caller']);
    const told = dialogOf(reception).asksFor('2002', dialogOf(asking));
    await center.pass();
    expect(told).toEqual([200]);
    expect(center.joined).toEqual(['2002 + caller']);
    expect(center.recorded).toEqual(['caller | 2002']);
    expect([dialogOf(asking).ended, dialogOf(reception).ended]).toEqual([{ by: 'local' }, { by: 'local' }]);
    expect(center.center.extensionCalls().get('2001')).toBeUndefined();
    expect(center.center.extensionCalls().get('2002')).toMatchObject([{ state: 'confirmed', direction: 'recipient' }]);
    dialogOf(office).end({ by: 'remote', reason: undefined });
    await center.pass();
    expect(dialogOf(caller).ended).toEqual({ by: 'local' });
    expect(center.historyOf('caller')).toMatchObject({
      transfers: [{ kind: 'attended', byExtension: '2001', to: { kind: 'outside', id: '2002' }, result: 'completed' }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'carrier' },
      recordings: [{ n: 1 }],
    });
    expect(center.historyOf('2001').outcome).toMatchObject({ result: 'answered', reason: 'transferred' });
    center.expectNothingLeft();
  });

  it('may ask by either of its dialogs', async () => {
    const { reception } = await receptionTalks();
    const asking = await center.phoneCalls('2001', '2002');
    await center.answer();
    expect(dialogOf(asking).asksFor('caller', dialogOf(reception))).toEqual([]);
    await center.pass();
    expect(center.joined).toEqual(['2002 + caller']);
    expect(center.historyOf('caller').transfers).toMatchObject([{ to: { id: '2002' } }]);
  });

  it('gives its caller to the agent whom it has asked: the desk keeps its call, which is the caller’s now', async () => {
    const { caller, reception } = await receptionTalks();
    const asking = await center.phoneCalls('2001', '1001');
    await center.answer();
    const before = center.callOf(ANN);
    expect(before).toMatchObject({ state: 'connected', number: '2001' });
    dialogOf(reception).asksFor('1001', dialogOf(asking));
    await center.pass();
    expect(center.joined).toEqual(['ann + caller']);
    expect(center.callOf(ANN)).toMatchObject({ callId: before?.callId, state: 'connected', number: 'caller' });
    expect(center.stateOf(ANN)).toBe('busy');
    caller.leave();
    await center.pass();
    expect(center.stateOf(ANN)).toBe('not-ready: signed-in');
    expect(center.historyOf('caller')).toMatchObject({
      agentId: 'ann',
      transfers: [{ kind: 'attended', to: { kind: 'agent', id: 'ann' }, result: 'completed' }],
      recordings: [{ n: 1 }],
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    expect(kindsOf('caller')).toEqual(['ringing', 'talk', 'talk']);
    expect(center.historyOf('2001').outcome?.reason).toBe('transferred');
    center.expectNothingLeft();
  });

  it('puts its caller into the queue where it waits itself', async () => {
    const { reception } = await receptionTalks();
    const asking = await center.phoneCalls('2001', '4000');
    dialogOf(reception).asksFor('4000', dialogOf(asking));
    await center.pass();
    expect(center.joined).toEqual([]);
    expect(center.entertained).toEqual(['caller']);
    await center.ready(ANN);
    await center.pass();
    expect(center.callOf(ANN)).toMatchObject({ state: 'ringing', number: 'caller', queueId: SUPPORT });
    await center.answer();
    expect(center.joined).toEqual(['ann + caller']);
    expect(kindsOf('caller')).toEqual(['ringing', 'talk', 'queue', 'ringing', 'talk']);
  });

  it('joins two whom it has called itself, an agent among them', async () => {
    const toAgent = await center.phoneCalls('2002', '1001');
    await center.answer();
    const toPhone = await center.phoneCalls('2002', '2003');
    await center.answer();
    dialogOf(toPhone).asksFor('1001', dialogOf(toAgent));
    await center.pass();
    expect(center.joined).toEqual(['2003 + ann']);
    expect(center.callOf(ANN)).toMatchObject({ state: 'connected', number: '2003' });
    await center.act(ANN, { command: 'hang-up' });
    center.expectNothingLeft();
  });
});

describe('is refused', () => {
  it('a REFER that names a call of somebody else', async () => {
    const { reception } = await receptionTalks();
    const others = await center.phoneCalls('2002', '2003');
    await center.answer();
    const told = dialogOf(reception).asksFor('2003', dialogOf(others));
    await center.pass();
    expect(told).toEqual([603]);
    expect(center.joined).toEqual(['2001 + caller', '2002 + 2003']);
  });

  it('one of a trunk that may not, and not of one that may', async () => {
    const agents = center.signaling.arrive('pbx one', { to: { number: '1001' } });
    await center.pass();
    await center.answer();
    const phones = center.signaling.arrive('pbx two', { to: { number: '2001' } });
    await center.pass();
    await center.answer();
    center.referAllowed = false;
    const told = dialogOf(agents).asksFor('2001', dialogOf(phones));
    await center.pass();
    expect(told).toEqual([603]);
    center.referAllowed = true;
    dialogOf(agents).asksFor('2001', dialogOf(phones));
    await center.pass();
    expect(center.joined).toEqual(['2001 + ann']);
  });

  it('one that names its own call, or one that has ended', async () => {
    const { reception } = await receptionTalks();
    const told = dialogOf(reception).asksFor('2001', dialogOf(reception));
    expect(told).toEqual([603]);
    const asking = await center.phoneCalls('2001', '2002');
    await center.answer();
    const { dialog } = asking;
    asking.leave();
    await center.pass();
    const late = dialogOf(reception).asksFor('2002', dialog);
    await center.pass();
    expect(late).toEqual([603]);
    expect(center.joined).toEqual(['2001 + caller']);
  });
});
