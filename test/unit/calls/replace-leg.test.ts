/** INVITE with Replaces: calls that ring are picked up, running ones are taken over, by whom that is allowed. */
import { ANN, BOB, SmallCenter } from './support/small-center';
import type { DialogDouble } from './support/dialog-double';

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

/** Who was called last says that it rings. */
const ringing = (): { id: string; isRinging: true } => ({ id: center.newest.ring(), isRinging: true });

const arrives = async (to: string): Promise<void> => {
  center.signaling.arrive('caller', { to: { number: to } });
  await center.pass();
};

const dials = async (number: string): Promise<void> => {
  void center.center.desks.perform(ANN, { command: 'dial', number });
  await center.pass();
  await center.answer();
};

describe('a call that rings at', () => {
  it('a phone is picked up by another, as the watchers of the first have been told to', async () => {
    await arrives('2001');
    expect(center.center.extensionCalls().get('2001')).toMatchObject([{ state: 'early', dialogs: [] }]);
    const at = ringing();
    const [shown] = center.center.extensionCalls().get('2001') ?? [];
    expect(shown?.dialogs).toMatchObject([{ localTag: 'theirs', remoteTag: 'ours' }]);
    const rang = center.newest;
    const picked = await center.replaces('2002', at);
    expect([picked.final, rang.state]).toEqual(['answered', 'over']);
    expect(center.joined).toEqual(['2002 + caller']);
    expect(center.center.extensionCalls().get('2001')).toBeUndefined();
    picked.leave();
    await center.pass();
    expect(center.history).toMatchObject({
      outcome: { result: 'answered', reason: 'hung-up', party: 'called' },
      parties: [{ id: 'caller' }, { role: 'called', id: '2002' }],
    });
    center.expectNothingLeft();
  });

  it('an agent whose extension was dialled, who is free again', async () => {
    await arrives('1001');
    expect(center.stateOf(ANN)).toBe('busy');
    await center.replaces('2001', ringing());
    expect(center.joined).toEqual(['2001 + caller']);
    expect(center.stateOf(ANN)).toBe('not-ready: signed-in');
    expect(center.callOf(ANN)).toBeUndefined();
  });

  it('a phone or an agent whom an agent calls', async () => {
    await dials('2001');
    await center.replaces('2002', ringing());
    expect(center.joined).toEqual(['2002 + ann']);
    await center.act(ANN, { command: 'hang-up' });
    await dials('1002');
    expect(center.stateOf(BOB)).toBe('busy');
    await center.replaces('2002', ringing());
    expect(center.joined).toEqual(['2002 + ann']);
    expect(center.stateOf(BOB)).toBe('not-ready: signed-in');
    await center.act(ANN, { command: 'hang-up' });
    center.expectNothingLeft();
  });

  it('an agent to whom it was transferred', async () => {
    const customer = await center.talkWithAnn();
    await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } });
    await center.replaces('2002', ringing());
    expect(center.joined).toEqual(['2002 + customer']);
    expect(center.stateOf(BOB)).toBe('not-ready: signed-in');
    expect(center.callOf(BOB)).toBeUndefined();
    customer.leave();
    await center.pass();
    center.expectNothingLeft();
  });

  it('an agent for a queue is that agent’s alone', async () => {
    await center.ready(ANN);
    await arrives('4000');
    const at = ringing();
    expect(center.center.extensionCalls().get('1001')).toMatchObject([{ state: 'early', dialogs: [] }]);
    expect((await center.replaces('2002', at)).status).toBe(486);
    await center.answer();
    expect(center.joined).toEqual(['ann + caller']);
  });

  it('a phone that answers too late and is deaf to the BYE holds nobody up', async () => {
    await dials('2001');
    const late = center.newest;
    center.signaling.arrive('2002', {
      origin: { kind: 'phone', userName: '2002' },
      replaces: { dialogId: late.ring(), isRinging: true },
    });
    late.answer();
    late.dialog!.hangup = () => new Promise(() => undefined);
    await center.pass();
    expect(center.joined).toEqual(['2002 + ann']);
    await center.act(ANN, { command: 'hold' });
    expect(center.callOf(ANN)?.state).toBe('held');
  });

  it('a phone is picked up by no trunk, and not once it is answered', async () => {
    await arrives('2001');
    const at = ringing();
    expect((await center.replaces('pbx', at, { kind: 'trunk', trunkId: 'local' })).status).toBe(403);
    await center.answer();
    expect((await center.replaces('2002', at)).status).toBe(481);
    expect(center.joined).toEqual(['2001 + caller']);
  });
});

describe('a running call', () => {
  const answered = async (): Promise<DialogDouble> => {
    const { dialog } = await center.answer();
    if (!dialog) throw new Error('there is no dialog');
    return dialog;
  };

  it('goes on at another telephone of the same extension, and of nobody else', async () => {
    await arrives('2001');
    const former = await answered();
    expect((await center.replaces('2002', former)).status).toBe(403);
    const second = await center.replaces('2001', former);
    expect(second.final).toBe('answered');
    expect(former.ended).toEqual({ by: 'local' });
    expect(center.joined).toEqual(['2001 + caller']);
  });

  it('of the calling phone, too', async () => {
    const mine = await center.phoneCalls('2001', '2002');
    await center.answer();
    if (!mine.dialog) throw new Error('there is no dialog');
    await center.replaces('2001', mine.dialog);
    expect(mine.dialog.ended).toEqual({ by: 'local' });
    expect(center.joined).toEqual(['2001 + 2002']);
  });

  it('of an agent is taken over by a phone that may, and the agent writes it up', async () => {
    const customer = await center.talkWithAnn();
    const agents = center.newest.dialog;
    if (!agents) throw new Error('there is no dialog');
    expect((await center.replaces('2002', agents)).status).toBe(403);
    const phone = await center.replaces('2003', agents);
    expect(center.joined).toEqual(['2003 + customer']);
    expect(agents.ended).toEqual({ by: 'local' });
    expect(center.stateOf(ANN)).toBe('wrap-up');
    phone.leave();
    await center.pass();
    expect(customer.dialog?.ended).toBeDefined();
    expect(center.history.recordings).toHaveLength(1);
  });

  it('of an outside party is taken over by its own trunk where that may transfer, and by no phone', async () => {
    const customer = await center.talkWithAnn();
    const { dialog } = customer;
    if (!dialog) throw new Error('there is no dialog');
    expect((await center.replaces('2003', dialog)).status).toBe(403);
    expect((await center.replaces('other', dialog, { kind: 'trunk', trunkId: 'other' })).status).toBe(403);
    center.referAllowed = false;
    expect((await center.replaces('local', dialog, { kind: 'trunk', trunkId: 'local' })).status).toBe(403);
    center.referAllowed = true;
    await center.replaces('local', dialog, { kind: 'trunk', trunkId: 'local' });
    expect(center.joined).toEqual(['ann + local']);
  });
});

it('media of phones are secured as their account says, whoever calls', async () => {
  await arrives('2003');
  const offered = [...center.media.endpoints.values()].map(({ srtp }) => srtp);
  expect(offered).toEqual([undefined, 'required']);
  await center.phoneCalls('2003', '2001');
  expect([...center.media.endpoints.values()].filter(({ srtp }) => srtp === 'required')).toHaveLength(2);
});

it('while masked, keys of whoever takes the customer’s place are hidden before anybody hears them', async () => {
  const customer = await center.talkWithAnn();
  expect(await center.act(ANN, { command: 'recording', action: 'mask' })).toMatchObject({ ok: true });
  const bridge = center.media.bridge.bind(center.media);
  const hidden: boolean[] = [];
  center.media.bridge = (one, other) => {
    hidden.push(center.media.hushed.has(one));
    return bridge(one, other);
  };
  await center.replaces('other', { id: customer.dialog!.id }, { kind: 'trunk', trunkId: 'local' });
  expect(center.joined).toEqual(['ann + other']);
  expect(hidden).toEqual([true]);
});
