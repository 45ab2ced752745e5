/** A queue outside its hours: desks see it, and its rule for that is performed in calls. */
import { SmallCenter, SUPPORT } from '../support/small-center';

const tile = (center: SmallCenter) =>
  center.center.desks.snapshot(undefined).queues.find(({ queueId }) => queueId === SUPPORT);

it('is shown as closed until it opens again, and all desks are told', async () => {
  const center = new SmallCenter();
  const told: unknown[] = [];
  center.center.desks.onEvent((event) => event.type === 'queues' && told.push(event.queues[0]?.closed));
  center.center.acd.configure({ type: 'queue-closed', queueId: SUPPORT });
  await center.pass();
  expect(tile(center)).toMatchObject({ closed: true });
  center.center.acd.configure({ type: 'queue-opened', queueId: SUPPORT });
  await center.pass();
  expect(tile(center)).not.toHaveProperty('closed');
  expect([told[0], told.at(-1)]).toEqual([true, undefined]);
});

it('sends callers where its rule says, and keeps those who waited before', async () => {
  const center = new SmallCenter({
    support: { overflow: [{ when: { kind: 'closed' }, to: { kind: 'message', target: 'closed-today' } }] },
  });
  center.signaling.arrive('early');
  await center.pass();
  center.center.acd.configure({ type: 'queue-closed', queueId: SUPPORT });
  center.signaling.arrive('late');
  await center.pass();
  const heard = [...center.media.plays.values()].flatMap(({ sources }) => sources);
  expect(heard).toContainEqual(expect.objectContaining({ name: 'closed-today' }));
  expect(tile(center)).toMatchObject({ waiting: 1, closed: true });
});

it('lets callers wait who meet no rule', async () => {
  const center = new SmallCenter();
  center.center.acd.configure({ type: 'queue-closed', queueId: SUPPORT });
  center.signaling.arrive('customer');
  await center.pass();
  expect(tile(center)).toMatchObject({ waiting: 1, closed: true });
});
