/** The extension `trace`: an app asks for the messages of calls. */
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { TracedSipMessage } from '../../ports';
import type { SocketAddress } from '../../sip/connection';
import { isWildcard } from '../transport/address';
import type { CallTraces } from './call-traces';
import { shownText } from './trace-text';

/** The extension's name. */
export const TRACE = 'trace';

const MAX_CALLS = 50;

export interface TraceExtensionOptions {
  readonly traces: CallTraces;
  readonly withBodies: boolean;
  /** What a peer knows us as, where the socket is bound to every interface. */
  readonly advertise: (peer: string) => SocketAddress;
}

/** Input: `{ callIds: string[] }`. Value: `{ messages: TracedSipMessage[] }`, oldest first. */
export const traceExtension =
  ({ traces, withBodies, advertise }: TraceExtensionOptions) =>
  (input: unknown): Result<{ readonly messages: readonly TracedSipMessage[] }> => {
    const callIds = (input as { callIds?: unknown } | null | undefined)?.callIds;
    const isList = Array.isArray(callIds) && callIds.length <= MAX_CALLS;
    if (!isList || !callIds.every((callId): callId is string => typeof callId === 'string')) {
      return fail('bad_input', `callIds is no list of at most ${MAX_CALLS} Call-IDs`);
    }
    const messages = traces.messagesOf(callIds).map(({ pieces, local, ...message }) => ({
      ...message,
      local: isWildcard(local.address) ? { ...local, address: advertise(message.remote.address).address } : local,
      text: shownText(Buffer.concat(pieces), withBodies),
    }));
    return ok({ messages });
  };
