import { EventEmitter } from 'node:events';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { watchDriver } from '../../../store/watch-driver';
import type { WatchedClient } from '../../../store/watch-driver';

/** A look may take 5 s, one that awaits news 2 s longer, and there is a margin of 1 s. */
const LIMIT_MS = 6_000;
const AWAITED_LIMIT_MS = 8_000;

/** The driver as far as it is watched: what it is told to do, and what it says. */
class Driver extends EventEmitter {
  readonly done: string[] = [];
  topology: { close(): void } | undefined = { close: () => void this.done.push('parted') };
  closing: () => Promise<void> = () => Promise.resolve();
  connecting: () => Promise<void> = () => Promise.resolve();

  async close(): Promise<void> {
    this.done.push('close');
    await this.closing();
  }

  async connect(): Promise<this> {
    this.done.push('connect');
    await this.connecting();
    return this;
  }

  looksAt(connectionId: string, awaited = false): void {
    this.emit('serverHeartbeatStarted', { connectionId, awaited });
  }

  hasSeen(connectionId: string): void {
    this.emit('serverHeartbeatSucceeded', { connectionId });
  }
}

let driver: Driver;
let clock: SimulatedClock;
let end: () => void;
beforeEach(() => {
  driver = new Driver();
  clock = new SimulatedClock();
  const options = { clock, log: silentLogger(), lookTimeoutMs: 5_000, awaitMs: 2_000 };
  end = watchDriver(driver as unknown as WatchedClient, options);
});
afterEach(() => {
  end();
  expect(clock.pendingTimers).toBe(0);
});

it('a look that hangs has the connections opened anew, and one that awaits news has longer', async () => {
  driver.looksAt('a');
  await clock.advanceAsync(LIMIT_MS - 1);
  driver.hasSeen('a');
  driver.looksAt('a', true);
  await clock.advanceAsync(AWAITED_LIMIT_MS - 1);
  expect(driver.done).toEqual([]);
  await clock.advanceAsync(1);
  expect(driver.done).toEqual(['close', 'connect']);
});

it('a look that fails is over', async () => {
  driver.looksAt('a');
  driver.emit('serverHeartbeatFailed', { connectionId: 'a' });
  await clock.advanceAsync(LIMIT_MS);
  expect(driver.done).toEqual([]);
});

it('a look at one server that hangs is noticed while others answer', async () => {
  driver.looksAt('a');
  for (let second = 0; second < 6; second += 1) {
    driver.looksAt('b');
    await clock.advanceAsync(1_000);
    driver.hasSeen('b');
  }
  expect(driver.done).toEqual(['close', 'connect']);
});

it('nobody waits for a look at a server that is none any more', async () => {
  driver.looksAt('a');
  driver.emit('serverClosed', { address: 'a' });
  await clock.advanceAsync(LIMIT_MS);
  expect(driver.done).toEqual([]);
});

it('a stall of this process is no silence of the server: its reply lies there unread', async () => {
  driver.looksAt('a');
  clock.stall(60_000);
  driver.hasSeen('a');
  await clock.advanceAsync(LIMIT_MS);
  expect(driver.done).toEqual([]);
});

it('a close that hangs is not waited for; when it ends after all, it has closed what was opened, so that is opened again', async () => {
  let goOn = (): void => undefined;
  driver.closing = () => new Promise((resolve) => (goOn = resolve));
  driver.looksAt('a');
  await clock.advanceAsync(LIMIT_MS);
  expect(driver.done).toEqual(['close']);
  await clock.advanceAsync(3_000);
  expect(driver.done).toEqual(['close', 'parted', 'connect']);
  expect(driver.topology).toBeUndefined();
  goOn();
  await clock.advanceAsync(1);
  expect(driver.done).toEqual(['close', 'parted', 'connect', 'connect']);
});

it('a database that does not answer is tried again every second, until the end', async () => {
  driver.connecting = () => Promise.reject(new Error('away'));
  driver.looksAt('a');
  await clock.advanceAsync(LIMIT_MS);
  await clock.advanceAsync(2_000, 1_000);
  expect(driver.done).toEqual(['close', 'connect', 'connect', 'connect']);
  end();
  await clock.advanceAsync(5_000, 1_000);
  expect(driver.done).toHaveLength(4);
});

it('looks that hang while the connections are opened anew begin nothing twice', async () => {
  let opened = (): void => undefined;
  driver.connecting = () => new Promise((resolve) => (opened = resolve));
  driver.looksAt('a');
  await clock.advanceAsync(LIMIT_MS);
  driver.looksAt('b');
  await clock.advanceAsync(LIMIT_MS);
  expect(driver.done).toEqual(['close', 'connect']);
  opened();
  await clock.advanceAsync(1);
  await clock.advanceAsync(LIMIT_MS);
  expect(driver.done).toEqual(['close', 'connect', 'close', 'connect']);
  opened();
});
