const ANSWER_WITHIN_MS = 20_000;
const COMPLETE_WITHIN_MS = 120_000;
const MOST_REDIRECTS = 5;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Fetches a file over https, through redirects that stay on https, in bounded time and size. Plain http is for a server on
 * this machine only.
 * @param {string} url
 * @param {{ mostBytes: number }} bounds
 * @returns {Promise<Buffer>}
 * @throws {Error} that names the address
 */
export async function fetchBounded(url, { mostBytes }) {
  const answer = new AbortController();
  const timer = setTimeout(
    () => answer.abort(new Error(`no answer in ${ANSWER_WITHIN_MS / 1000} s`)),
    ANSWER_WITHIN_MS,
  );
  try {
    const signal = AbortSignal.any([answer.signal, AbortSignal.timeout(COMPLETE_WITHIN_MS)]);
    const response = await follow(url, signal);
    clearTimeout(timer);
    return await bodyOf(response, mostBytes);
  } catch (error) {
    const cause = error.cause?.code ?? error.cause?.message;
    throw new Error(`${url}: ${cause ?? error.message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function follow(url, signal) {
  let target = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const isSafe = target.protocol === 'https:' || (target.protocol === 'http:' && LOOPBACK.includes(target.hostname));
    if (!isSafe) throw new Error(`${target.origin} is not https`);
    const response = await fetch(target, { signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location) {
      await response.body?.cancel();
      target = new URL(location, target);
      continue;
    }
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response;
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirects`);
}

async function bodyOf(response, mostBytes) {
  const parts = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    // Leaving the loop ends the transfer.
    if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
