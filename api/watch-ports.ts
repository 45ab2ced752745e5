/** What the api needs of those who watch the center; `main` passes the real ones in. */
import type { QueueAlarmBody, QueueReport } from './contract/watch';
import type { SettingsEditor } from './ports';
import type { Figures } from '../base/figures';
import type { StandingAlarms } from '../base/standing-alarms';

/** Reads what queues have done, from the waits that are kept. */
export interface QueueReports {
  of(question: QueueReportQuestion): Promise<QueueReport>;
}

export interface QueueReportQuestion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** All of them when it is absent. */
  readonly queueId?: string | undefined;
}

export interface WatchDesk {
  readonly figures: Pick<Figures, 'text'>;
  readonly standing: Pick<StandingAlarms, 'list'>;
  readonly queueAlarms: SettingsEditor<QueueAlarmBody>;
  readonly reports: QueueReports;
}
