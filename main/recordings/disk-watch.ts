/** Tells operators when the disk of the recordings is filling, is full, and has room again. */
import type { Alarms } from '../../base/alarms';
import type { Clock, Timer } from '../../base/clock';
import { diskUse } from '../../base/disk-use';
import type { DiskUse } from '../../base/disk-use';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import { diskAlarm, diskFreeAlarm } from './recording-alarms';

export interface DiskWatchDependencies {
  readonly dir: string;
  readonly diskWarnPercent: number;
  readonly diskLimitPercent: number;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: the system's answer. */
  readonly measure?: (dir: string) => Promise<DiskUse>;
}

const PERIOD_MS = 30_000;
/** So much emptier it must be before a state is left, lest a disk at the mark rings on and on. */
const SLACK_PERCENT = 1;

type Level = 'free' | 'filling' | 'full';
const RANK: Readonly<Record<Level, number>> = { free: 0, filling: 1, full: 2 };

export class DiskWatch {
  private level: Level = 'free';
  private timer: Timer | undefined;

  constructor(private readonly deps: DiskWatchDependencies) {}

  start(): void {
    this.timer = this.deps.clock.every(PERIOD_MS, () => void this.look());
    void this.look();
  }

  close(): void {
    this.timer?.cancel();
  }

  /** Looks now. */
  async look(): Promise<void> {
    const { dir, alarms, log, measure = diskUse, diskLimitPercent, diskWarnPercent } = this.deps;
    const use = await measure(dir).catch((error: unknown) => {
      log.warn({ dir, reason: messageOf(error) }, 'the disk of the recordings cannot be measured');
      return undefined;
    });
    if (!use) return;
    const next = this.levelAt(use.usedPercent);
    if (next === this.level) return;
    const rises = RANK[next] > RANK[this.level];
    this.level = next;
    const used = Math.floor(use.usedPercent);
    if (!rises) alarms.raise(diskFreeAlarm(used));
    else if (next === 'full') alarms.raise(diskAlarm('disk-full', used, diskLimitPercent));
    else alarms.raise(diskAlarm('disk-filling', used, diskWarnPercent));
  }

  private levelAt(usedPercent: number): Level {
    const { diskWarnPercent, diskLimitPercent } = this.deps;
    const above = (mark: number, level: Level): boolean =>
      usedPercent >= (RANK[this.level] >= RANK[level] ? mark - SLACK_PERCENT : mark);
    if (above(diskLimitPercent, 'full')) return 'full';
    return above(diskWarnPercent, 'filling') ? 'filling' : 'free';
  }
}
