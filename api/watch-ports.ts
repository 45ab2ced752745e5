/** What the api needs of those who watch the center; `main` passes the real ones in. */
import type { Figures } from '../base/figures';
import type { StandingAlarms } from '../base/standing-alarms';

export interface WatchDesk {
  readonly figures: Pick<Figures, 'text'>;
  readonly standing: Pick<StandingAlarms, 'list'>;
}
