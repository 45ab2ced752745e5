/**
 * The store dies in a conversation; what becomes of the call, its history and the next call. The other processes have
 * files of their own.
 */
import type { Health, InteractionView } from '../../api/contract/rest';
import type { ProductProcess } from '../support/process-tree';
import { StaffedProduct } from '../support/staffed-product';
import { describeNeeding } from '../support/tools';
import { pause, until } from '../support/wait';

const center = new StaffedProduct();

/** The next call works, from the greeting to its end. */
const nextCallWorks = async (): Promise<void> => {
  const { call, from } = await center.converse();
  await call.hangup();
  await center.agent.finishWrapUp();
  expect((await center.product.interactionFrom(from)).outcome).toEqual({
    result: 'answered',
    reason: 'hung-up',
    party: 'caller',
  });
};

/** Kills a process; resolves when another one is there, and the app is connected with it. */
const crash = async (name: ProductProcess): Promise<void> => {
  await center.product.crash(name);
  await until('the app to be connected with everything', isHealthy, 30_000);
};

const isHealthy = async (): Promise<boolean> =>
  ((await (await center.product.get('/api/v1/health')).json()) as Health).status === 'ok';

describeNeeding('chromium')('a store that dies in a conversation', () => {
  center.startForTests();

  it('[HA-04] [HA-09] store: the conversation goes on, and its interaction is complete afterwards', async () => {
    const { call, from } = await center.converse();
    const back = crash('store');
    await pause(1000);
    await center.bothHear(call);
    await back;
    await call.hangup();
    await center.agent.finishWrapUp();
    const interaction = await until(
      'the whole interaction',
      async () => (await center.product.history()).find((item) => item.caller.number === from && isComplete(item)),
      30_000,
    );
    expect(interaction).toMatchObject({
      agentId: 'agent1',
      outcome: { result: 'answered', reason: 'hung-up', party: 'caller' },
    });
    expect(interaction.recordings[0]?.durationMs).toBeGreaterThan(1000);
    await nextCallWorks();
  }, 120_000);
});

const isComplete = ({ endedAtMs, segments }: InteractionView): boolean =>
  endedAtMs !== undefined &&
  segments.some(({ kind }) => kind === 'wrap-up') &&
  segments.every((segment) => segment.endedAtMs !== undefined);
