import { SimulatedClock, sleep } from '../../../base/clock';
import { KeyedSerialQueue } from '../../../base/serial-queue';

describe('work with a key', () => {
  const setUp = () => {
    const clock = new SimulatedClock();
    const queue = new KeyedSerialQueue<string>();
    const seen: string[] = [];
    const work = (key: string, name: string, delayMs: number): Promise<string> =>
      queue.run(key, async () => {
        seen.push(`${name} begins`);
        await sleep(clock, delayMs);
        seen.push(`${name} ends`);
        return name;
      });
    return { clock, queue, seen, work };
  };

  test('of the same key runs in the order of arrival and never interleaves', async () => {
    const { clock, seen, work } = setUp();
    const all = Promise.all([work('call', 'slow', 30), work('call', 'quick', 1), work('call', 'last', 1)]);
    await clock.advanceAsync(40, 1);
    expect(await all).toEqual(['slow', 'quick', 'last']);
    expect(seen).toEqual(['slow begins', 'slow ends', 'quick begins', 'quick ends', 'last begins', 'last ends']);
  });

  test('of different keys does not wait for each other', async () => {
    const { clock, seen, work } = setUp();
    const all = Promise.all([work('a', 'slow', 30), work('b', 'quick', 1)]);
    await clock.advanceAsync(40, 1);
    await all;
    expect(seen).toEqual(['slow begins', 'quick begins', 'quick ends', 'slow ends']);
  });

  test('that fails rejects for its own caller only; the next one runs', async () => {
    const { queue } = setUp();
    const failing = queue.run('call', () => Promise.reject(new Error('gone')));
    const throwing = queue.run('call', () => {
      throw new Error('at once');
    });
    const next = queue.run('call', () => 'still here');
    await expect(failing).rejects.toThrow('gone');
    await expect(throwing).rejects.toThrow('at once');
    await expect(next).resolves.toBe('still here');
  });

  test('added by work of the same key comes after it', async () => {
    const { queue, seen } = setUp();
    let inner: Promise<void> | undefined;
    await queue.run('call', () => {
      inner = queue.run('call', () => void seen.push('inner'));
      seen.push('outer');
    });
    await inner;
    expect(seen).toEqual(['outer', 'inner']);
  });

  test('leaves no key behind, whether it succeeded or not', async () => {
    const { queue } = setUp();
    const all = [
      queue.run('a', () => 1),
      queue.run('a', () => Promise.reject(new Error('gone'))),
      queue.run('b', () => 2),
    ];
    expect(queue.activeKeys).toBe(2);
    await Promise.allSettled(all);
    await Promise.resolve();
    expect(queue.activeKeys).toBe(0);
  });
});
