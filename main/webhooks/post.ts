/**
 * Sends one message by HTTP. The address that a name leads to is checked at the moment of the connection, so that no name
 * can lead elsewhere afterwards; redirects are not followed.
 */
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MayReach } from './allowed-addresses';
import type { WebhookMessage } from './message';

/** How long a receiver may take from the connection to the status. */
export const ANSWER_TIMEOUT_MS = 10_000;

export interface PostDeps {
  readonly clock: Clock;
  readonly mayReach: MayReach;
}

export type Post = (url: string, message: WebhookMessage) => Promise<Result<void>>;

class NotAllowed extends Error {}

const checkedLookup =
  (mayReach: MayReach): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => mayReach(address));
      const [first] = allowed;
      if (!first) return callback(new NotAllowed(`${hostname} leads to where webhooks may not go`), '', 0);
      if (options.all) return callback(null, allowed);
      callback(null, first.address, first.family);
    });

/** Errors: `forbidden` where it may not go, `timeout`, and `unavailable` for every answer but 2xx. */
export const createPost =
  ({ clock, mayReach }: PostDeps): Post =>
  async (url, message) => {
    const target = new URL(url);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !mayReach(host)) return fail('forbidden', `Webhooks may not go to ${host}.`);
    return new Promise((resolve) => {
      const options = {
        method: 'POST',
        headers: { ...message.headers, 'content-length': String(Buffer.byteLength(message.body)) },
        lookup: checkedLookup(mayReach),
        agent: false,
      };
      const request = target.protocol === 'https:' ? httpsRequest(target, options) : httpRequest(target, options);
      const timer = clock.after(ANSWER_TIMEOUT_MS, () => {
        settle(fail('timeout', `${target.host} did not answer within ${ANSWER_TIMEOUT_MS / 1_000} s.`));
      });
      const settle = (result: Result<void>): void => {
        timer.cancel();
        resolve(result);
        request.destroy();
      };
      request.on('response', (response) => settle(verdictOf(target.host, response)));
      request.on('error', (error) => settle(faultOf(target.host, error)));
      send(request, message.body);
    });
  };

const send = (request: ClientRequest, body: string): void => void request.end(body);

const verdictOf = (host: string, { statusCode = 0 }: IncomingMessage): Result<void> =>
  statusCode >= 200 && statusCode < 300 ? ok(undefined) : fail('unavailable', `${host} answered ${statusCode}.`);

const faultOf = (host: string, error: Error): Result<void> =>
  error instanceof NotAllowed
    ? fail('forbidden', `${error.message}.`)
    : fail('unavailable', `${host} cannot be reached: ${messageOf(error)}.`);
