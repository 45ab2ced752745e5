/** What the api needs of those who watch the center; `main` passes the real ones in. */
import type { DeliveryView, QueueAlarmBody, QueueReport, WebhookBody, WebhookView } from './contract/watch';
import type { SettingsEditor } from './ports';
import type { Result } from '../base/result';
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

/** Where events are sent to by HTTP. */
export interface WebhookAdministration {
  list(): WebhookView[];
  /** @returns the secret when it was made now. */
  put(id: string, body: WebhookBody): Promise<{ readonly secret?: string }>;
  /** @returns false when there was none. */
  remove(id: string): Promise<boolean>;
  /** Newest first; undefined when there is no such webhook. */
  deliveries(id: string): readonly DeliveryView[] | undefined;
  /** Sends an event at once, and tells how it went. Errors: `not_found`. */
  test(id: string): Promise<Result<DeliveryView>>;
}

/** The figures of the running product in a text format of Prometheus. */
export interface FigureText {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface WatchDesk {
  readonly figures: FigureText;
  readonly standing: Pick<StandingAlarms, 'list'>;
  readonly queueAlarms: SettingsEditor<QueueAlarmBody>;
  readonly reports: QueueReports;
  readonly webhooks: WebhookAdministration;
}
