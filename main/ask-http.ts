/** {@link AskHttp} by `fetch`. Faults name the host alone: what else is in an address may be a secret. */
import { readBoundedText } from '../base/bounded-body';
import type { Clock } from '../base/clock';
import { causeOf } from '../base/errors';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { AskHttp } from '../calls/ask-http';

/** An answer about one call is small. */
const MAX_REPLY_BYTES = 64 * 1024;

export const askHttp =
  (clock: Clock): AskHttp =>
  async ({ method, url, headers, body, timeoutMs }) => {
    const abort = new AbortController();
    const timer = clock.after(timeoutMs, () => abort.abort());
    try {
      const response = await fetch(url, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        redirect: 'error',
        signal: abort.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok) return await readJson(response);
      await response.body?.cancel();
      const code = response.status === 404 || response.status === 410 ? 'not_found' : 'unavailable';
      return fail(code, `${new URL(url).host} answered ${response.status}.`);
    } catch (error) {
      const { host } = new URL(url);
      if (abort.signal.aborted) return fail('timeout', `${host} did not answer within ${timeoutMs} ms.`);
      return fail('unavailable', `${host} cannot be asked: ${causeOf(error)}.`);
    } finally {
      timer.cancel();
    }
  };

const readJson = async (response: Response): Promise<Result<unknown>> => {
  const text = await readBoundedText(response, MAX_REPLY_BYTES);
  if (!text.ok) return text;
  try {
    return ok(JSON.parse(text.value));
  } catch (error) {
    return fail('bad_input', 'The reply is not JSON.', error);
  }
};
