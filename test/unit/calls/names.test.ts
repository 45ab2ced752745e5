import { ANN, OneAgent } from './support/one-agent';
import { BOB, SmallCenter } from './support/small-center';

it('desks show the Chinese names of queues and agents beside the others', async () => {
  const world = new OneAgent();
  const call = await world.talk();
  const { agent, queues } = world.center.desks.snapshot(ANN);
  expect(agent).toMatchObject({ displayName: 'Ann', displayNameZh: '安娜' });
  expect(queues).toMatchObject([{ name: 'Support', nameZh: '技术支持' }]);
  expect(call).toMatchObject({ queueName: 'Support', queueNameZh: '技术支持' });
});

it('desks show the Chinese names of colleagues and phones in calls', async () => {
  const center = new SmallCenter();
  await center.ready(ANN, BOB);
  await center.center.desks.perform(ANN, { command: 'dial', number: '1002' });
  await center.pass();
  await center.answer();
  expect(center.callOf(ANN)).toMatchObject({ number: '1002', displayName: 'bob', displayNameZh: '波' });
  expect(center.callOf(BOB)).toMatchObject({ number: '1001', displayName: 'ann', displayNameZh: '安' });
  await center.act(ANN, { command: 'hang-up' });
  await center.center.desks.perform(ANN, { command: 'dial', number: '2001' });
  await center.pass();
  expect(center.callOf(ANN)).toMatchObject({ number: '2001', displayName: 'Door', displayNameZh: '门口' });
});

it('desks show the Chinese name of who consults, and none of customers', async () => {
  const center = new SmallCenter();
  await center.talkWithAnn();
  expect(center.callOf(ANN)?.displayNameZh).toBeUndefined();
  await center.act(ANN, { command: 'consult', target: { kind: 'agent', agentId: BOB } });
  expect(center.callOf(BOB)).toMatchObject({ consulted: true, displayName: 'ann', displayNameZh: '安' });
});
