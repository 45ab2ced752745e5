/** The real mediasoup worker when its owner is stopped from a terminal, and when its owner is killed. */
import { findMediasoupWorker } from '../support/mediasoup-worker';
import { pause, until } from '../support/wait';
import { WorkerOwner } from '../support/worker-owner';

const workerBin = findMediasoupWorker();

describe('a mediasoup worker', () => {
  let owner: WorkerOwner;

  beforeEach(async () => {
    owner = await WorkerOwner.start(workerBin);
  }, 30_000);

  afterEach(() => owner.cleanUp());

  test('outlives Ctrl-C in the terminal of its owner, and ends when its owner closes it', async () => {
    owner.interruptGroup();
    await pause(500);
    expect(owner.workerIsAlive).toBe(true);
    expect(await owner.end()).toBe(0);
    expect(owner.workerIsAlive).toBe(false);
    expect(owner.output).not.toContain('died');
  }, 20_000);

  test('does not outlive an owner that is killed', async () => {
    owner.kill();
    await until('the worker to end', () => !owner.workerIsAlive, 10_000);
  }, 20_000);
});
