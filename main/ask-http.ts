/** {@link AskHttp} by `fetch`. */
import type { Clock } from '../base/clock';
import { messageOf } from '../base/errors';
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
      if (abort.signal.aborted) return fail('timeout', `${url} did not answer within ${timeoutMs} ms.`);
      return fail('unavailable', `${url} cannot be asked: ${messageOf(error)}`, error);
    } finally {
      timer.cancel();
    }
  };

const readJson = async (response: Response): Promise<Result<unknown>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_REPLY_BYTES) return fail('bad_input', `The reply is longer than ${MAX_REPLY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch (error) {
    return fail('bad_input', 'The reply is not JSON.', error);
  }
};
