/** REST over fetch: one door through which every reply is checked against its schema and every failure gets a code. */
import type { z } from 'zod';
import { faultSchema } from '../../../api/contract/common';
import type { FaultBody } from '../../../api/contract/common';

const BASE_PATH = '/api/v1';
const REQUEST_TIMEOUT_MS = 15_000;
/** A file of some megabytes over a slow line, and its levelling. */
const UPLOAD_TIMEOUT_MS = 300_000;

/** A request that failed: `unreachable` when no reply came, otherwise the code of the server's fault. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: {
      status?: number;
      retryAfterSeconds?: number;
      fields?: FaultBody['fields'];
      about?: FaultBody['about'];
    } = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }

  get status(): number | undefined {
    return this.details.status;
  }
}

interface RequestOptions<Value> {
  readonly schema?: z.ZodType<Value>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** Sent as it is, in the place of a body in JSON. */
  readonly file?: Blob;
  readonly query?: Record<string, string | number | undefined>;
}

/** Path of a resource below the API's base, with a query string of the values that are set. */
export const apiPath = (path: string, query: RequestOptions<unknown>['query'] = {}): string => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return `${BASE_PATH}${path}${text && `?${text}`}`;
};

const send = async (path: string, options: RequestOptions<unknown>): Promise<Response> => {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.file) headers['content-type'] = 'audio/wav';
  try {
    return await fetch(apiPath(path, options.query), {
      method: options.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(options.file ? UPLOAD_TIMEOUT_MS : REQUEST_TIMEOUT_MS),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.file && { body: options.file }),
    });
  } catch {
    throw new ApiError('unreachable', 'The server does not answer.');
  }
};

const failureOf = async (response: Response): Promise<ApiError> => {
  const fault = faultSchema.safeParse(await response.json().catch(() => undefined));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const details = {
    status: response.status,
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  };
  if (fault.success)
    return new ApiError(fault.data.code, fault.data.message, {
      ...details,
      fields: fault.data.fields,
      about: fault.data.about,
    });
  // A proxy in between answers in its own words: 502 to 504 mean that the server behind it cannot be reached.
  const code = response.status >= 502 && response.status <= 504 ? 'unreachable' : 'internal';
  return new ApiError(code, `The server answered ${response.status}.`, details);
};

/**
 * Sends a request below `/api/v1`.
 * @throws ApiError when no reply came within 15 seconds (of an upload: 5 minutes), the server refused, or the reply breaks its schema.
 */
export async function request(path: string, options?: RequestOptions<never> & { schema?: undefined }): Promise<void>;
export async function request<Value>(
  path: string,
  options: RequestOptions<Value> & { schema: z.ZodType<Value> },
): Promise<Value>;
export async function request<Value>(path: string, options: RequestOptions<Value> = {}): Promise<Value | void> {
  const response = await send(path, options);
  if (!response.ok) throw await failureOf(response);
  if (!options.schema) return undefined;
  const parsed = options.schema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    throw new ApiError('internal', `The reply to ${path} is not understood: ${parsed.error.issues[0]?.message ?? ''}`);
  }
  return parsed.data;
}
