/**
 * Events on their way to one webhook. Each is sent until the receiver takes it, ever more seldom, at least once; what
 * waits is in the store and outlives the process. One message at a time, so that a slow receiver is not run down.
 */
import type { Clock, Timer } from '../../base/clock';
import type { LastingRecords } from '../../base/lasting';
import type { Webhook } from '../../store/webhooks';
import { webhookMessage } from './message';
import type { WebhookEvent } from './message';
import type { Post } from './post';

/** After each failure; when they are used up the event is given up. */
export const RETRY_AFTER_S = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800] as const;
/** The oldest are dropped. */
export const MAX_WAITING = 1_000;
const MAX_DELIVERIES = 50;
/** Longer than all retries take. */
const KEPT_MS = 2 * 86_400_000;

/** One event for one webhook, as the store keeps it. */
export interface OutboxRecord {
  readonly webhookId: string;
  readonly event: WebhookEvent;
  /** How often it was sent. */
  readonly attempts: number;
  readonly dueAtMs: number;
}

/** One attempt, or what became of an event without one. */
export interface Delivery {
  readonly eventId: string;
  readonly name: string;
  readonly atMs: number;
  readonly attempt: number;
  readonly result: 'delivered' | 'failed' | 'given-up' | 'dropped';
  readonly tookMs?: number;
  /** Why not. */
  readonly reason?: string;
}

export interface OutboxDeps {
  readonly clock: Clock;
  readonly post: Post;
  readonly records: Pick<LastingRecords<OutboxRecord>, 'save' | 'remove'>;
  readonly webhook: () => Webhook | undefined;
  /** Told after each attempt. */
  readonly onAttempt: (delivered: boolean) => void;
}

const keyOf = ({ webhookId, event }: OutboxRecord): string => `${webhookId}/${event.id}`;

export class Outbox {
  private readonly waiting = new Map<string, OutboxRecord>();
  private readonly log: Delivery[] = [];
  private timer: Timer | undefined;
  private busy = false;
  private closed = false;

  constructor(private readonly deps: OutboxDeps) {}

  /** The latest first. */
  get deliveries(): readonly Delivery[] {
    return [...this.log].reverse();
  }

  get length(): number {
    return this.waiting.size;
  }

  add(record: OutboxRecord): void {
    if (this.closed) return;
    this.keep(record);
    if (this.waiting.size > MAX_WAITING) this.drop();
    this.plan();
  }

  /** Sends an event once, beside those that wait. */
  async sendOnce(event: WebhookEvent): Promise<Delivery | undefined> {
    const webhook = this.deps.webhook();
    return webhook && this.attempt(webhook, event, 1);
  }

  /** Forgets what waits. */
  clear(): void {
    for (const record of [...this.waiting.values()]) this.forget(record);
    this.plan();
  }

  /** What waits stays in the store. Idempotent. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private drop(): void {
    const [oldest] = this.waiting.values();
    if (!oldest) return;
    this.forget(oldest);
    const { event, attempts } = oldest;
    this.note({ ...about(event, this.deps.clock.nowMs(), attempts), result: 'dropped', reason: 'too many wait' });
  }

  private keep(record: OutboxRecord): void {
    const id = keyOf(record);
    this.waiting.set(id, record);
    this.deps.records.save({ id, value: record, expiresAtMs: record.event.atMs + KEPT_MS });
  }

  private forget(record: OutboxRecord): void {
    this.waiting.delete(keyOf(record));
    this.deps.records.remove(keyOf(record));
  }

  private plan(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.closed || this.busy) return;
    const next = this.next();
    if (!next) return;
    const delayMs = Math.max(0, next.dueAtMs - this.deps.clock.nowMs());
    this.timer = this.deps.clock.after(delayMs, () => void this.deliver(next));
  }

  /** Which is due first; of several the one that came first. */
  private next(): OutboxRecord | undefined {
    let first: OutboxRecord | undefined;
    for (const record of this.waiting.values()) if (!first || record.dueAtMs < first.dueAtMs) first = record;
    return first;
  }

  private async deliver(record: OutboxRecord): Promise<void> {
    const webhook = this.deps.webhook();
    if (!webhook) return this.clear();
    this.busy = true;
    const attempt = record.attempts + 1;
    const { result } = await this.attempt(webhook, record.event, attempt);
    this.busy = false;
    if (result === 'delivered' || result === 'given-up') this.forget(record);
    else if (this.waiting.has(keyOf(record)) && !this.closed) {
      const afterS = RETRY_AFTER_S[attempt - 1] ?? 0;
      this.keep({ ...record, attempts: attempt, dueAtMs: this.deps.clock.nowMs() + afterS * 1_000 });
    }
    this.plan();
  }

  private async attempt(webhook: Webhook, event: WebhookEvent, attempt: number): Promise<Delivery> {
    const { clock, post, onAttempt } = this.deps;
    const startedMs = clock.monotonicMs();
    const sent = await post(webhook.url, webhookMessage(event, webhook.secret, clock.nowMs()));
    const tookMs = Math.round(clock.monotonicMs() - startedMs);
    onAttempt(sent.ok);
    const isLast = attempt > RETRY_AFTER_S.length;
    return this.note({
      ...about(event, clock.nowMs(), attempt),
      tookMs,
      ...(sent.ok ? { result: 'delivered' } : { result: isLast ? 'given-up' : 'failed', reason: sent.fault.message }),
    });
  }

  private note(delivery: Delivery): Delivery {
    this.log.push(delivery);
    if (this.log.length > MAX_DELIVERIES) this.log.shift();
    return delivery;
  }
}

const about = (
  event: WebhookEvent,
  atMs: number,
  attempt: number,
): Pick<Delivery, 'eventId' | 'name' | 'atMs' | 'attempt'> => ({
  eventId: event.id,
  name: event.name,
  atMs,
  attempt,
});
