import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { keepSigningAlive, lastSignOfLife } from '../../../main/signs-of-life';

const world = () => {
  const clock = new SimulatedClock(0);
  const kept = new Map<string, unknown>();
  let isSilent = false;
  const waiting: (() => void)[] = [];
  const state = {
    get: <Value>(name: string) => Promise.resolve(kept.get(name) as Value | undefined),
    set: async (name: string, value: unknown): Promise<void> => {
      if (isSilent) await new Promise<void>((resolve) => waiting.push(resolve));
      kept.set(name, value);
    },
  };
  const silence = (): void => void (isSilent = true);
  const wake = (): void => {
    isSilent = false;
    for (const goOn of waiting.splice(0)) goOn();
  };
  return { clock, state, silence, wake, waiting, last: () => lastSignOfLife(state) };
};

it('says every five seconds that the app is there, from the start to the end', async () => {
  const { clock, state, last } = world();
  expect(await last()).toBeUndefined();
  clock.advance(1);
  const signs = keepSigningAlive(state, { clock, log: silentLogger() });
  expect(await last()).toBe(1);
  await clock.advanceAsync(12_000, 1_000);
  expect(await last()).toBe(10_001);
  await signs.close();
  await signs.close();
  expect(await last()).toBe(12_001);
  expect(clock.pendingTimers).toBe(0);
});

it('gives no second sign before the store has taken the first, which might replace it', async () => {
  const { clock, state, silence, wake, waiting, last } = world();
  const signs = keepSigningAlive(state, { clock, log: silentLogger() });
  await clock.advanceAsync(1);
  silence();
  await clock.advanceAsync(30_000, 1_000);
  expect(waiting).toHaveLength(1);
  wake();
  await clock.advanceAsync(5_000, 1_000);
  expect(await last()).toBe(35_000);
  await signs.close();
});
