/** One event as it goes over the wire: a CloudEvent (1.0, structured JSON), signed after Standard Webhooks. */
import { createHmac, randomBytes } from 'node:crypto';
import type { WEBHOOK_EVENTS } from '../../api/contract/watch';
import { newId } from '../../base/ids';

export type WebhookEventName = (typeof WEBHOOK_EVENTS)[number] | 'webhook.test';

export interface WebhookEvent {
  readonly id: string;
  readonly name: WebhookEventName;
  readonly atMs: number;
  readonly data: unknown;
}

export const newWebhookEvent = (name: WebhookEventName, atMs: number, data: unknown): WebhookEvent => ({
  id: newId(),
  name,
  atMs,
  data,
});

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret in the form of Standard Webhooks. */
export const newWebhookSecret = (): string => `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

const keyOf = (secret: string): Buffer =>
  secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');

/** `v1,` and HMAC-SHA256 in base64 over id, time and body, joined by full stops. */
export const signatureOf = (
  secret: string,
  { id, timestampS, body }: { readonly id: string; readonly timestampS: number; readonly body: string },
): string => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestampS}.${body}`).digest('base64')}`;

/** RFC 3339, in UTC. */
const timeText = (atMs: number): string => new Date(atMs).toISOString();

export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param nowMs the time of this attempt, which receivers hold against replays. */
export const webhookMessage = (
  { id, name, atMs, data }: WebhookEvent,
  secret: string,
  nowMs: number,
): WebhookMessage => {
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: '/switchroom',
    type: `switchroom.${name}`,
    time: timeText(atMs),
    datacontenttype: 'application/json',
    data,
  });
  const timestampS = Math.floor(nowMs / 1_000);
  return {
    body,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'switchroom-webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': signatureOf(secret, { id, timestampS, body }),
    },
  };
};
