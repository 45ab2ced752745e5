/** All webhooks: who is told of what, and how that went. */
import type { Clock } from '../../base/clock';
import type { LastingRecords } from '../../base/lasting';
import type { StandingAlarms } from '../../base/standing-alarms';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { WebhookAdministration } from '../../api/watch-ports';
import type { SettingsStore } from '../../store/settings';
import type { Webhook } from '../../store/webhooks';
import { newWebhookEvent, newWebhookSecret } from './message';
import type { WebhookEventName } from './message';
import { Outbox } from './outbox';
import type { Delivery, OutboxRecord } from './outbox';
import type { Post } from './post';

/** Attempts in a row without success after which an alarm is raised. */
const FAILURES_TO_ALARM = 3;

export interface WebhooksDeps {
  readonly store: SettingsStore<Webhook>;
  readonly records: LastingRecords<OutboxRecord>;
  readonly clock: Clock;
  readonly post: Post;
  readonly standing: Pick<StandingAlarms, 'raise' | 'clear'>;
}

interface Endpoint {
  webhook: Webhook;
  readonly outbox: Outbox;
  failures: number;
}

/** `alarm.*` means all names that begin with `alarm.`. */
const wants = ({ enabled, events }: Webhook, name: WebhookEventName): boolean =>
  enabled &&
  (events.length === 0 ||
    events.some((wanted) => wanted === name || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -1)))));

export class Webhooks implements WebhookAdministration {
  private readonly endpoints = new Map<string, Endpoint>();

  private constructor(private readonly deps: WebhooksDeps) {}

  /** What waited before the restart is sent. @throws SwitchroomError when the store cannot be read. */
  static async load(deps: WebhooksDeps): Promise<Webhooks> {
    const webhooks = new Webhooks(deps);
    for (const webhook of await deps.store.list()) webhooks.open(webhook);
    for (const { id, value } of deps.records.takeFound()) {
      const endpoint = webhooks.endpoints.get(value.webhookId);
      if (endpoint) endpoint.outbox.add(value);
      else deps.records.remove(id);
    }
    return webhooks;
  }

  /** Tells all who want to know. */
  tell(name: WebhookEventName, data: unknown): void {
    const nowMs = this.deps.clock.nowMs();
    const told = [...this.endpoints.values()].filter(({ webhook }) => wants(webhook, name));
    if (told.length === 0) return;
    const event = newWebhookEvent(name, nowMs, data);
    for (const { webhook, outbox } of told) outbox.add({ webhookId: webhook._id, event, attempts: 0, dueAtMs: nowMs });
  }

  list(): ReturnType<WebhookAdministration['list']> {
    return [...this.endpoints.values()]
      .map(({ webhook: { _id, url, events, enabled }, outbox, failures }) => ({
        ...{ id: _id, url, events, enabled },
        waiting: outbox.length,
        failing: failures > 0,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @returns the secret when it was made now, which is shown this once. */
  async put(id: string, body: Parameters<WebhookAdministration['put']>[1]): Promise<{ readonly secret?: string }> {
    const known = this.endpoints.get(id)?.webhook;
    const made = body.newSecret || !known ? newWebhookSecret() : undefined;
    const { url, events, enabled } = body;
    const webhook: Webhook = { _id: id, url, events, enabled, secret: made ?? known?.secret ?? '' };
    await this.deps.store.save(webhook);
    this.open(webhook);
    return made === undefined ? {} : { secret: made };
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.deps.store.remove(id);
    const endpoint = this.endpoints.get(id);
    endpoint?.outbox.clear();
    endpoint?.outbox.close();
    this.endpoints.delete(id);
    this.deps.standing.clear(alarmKey(id), worksAgain(id));
    return removed;
  }

  deliveries(id: string): readonly Delivery[] | undefined {
    return this.endpoints.get(id)?.outbox.deliveries;
  }

  async test(id: string): Promise<Result<Delivery>> {
    const endpoint = this.endpoints.get(id);
    const event = newWebhookEvent('webhook.test', this.deps.clock.nowMs(), { webhook: id });
    const delivery = await endpoint?.outbox.sendOnce(event);
    return delivery ? ok(delivery) : fail('not_found', `There is no webhook ${id}.`);
  }

  /** What waits stays in the store. Idempotent. */
  close(): void {
    for (const { outbox } of this.endpoints.values()) outbox.close();
  }

  private open(webhook: Webhook): void {
    const known = this.endpoints.get(webhook._id);
    if (known) {
      known.webhook = webhook;
      if (!webhook.enabled) known.outbox.clear();
      return;
    }
    const { clock, post, records } = this.deps;
    const endpoint: Endpoint = {
      webhook,
      failures: 0,
      outbox: new Outbox({
        ...{ clock, post, records },
        webhook: () => this.endpoints.get(webhook._id)?.webhook,
        onAttempt: (delivered) => this.attempted(endpoint, delivered),
      }),
    };
    this.endpoints.set(webhook._id, endpoint);
  }

  private attempted(endpoint: Endpoint, delivered: boolean): void {
    const { _id } = endpoint.webhook;
    endpoint.failures = delivered ? 0 : endpoint.failures + 1;
    const { standing } = this.deps;
    if (delivered) standing.clear(alarmKey(_id), worksAgain(_id));
    else if (endpoint.failures >= FAILURES_TO_ALARM) {
      standing.raise(alarmKey(_id), {
        kind: 'webhook-failing',
        severity: 'warning',
        message: `The webhook ${_id} does not take its events.`,
        details: { webhook: _id },
      });
    }
  }
}

const alarmKey = (id: string): string => `webhook/${id}`;

const worksAgain = (id: string) => ({
  kind: 'webhook-working',
  message: `The webhook ${id} takes its events again, or is gone.`,
  details: { webhook: id },
});
