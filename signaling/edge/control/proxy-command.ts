/** The command by which an app has a request that it was handed passed on (RFC 3261, 16). */
import type { AppMessage, AppRequest } from './app-message';

export interface ProxyCommand {
  readonly kind: 'proxy';
  readonly id: string;
  readonly transactionId: string;
  /** Whether later requests of the dialog shall come through us (Record-Route). */
  readonly remainInDialog: boolean;
  /** Whether the app wants to see each final response, not only to hear that it is over. */
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  /** Without any response in this time a target is given up. */
  readonly provisionalTimeoutMs: number | undefined;
  /** Without a final response in this time a target is given up. */
  readonly finalTimeoutMs: number | undefined;
  /** URIs, in the order in which they are tried. At least one. */
  readonly targets: readonly string[];
  /** Carries the headers that the app wants on what is passed on. */
  readonly message: AppRequest;
}

const MAX_TARGETS = 50;

/**
 * Reads `id|proxy|transaction|remainInDialog|fullResponse|followRedirects|serial or simultaneous|timeout|timeout|uri…`.
 * @returns one sentence about what is wrong, or the command.
 */
export const parseProxyCommand = (
  id: string,
  tokens: readonly string[],
  message: AppMessage,
): ProxyCommand | string => {
  const [, , transactionId = '', remain, full, follow, forking, provisional = '', final = '', ...uris] = tokens;
  const targets = uris.filter((uri) => uri !== '');
  if (message.kind !== 'request') return 'a response cannot be proxied';
  if (targets.length === 0) return 'Invalid proxy request: no destination';
  if (targets.length > MAX_TARGETS) return `Invalid proxy request: more than ${MAX_TARGETS} destinations`;
  const provisionalTimeoutMs = parseTimeout(provisional);
  const finalTimeoutMs = parseTimeout(final);
  if (provisionalTimeoutMs === null || finalTimeoutMs === null) {
    return "Invalid proxy request: timeouts are written like '2s' or '1500ms'";
  }
  return {
    kind: 'proxy',
    id,
    transactionId,
    remainInDialog: remain === 'remainInDialog',
    fullResponse: full === 'fullResponse',
    followRedirects: follow === 'followRedirects',
    simultaneous: forking === 'simultaneous',
    provisionalTimeoutMs,
    finalTimeoutMs,
    targets,
    message,
  };
};

/** `2s` and `1500ms`; undefined when nothing is said, null when it cannot be read. */
export const parseTimeout = (text: string): number | undefined | null => {
  if (text === '') return undefined;
  const match = /^(\d{1,7})(ms|s)$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 's' ? 1_000 : 1) : null;
};
