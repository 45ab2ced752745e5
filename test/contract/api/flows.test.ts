/** Flows and numbers through the API. */
import { administrator } from '../../support/api/administrator';

const { send } = administrator();

const FLOW = {
  title: 'Night',
  start: 'answer',
  steps: { answer: { do: 'answer', next: 'queue' }, queue: { do: 'enqueue', queue: 'support' } },
};

it('a flow is saved in versions, read and listed', async () => {
  expect((await send('PUT', '/flows/night', FLOW)).status).toBe(200);
  const again = await send('PUT', '/flows/night', { ...FLOW, title: 'Night 2' });
  expect(await again.json()).toMatchObject({ id: 'night', version: 2, title: 'Night 2' });
  expect(await (await send('GET', '/flows/night')).json()).toMatchObject({
    version: 2,
    steps: { queue: { music: 'default' } },
  });
  const { items } = (await (await send('GET', '/flows')).json()) as { items: unknown[] };
  expect(items).toHaveLength(1);
  expect((await send('GET', '/flows/day')).status).toBe(404);
});

it('a flow that is not usable is refused with the path of each fault', async () => {
  const bad = { ...FLOW, steps: { ...FLOW.steps, queue: { do: 'enqueue', queue: 'nowhere' } } };
  const refused = await send('PUT', '/flows/bad', bad);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ message: 'steps.queue.queue: there is no queue nowhere' });
});

it('a number is set, listed and removed', async () => {
  const number = encodeURIComponent('+4930100');
  const body = { flowId: 'night', suffix: { min: 2, max: 4 }, redirect: [{ uri: 'sip:a@b', q: 0.5 }] };
  expect((await send('PUT', `/numbers/${number}`, body)).status).toBe(200);
  expect(await (await send('GET', '/numbers')).json()).toEqual({ items: [{ id: '+4930100', ...body }] });
  expect((await send('DELETE', `/numbers/${number}`)).status).toBe(200);
});

it.each([
  ['a flow that is not there', { flowId: 'day' }],
  ['a suffix upside down', { flowId: 'night', suffix: { min: 5, max: 2 } }],
  ['a contact that is none', { flowId: 'night', redirect: [{ uri: 'mailto:a@b' }] }],
])('%s is refused', async (_what, body) => {
  expect((await send('PUT', '/numbers/4001', body)).status).toBe(400);
});
