import { parseFlow } from '../../../flows/document';
import type { FlowDocument } from '../../../flows/document';
import { stepFlow } from '../../../flows/interpreter';

const document = (dial: Record<string, unknown>): unknown => ({
  id: 'f',
  version: 1,
  title: 'To the old exchange, or else the queue',
  start: 'exchange',
  steps: {
    exchange: { do: 'dial', number: '3{suffix}', otherwise: 'sorry', ...dial },
    sorry: { do: 'hang-up', reason: 'nobody there' },
  },
});

const parsed = (dial: Record<string, unknown> = {}): FlowDocument => {
  const flow = parseFlow(document(dial));
  if (!flow.ok) throw new Error(flow.fault.message);
  return flow.value;
};

it('dials and waits; a failure goes on at otherwise', () => {
  const flow = parsed({ headers: { 'X-Caller': '{caller}' } });
  const [acting, effects] = stepFlow(flow, { kind: 'idle' }, { type: 'start' });
  expect(acting).toEqual({ kind: 'acting', step: 'exchange' });
  expect(effects.at(-1)).toEqual({
    type: 'dial',
    number: '3{suffix}',
    ringTimeoutMs: 30_000,
    headers: { 'X-Caller': '{caller}' },
    tellsWhy: true,
  });
  const [ended, last] = stepFlow(flow, acting, { type: 'acted', done: false });
  expect(ended).toEqual({ kind: 'ended' });
  expect(last.at(-1)).toEqual({ type: 'hang-up', reason: 'nobody there' });
});

it('refuses headers that are not data, and a step that is not there', () => {
  expect(parseFlow(document({ headers: { Route: '<sip:evil;lr>' } })).ok).toBe(false);
  expect(parseFlow(document({ otherwise: 'nowhere' })).ok).toBe(false);
});
