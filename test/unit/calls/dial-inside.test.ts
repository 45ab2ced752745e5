/** What the desk of an agent who dials inside shows while it rings there. */
import { currentCallOf } from '../../../agent-web/src/desk/current-call';
import type { CallView } from '../../../api/contract/common';
import { ANN, BOB, SmallCenter } from './support/small-center';

it.each([
  ['a phone', '2001'],
  ['a colleague', '1002'],
  ['another exchange', '3001'],
])('is dialling, not connected, until %s answers', async (_whom, number) => {
  const center = new SmallCenter();
  const phase = (): string | undefined => {
    const view = center.callOf(ANN) as CallView | undefined;
    const leg = {
      callId: view?.callId ?? '',
      number,
      displayName: undefined,
      muted: false,
      trackId: 't1',
      media: 'connected',
    } as const;
    return currentCallOf(view ? [view] : [], [{ ...leg, state: 'connected' }])?.phase;
  };
  await center.center.desks.perform(ANN, { command: 'dial', number });
  expect(phase()).toBe('dialling');
  await center.pass();
  await center.answer();
  expect(center.newest.state).toBe('ringing');
  expect(phase()).toBe('dialling');
  await center.answer();
  expect(phase()).toBe('connected');
  if (number === '1002') expect(center.callOf(BOB)).toMatchObject({ state: 'connected', number: '1001' });
});
