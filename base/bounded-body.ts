/** Reads what a web server answers to `fetch`, as long as it is no longer than expected. */
import type { Result } from './result';
import { fail, ok } from './result';

/** The body. Errors: `bad_input` for one of more than `maxBytes`. Rejects when the connection breaks. */
export const readBounded = async (response: Response, maxBytes: number): Promise<Result<Buffer>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) return fail('bad_input', `the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks));
};

/** The same as text. */
export const readBoundedText = async (response: Response, maxBytes: number): Promise<Result<string>> => {
  const body = await readBounded(response, maxBytes);
  return body.ok ? ok(body.value.toString('utf8')) : body;
};
