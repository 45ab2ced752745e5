import { parseFlow } from '../../../flows/document';
import { OneAgent } from './support/one-agent';

it.each([
  ['gives variables values', { do: 'set', variables: {}, next: 'start' }],
  ['asks for one', { do: 'branch', on: 'caller', cases: {}, otherwise: 'start' }],
])('a flow that %s and goes in a circle ends the call', async (_what, start) => {
  const flow = parseFlow({ id: 'f', version: 1, title: '', start: 'start', steps: { start } });
  if (!flow.ok) throw new Error(flow.fault.message);
  const one = new OneAgent({ flow: flow.value });
  one.signaling.arrive('caller');
  await one.pass(1_000);
  expect(one.center.openCalls).toBe(0);
  expect([...one.saved.values()]).toMatchObject([
    { outcome: { result: 'failed', reason: 'flow-loops', party: 'system' } },
  ]);
});
