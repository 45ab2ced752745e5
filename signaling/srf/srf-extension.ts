/** Sends the embedded edge's extra commands over drachtio-srf's connection, which has no method for them. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { SrfClient } from './srf-types';

type Answer = (tokens: readonly string[], text: string | undefined) => void;

interface Internals {
  readonly _app: {
    readonly client?: {
      readonly mapServer: Map<object, { readonly pendingRequests: Map<string, Answer> }>;
      readonly wp?: { send(socket: object, message: string): string };
    };
  };
}

/** The edge answers at once, unless it is overloaded or gone. */
const TIMEOUT_MS = 10_000;

export interface ExtensionSender {
  readonly srf: SrfClient;
  readonly clock: Clock;
  /** Calls `handler` once when the connection is lost or closed; the returned function forgets it. */
  onLost(handler: () => void): () => void;
}

/** The value that the edge answers; `unavailable` without a connection, `unsupported` when the edge refuses. */
export const sendExtension = (
  { srf, clock, onLost }: ExtensionSender,
  command: { readonly name: string; readonly input: unknown },
): Promise<Result<unknown>> => {
  const client = (srf as unknown as Internals)._app.client;
  const [socket, server] = client?.mapServer.entries().next().value ?? [];
  if (!client?.wp || !socket || !server) return Promise.resolve(fail('unavailable', 'the SIP server is not connected'));
  const id = client.wp.send(socket, `extension|${command.name}\r\n${JSON.stringify(command.input ?? null)}`);
  return new Promise((resolve) => {
    const settle = (result: Result<unknown>): void => {
      late.cancel();
      forgetLoss();
      server.pendingRequests.delete(id);
      resolve(result);
    };
    const late = clock.after(TIMEOUT_MS, () =>
      settle(fail('timeout', `the SIP server did not answer to ${command.name}`)),
    );
    const forgetLoss = onLost(() => settle(fail('unavailable', 'the SIP server was lost before it answered')));
    server.pendingRequests.set(id, (tokens, text) => {
      settle(tokens[0] === 'OK' ? readJson(text) : fail('unsupported', tokens[1] ?? 'refused'));
    });
  });
};

const readJson = (text: string | undefined): Result<unknown> => {
  try {
    return ok(JSON.parse(text ?? 'null') as unknown);
  } catch (error) {
    return fail('internal', `the SIP server answered no JSON: ${messageOf(error)}`, error);
  }
};
