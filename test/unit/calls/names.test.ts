import { ANN, OneAgent } from './support/one-agent';

it('desks show the Chinese names of queues and agents beside the others', async () => {
  const world = new OneAgent();
  const call = await world.talk();
  const { agent, queues } = world.center.desks.snapshot(ANN);
  expect(agent).toMatchObject({ displayName: 'Ann', displayNameZh: '安娜' });
  expect(queues).toMatchObject([{ name: 'Support', nameZh: '技术支持' }]);
  expect(call).toMatchObject({ queueName: 'Support', queueNameZh: '技术支持' });
});
