/** What a web server says about a request: the JSON that drachtio-server understands. */
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import { parseTimeout } from '../control/proxy-command';

/** Where an app listens. */
export interface AppAddress {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tcp' | 'tls';
}

export interface ProxyAnswer {
  readonly action: 'proxy';
  readonly targets: readonly string[];
  readonly recordRoute: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  readonly provisionalTimeoutMs: number;
  readonly finalTimeoutMs: number;
}

export type RoutingAnswer =
  | { readonly action: 'reject'; readonly status: number; readonly reason: string | undefined }
  | { readonly action: 'redirect'; readonly contacts: readonly string[] }
  | ProxyAnswer
  | { readonly action: 'route'; readonly to: AppAddress }
  | { readonly action: 'route-by-tag'; readonly tag: string };

const MAX_TARGETS = 50;
const DEFAULT_APP_PORT = 9021;
const DEFAULT_PROVISIONAL_TIMEOUT = '5s';
const DEFAULT_FINAL_TIMEOUT = '60s';

/** Errors: `bad_input` with a sentence that names what is missing or wrong. */
export const parseRoutingAnswer = (text: string): Result<RoutingAnswer> => {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return fail('bad_input', 'the answer is not JSON');
  }
  if (!isRecord(answer)) return fail('bad_input', 'the answer is no JSON object');
  const { action, data } = answer;
  if (!isRecord(data)) return fail('bad_input', "the answer has no object 'data'");
  switch (action) {
    case 'reject':
      return readReject(data);
    case 'redirect':
      return readRedirect(data);
    case 'proxy':
      return readProxy(data);
    case 'route':
      return readRoute(data);
    default:
      return fail('bad_input', "its 'action' is not one of 'reject', 'redirect', 'proxy' and 'route'");
  }
};

const readReject = ({ status, reason }: Record<string, unknown>): Result<RoutingAnswer> => {
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 300 || status > 699) {
    return fail('bad_input', "the 'status' of a rejection is not a number from 300 to 699");
  }
  const phrase = typeof reason === 'string' && isOneLine(reason) && reason !== '' ? reason : undefined;
  return ok({ action: 'reject', status, reason: phrase });
};

const readRedirect = ({ contact }: Record<string, unknown>): Result<RoutingAnswer> => {
  const contacts = textsOf(contact);
  return contacts
    ? ok({ action: 'redirect', contacts })
    : fail('bad_input', "'contact' is not a URI or a list of URIs");
};

const readProxy = (data: Record<string, unknown>): Result<RoutingAnswer> => {
  const targets = textsOf(data.destination);
  if (!targets) return fail('bad_input', "'destination' is not a URI or a list of URIs");
  const provisionalTimeoutMs = timeoutOf(data.provisionalTimeout, DEFAULT_PROVISIONAL_TIMEOUT);
  const finalTimeoutMs = timeoutOf(data.finalTimeout, DEFAULT_FINAL_TIMEOUT);
  if (provisionalTimeoutMs === undefined || finalTimeoutMs === undefined) {
    return fail('bad_input', "timeouts are written like '2s' or '1500ms'");
  }
  return ok({
    action: 'proxy',
    targets,
    recordRoute: data.recordRoute === true,
    followRedirects: data.followRedirects !== false,
    simultaneous: data.simultaneous === true,
    provisionalTimeoutMs,
    finalTimeoutMs,
  });
};

const readRoute = ({ uri, tag }: Record<string, unknown>): Result<RoutingAnswer> => {
  if (typeof uri === 'string') {
    const to = parseAppAddress(uri);
    return to.ok ? ok({ action: 'route', to: to.value }) : to;
  }
  if (typeof tag === 'string' && tag !== '') return ok({ action: 'route-by-tag', tag });
  return fail('bad_input', "a route names neither a 'uri' nor a 'tag'");
};

const APP_URI = /^(\[[0-9a-f:.]+\]|[^:;[\]\s/]+)(?::(\d{1,5}))?(?:;transport=(tcp|tls))?$/i;
const APP_URL = /^(tcp|tls):\/\/([^/;\s]+)\/?$/i;

/** Reads `host`, `host:port`, `host:port;transport=tls`, or the same as `tcp://host:port` and `tls://host:port`. */
export const parseAppAddress = (text: string): Result<AppAddress> => {
  const url = APP_URL.exec(text);
  const match = APP_URI.exec(url ? `${url[2]};transport=${url[1]}` : text);
  const port = Number(match?.[2] ?? DEFAULT_APP_PORT);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    return fail('bad_input', `the 'uri' ${text.slice(0, 80)} is not host:port, with ;transport=tls if need be`);
  }
  return ok({
    host: match[1].replace(/^\[|\]$/g, ''),
    port,
    transport: match[3]?.toLowerCase() === 'tls' ? 'tls' : 'tcp',
  });
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** They are written into SIP headers: a line break would be one of somebody else's. */
const isOneLine = (text: string): boolean => text.length <= 2_048 && !/[\r\n\0]/.test(text);

const textsOf = (value: unknown): string[] | undefined => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((one): one is string => typeof one === 'string' && one !== '' && isOneLine(one));
  return texts.length === list.length && texts.length > 0 && texts.length <= MAX_TARGETS ? texts : undefined;
};

const timeoutOf = (value: unknown, usual: string): number | undefined =>
  parseTimeout(typeof value === 'string' && value !== '' ? value : usual) ?? undefined;
