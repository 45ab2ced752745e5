/** Asks a web server one question and takes a short text for an answer. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as requestHttp } from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import type { Clock } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';

/** A question that takes longer than this, connecting and redirections included, counts as unanswered. */
const ANSWER_TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REDIRECTS = 5;
const MAX_CONNECTIONS_A_SERVER = 32;

export interface Question {
  readonly url: URL;
  /** Given: asked by POST with this as its body. */
  readonly body?: string;
  readonly verifyPeer: boolean;
}

export class WebServers {
  private readonly plain = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS_A_SERVER });
  private readonly secure = new SecureAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS_A_SERVER });
  private readonly underWay = new Set<ClientRequest>();

  constructor(private readonly clock: Clock) {}

  /**
   * The body of the answer, whatever its status. Errors: `unavailable` when the server cannot be reached, `timeout`
   * after 3 s, `bad_input` for an answer that is too long or redirects for ever.
   */
  ask(question: Question): Promise<Result<string>> {
    return new Promise((resolve) => {
      let current: ClientRequest | undefined;
      const finish = (result: Result<string>): void => {
        timer.cancel();
        resolve(result);
      };
      const timer = this.clock.after(ANSWER_TIMEOUT_MS, () => {
        finish(fail('timeout', `${question.url.host} has not answered within 3 s`));
        current?.destroy();
      });
      const send = (url: URL, redirectsLeft: number): void => {
        current = this.send({ ...question, url }, (answer) => {
          const next = redirectionOf(answer, url);
          if (next === undefined) return void readBody(answer).then(finish);
          answer.resume();
          if (redirectsLeft === 0) return finish(fail('bad_input', `${url.host} redirects for ever`));
          send(next, redirectsLeft - 1);
        });
        current.on('error', (error) => finish(unreachable(url, error)));
      };
      send(question.url, MAX_REDIRECTS);
    });
  }

  close(): void {
    for (const request of this.underWay) request.destroy();
    this.plain.destroy();
    this.secure.destroy();
  }

  private send({ url, body, verifyPeer }: Question, take: (answer: IncomingMessage) => void): ClientRequest {
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'text/plain; charset=UTF-8' }),
      },
    };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, agent: this.secure, rejectUnauthorized: verifyPeer }, take)
        : requestHttp(url, { ...options, agent: this.plain }, take);
    this.underWay.add(request);
    request.once('close', () => this.underWay.delete(request));
    request.end(body);
    return request;
  }
}

const unreachable = (url: URL, error: Error): Result<string> =>
  fail('unavailable', `${url.host} cannot be asked: ${messageOf(error)}`, error);

const redirectionOf = ({ statusCode = 0, headers: { location } }: IncomingMessage, from: URL): URL | undefined => {
  if (statusCode < 300 || statusCode > 399 || location === undefined || !URL.canParse(location, from)) return undefined;
  const next = new URL(location, from);
  return /^https?:$/.test(next.protocol) ? next : undefined;
};

const readBody = async (answer: IncomingMessage): Promise<Result<string>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) {
        answer.destroy();
        return fail('bad_input', `the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    return ok(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    return fail('unavailable', `the answer broke off: ${messageOf(error)}`, error);
  }
};
