/** Contacts that wait, as supervisors see them and what they order. */
import type { ContactId, UserId } from '../../../../base/ids';
import { asId } from '../../../../base/ids';
import type { ContactOrder, WaitingContact } from '../../../../calls/waiting-ports';
import { ANN, BOB, EVE, SALES, SmallCenter, SUPPORT, flowOf } from '../support/small-center';

const SUE = { userId: asId<UserId>('u'), displayName: 'Sue' };

let center: SmallCenter;

beforeEach(() => {
  center = new SmallCenter();
});

const arrive = async (number: string) => {
  const invite = center.signaling.arrive(number);
  await center.pass();
  return invite;
};

const list = (): WaitingContact[] => center.center.waiting.list();

const direct = async (contactId: ContactId, order: ContactOrder) => {
  const done = center.center.waiting.direct(contactId, order, SUE);
  await center.pass();
  return done;
};

it('who waits is listed in the order of being next, and who rings with the agent', async () => {
  await arrive('first');
  await arrive('second');
  expect(list().map(({ number, position, state, kind }) => [number, position, state, kind])).toEqual([
    ['first', 1, 'waiting', 'caller'],
    ['second', 2, 'waiting', 'caller'],
  ]);
  expect(center.center.waiting.list(SALES)).toEqual([]);
  await center.ready(ANN);
  await center.pass();
  expect(list()[0]).toMatchObject({ number: 'first', state: 'offered', agentIds: [ANN], queueId: SUPPORT });
});

it('a higher priority brings a caller to the front, and is noted', async () => {
  await arrive('first');
  await arrive('second');
  const second = list()[1]!;
  expect(await direct(second.contactId, { do: 'prioritise', priority: 10 })).toMatchObject({ ok: true });
  expect(list().map(({ number, priority }) => [number, priority])).toEqual([
    ['second', 10],
    ['first', 0],
  ]);
  expect(center.historyOf('second').queueNotes).toMatchObject([{ kind: 'prioritised', by: SUE, priority: 10 }]);
});

it('a move takes the caller to the other queue, whose agents get it, also while it rings elsewhere', async () => {
  await arrive('customer');
  await center.ready(ANN);
  await center.pass();
  const [contact] = list();
  expect(contact?.state).toBe('offered');
  expect(await direct(contact!.contactId, { do: 'move', queueId: SALES })).toMatchObject({ ok: true });
  expect(center.stateOf(ANN)).toBe('ready');
  expect(center.callOf(ANN)).toBeUndefined();
  expect(list()).toMatchObject([{ queueId: SALES, state: 'waiting' }]);
  await center.ready(EVE);
  await center.pass();
  await center.answer();
  expect(center.joined).toEqual(['customer + eve']);
  expect(center.history).toMatchObject({ queueId: SALES, queueNotes: [{ kind: 'moved', from: SUPPORT, to: SALES }] });
  expect(await direct(contact!.contactId, { do: 'remove' })).toMatchObject({ ok: false, fault: { code: 'not_found' } });
});

it('a caller is given to an agent who is free, whatever the skills; not to one who is not', async () => {
  const flow = flowOf({
    answer: { do: 'answer', next: 'queue' },
    queue: { do: 'enqueue', queue: 'sales' },
  });
  center = new SmallCenter({ flow });
  await arrive('customer');
  const [contact] = list();
  const refused = await direct(contact!.contactId, { do: 'assign', agentId: BOB });
  expect(refused).toMatchObject({ ok: false, fault: { code: 'conflict', message: expect.stringContaining('bob') } });
  await center.ready(BOB);
  await center.pass();
  expect(list()).toMatchObject([{ state: 'waiting' }]);
  expect(await direct(contact!.contactId, { do: 'assign', agentId: BOB })).toMatchObject({ ok: true });
  expect(center.callOf(BOB)?.state).toBe('ringing');
  await center.answer();
  expect(center.joined).toEqual(['bob + customer']);
  expect(center.history.queueNotes).toMatchObject([{ kind: 'assigned', by: SUE, agentId: BOB }]);
});

it('who is removed hears that nobody is there, and is let go', async () => {
  const invite = await arrive('customer');
  await direct(list()[0]!.contactId, { do: 'remove' });
  expect(list()).toEqual([]);
  const [play] = [...center.media.plays.values()];
  expect(play?.sources).toMatchObject([{ name: 'no-agents' }, { name: 'no-agents' }]);
  center.media.endPlay(play!.playId, 'finished');
  await center.pass();
  expect(invite.dialog?.ended).toBeDefined();
  expect(center.history).toMatchObject({ outcome: { reason: 'queue-removed' }, queueNotes: [{ kind: 'removed' }] });
});

it('a callback is seen without a call, moved and removed; it is not made then', async () => {
  const flow = flowOf({
    answer: { do: 'answer', next: 'queue' },
    queue: { do: 'enqueue', queue: 'support', callback: '{caller}' },
  });
  center = new SmallCenter({ flow });
  const invite = await arrive('+4930');
  invite.leave();
  await center.pass();
  const [contact] = list();
  expect(contact).toMatchObject({ kind: 'callback', number: '+4930', position: 1, state: 'waiting' });
  expect(contact).toHaveProperty('interactionId', undefined);
  await direct(contact!.contactId, { do: 'move', queueId: SALES });
  expect(list()).toMatchObject([{ kind: 'callback', queueId: SALES }]);
  await direct(contact!.contactId, { do: 'remove' });
  await center.ready(ANN, EVE);
  await center.pass();
  expect(list()).toEqual([]);
  expect(center.signaling.outgoing).toEqual([]);
});

it('what an agent consults is seen, and not taken away from it', async () => {
  await center.talkWithAnn();
  await center.act(ANN, { command: 'consult', target: { kind: 'queue', queueId: SALES } });
  const [contact] = list();
  expect(contact).toMatchObject({ kind: 'consult', queueId: SALES });
  const removed = await direct(contact!.contactId, { do: 'remove' });
  expect(removed).toMatchObject({ ok: false, fault: { code: 'conflict' } });
});
