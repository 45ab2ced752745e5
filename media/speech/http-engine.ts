/**
 * Any speech service that answers one HTTP request with a WAV file. Address and body are templates in which `{text}`,
 * `{language}` and `{voice}` stand for what is to be said: percent-encoded in the address, escaped as JSON in the body.
 * Headers are sent as they are.
 */
import { createHash } from 'node:crypto';
import { readBounded } from '../../base/bounded-body';
import type { Clock } from '../../base/clock';
import { causeOf } from '../../base/errors';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { SpeechEngine, Utterance } from './engine';

const MAX_REPLY_BYTES = 10 * 1024 * 1024;
const PLACE = /\{(text|language|voice)\}/g;

export interface HttpEngineOptions {
  readonly clock: Clock;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** With a body the request is a POST, without one a GET. */
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  /** Voices by language; nothing where there is none. */
  readonly voices?: Readonly<Record<string, string>> | undefined;
}

type Values = Readonly<Record<'text' | 'language' | 'voice', string>>;

export class HttpEngine implements SpeechEngine {
  readonly name: string;

  constructor(private readonly options: HttpEngineOptions) {
    const { url, body = '' } = options;
    this.name = `http-${createHash('sha256').update(`${url}\n${body}`).digest('hex').slice(0, 16)}`;
  }

  async say({ text, language, voice }: Utterance): Promise<Result<Buffer>> {
    const { url, headers, body, timeoutMs, clock } = this.options;
    const values: Values = { text, language, voice: voice ?? this.options.voices?.[language] ?? '' };
    const { host } = new URL(url);
    const abort = new AbortController();
    const timer = clock.after(timeoutMs, () => abort.abort());
    try {
      const response = await fetch(filled(url, values, encodeURIComponent), {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        redirect: 'error',
        signal: abort.signal,
        ...(body !== undefined && { body: filled(body, values, inJson) }),
      });
      if (response.ok) {
        const wav = await readBounded(response, MAX_REPLY_BYTES);
        return wav.ok ? wav : fail('unavailable', `the speech service at ${host} sent more than 10 MB`);
      }
      await response.body?.cancel();
      const refused = response.status === 400 || response.status === 422;
      return fail(refused ? 'bad_input' : 'unavailable', `the speech service at ${host} answered ${response.status}`);
    } catch (error) {
      if (abort.signal.aborted)
        return fail('timeout', `the speech service at ${host} did not answer within ${timeoutMs} ms`);
      return fail('unavailable', `the speech service at ${host} cannot be asked: ${causeOf(error)}`, error);
    } finally {
      timer.cancel();
    }
  }
}

const filled = (template: string, values: Values, escape: (text: string) => string): string =>
  template.replace(PLACE, (_place, name: keyof Values) => escape(values[name]));

/** Without the quotation marks, which are the template's. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
