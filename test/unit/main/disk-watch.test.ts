import { Alarms } from '../../../base/alarms';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { DiskWatch } from '../../../main/recordings/disk-watch';

const setUp = () => {
  const clock = new SimulatedClock();
  const log = silentLogger();
  const alarms = new Alarms({ clock, log });
  let usedPercent = 10;
  const watch = new DiskWatch({
    ...{ dir: '/recordings', diskWarnPercent: 85, diskLimitPercent: 97, alarms, clock, log },
    measure: () =>
      usedPercent < 0 ? Promise.reject(new Error('gone')) : Promise.resolve({ usedPercent, freeBytes: 0 }),
  });
  const raised = async (percent: number): Promise<string[]> => {
    usedPercent = percent;
    const before = alarms.recent.length;
    await watch.look();
    return alarms.recent.slice(0, alarms.recent.length - before).map(({ kind, severity }) => `${kind} ${severity}`);
  };
  return { clock, alarms, watch, raised };
};

describe('the watch over the disk of the recordings', () => {
  it('tells once when it fills, when it is full, and when there is room again', async () => {
    const { raised, alarms } = setUp();
    expect(await raised(84.9)).toEqual([]);
    expect(await raised(85)).toEqual(['disk-filling warning']);
    expect(await raised(90)).toEqual([]);
    expect(await raised(97.5)).toEqual(['disk-full critical']);
    expect(await raised(97.2)).toEqual([]);
    expect(await raised(90)).toEqual(['disk-free info']);
    expect(await raised(98)).toEqual(['disk-full critical']);
    expect(await raised(20)).toEqual(['disk-free info']);
    expect(alarms.recent[1]?.message).toBe(
      'The disk of the recordings is 98 % full: from 97 % on no recording is begun.',
    );
  });

  it('does not ring on and on at a mark', async () => {
    const { raised } = setUp();
    expect(await raised(85.1)).toHaveLength(1);
    expect(await raised(84.8)).toEqual([]);
    expect(await raised(85.2)).toEqual([]);
    expect(await raised(83.9)).toEqual(['disk-free info']);
  });

  it('goes on when the disk cannot be measured, and ends with its timer', async () => {
    const { raised, watch, clock } = setUp();
    expect(await raised(-1)).toEqual([]);
    watch.start();
    await clock.advanceAsync(60_000, 30_000);
    watch.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
