/** Who watches the center, with nothing to see at the beginning. */
import type { WatchDesk } from '../../../api/watch-ports';
import { Alarms } from '../../../base/alarms';
import type { Clock } from '../../../base/clock';
import { systemClock } from '../../../base/clock';
import { Figures } from '../../../base/figures';
import { silentLogger } from '../../../base/log';
import { StandingAlarms } from '../../../base/standing-alarms';

export interface WatchInMemory extends WatchDesk {
  readonly figures: Figures;
  readonly standing: StandingAlarms;
}

export const watchDesk = (clock: Clock = systemClock): WatchInMemory => ({
  figures: new Figures(),
  standing: new StandingAlarms({ clock, alarms: new Alarms({ clock, log: silentLogger() }) }),
});
