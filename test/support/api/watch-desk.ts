/** Who watches the center, with nothing to see at the beginning. */
import { Registry } from 'prom-client';
import type { SettingsEditor } from '../../../api/ports';
import type { WebhookBody } from '../../../api/contract/watch';
import type { WatchDesk, WebhookAdministration } from '../../../api/watch-ports';
import { Alarms } from '../../../base/alarms';
import type { Clock } from '../../../base/clock';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { fail, ok } from '../../../base/result';
import { StandingAlarms } from '../../../base/standing-alarms';
import { queueReports } from '../../../main/queue-reports';
import type { KeptWait, WaitStore } from '../../../store/waits';

export interface WatchInMemory extends WatchDesk {
  readonly figures: Registry;
  readonly standing: StandingAlarms;
  /** What reports are made of. */
  readonly waits: KeptWait[];
}

export const memoryWaits = (waits: KeptWait[]): WaitStore => ({
  save: (wait) => Promise.resolve(void waits.push(wait)),
  async *arrived(fromMs, toMs, agentId) {
    for (const wait of waits) {
      await Promise.resolve();
      const isAsked = agentId === undefined || wait.agentId === agentId;
      if (isAsked && wait.arrivedAtMs >= fromMs && wait.arrivedAtMs < toMs) yield wait;
    }
  },
});

const memoryEditor = <Value>(): SettingsEditor<Value> => {
  const values = new Map<string, Value>();
  return {
    list: () => Promise.resolve([...values].map(([id, value]) => ({ id, value }))),
    put: (id, value) => {
      values.set(id, value);
      return Promise.resolve(ok(undefined));
    },
    remove: (id) => Promise.resolve(values.delete(id)),
  };
};

/** Webhooks that send nothing; the real ones are proved in test/unit/main. */
const memoryWebhooks = (): WebhookAdministration => {
  const webhooks = new Map<string, WebhookBody>();
  return {
    list: () =>
      [...webhooks].map(([id, { url, events, enabled }]) => ({ id, url, events, enabled, waiting: 0, failing: false })),
    put: (id, body) => {
      const isNew = !webhooks.has(id);
      webhooks.set(id, body);
      return Promise.resolve(isNew ? { secret: `whsec_${id}` } : {});
    },
    remove: (id) => Promise.resolve(webhooks.delete(id)),
    deliveries: (id) => (webhooks.has(id) ? [] : undefined),
    test: (id) =>
      Promise.resolve(
        webhooks.has(id)
          ? ok({ eventId: 'e', name: 'webhook.test', atMs: 1, attempt: 1, result: 'delivered' as const })
          : fail('not_found', `There is no webhook ${id}.`),
      ),
  };
};

export const watchDesk = (clock: Clock = systemClock): WatchInMemory => {
  const waits: KeptWait[] = [];
  return {
    figures: new Registry(),
    standing: new StandingAlarms({ clock, alarms: new Alarms({ clock, log: silentLogger() }) }),
    queueAlarms: memoryEditor(),
    reports: queueReports(memoryWaits(waits)),
    webhooks: memoryWebhooks(),
    waits,
  };
};
