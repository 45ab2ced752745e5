/** Another system that takes webhooks: HTTP on loopback, checking signatures after Standard Webhooks on its own. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { until } from './wait';

export interface ReceivedEvent {
  readonly id: string;
  /** Such as `switchroom.alarm.raised`. */
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** A message of another time is refused: somebody may have recorded it. */
const TOLERANCE_S = 300;

export class WebhookReceiver {
  /** As whsec_…; without it nothing is taken. */
  secret = '';
  /** What it has taken, in order of arrival, repetitions included. */
  readonly taken: ReceivedEvent[] = [];
  /** Why it has refused messages. */
  readonly refusals: string[] = [];
  private isDown = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (request, response) => {
      void bodyOf(request).then((body) => response.writeHead(this.take(request, body)).end());
    });
  }

  static async listen(): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WebhookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`);
  }

  /** From now on everything is refused with 503, as while it is being updated. */
  goDown(): void {
    this.isDown = true;
  }

  comeUp(): void {
    this.isDown = false;
  }

  /** Resolves when no sender is connected any more: one that was killed has sent its last. */
  untilLeft(): Promise<unknown> {
    const connections = promisify(this.server.getConnections.bind(this.server));
    return until('the senders to be gone', async () => (await connections()) === 0, 20_000);
  }

  /** What it has taken of this type. */
  of(type: string): ReceivedEvent[] {
    return this.taken.filter((event) => event.type === `switchroom.${type}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: IncomingMessage, body: string): number {
    if (this.isDown) return 503;
    const reason = this.faultOf(request, body);
    if (reason !== undefined) {
      this.refusals.push(reason);
      return 401;
    }
    const { id, type, data } = JSON.parse(body) as ReceivedEvent;
    this.taken.push({ id, type, data });
    return 204;
  }

  private faultOf({ method, headers }: IncomingMessage, body: string): string | undefined {
    const [id, time, signature] = ['id', 'timestamp', 'signature'].map((name) => String(headers[`webhook-${name}`]));
    if (method !== 'POST') return `${method} is no way to send a webhook`;
    if (Math.abs(Date.now() / 1_000 - Number(time)) > TOLERANCE_S) return `the timestamp ${time} is of another time`;
    const key = Buffer.from(this.secret.replace('whsec_', ''), 'base64');
    const expected = Buffer.from(`v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`);
    const given = Buffer.from(signature ?? '');
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
    return isSigned ? undefined : `the signature ${signature} is not that of the message ${id}`;
  }
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};
