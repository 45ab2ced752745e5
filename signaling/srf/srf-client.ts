/** The one place that touches drachtio-srf itself. */
import Srf from 'drachtio-srf';
import type { SrfClient, SrfResponse } from './srf-types';

export const createSrf = (): SrfClient => new Srf() as unknown as SrfClient;

interface ServerSocket {
  destroy(): void;
}

/** What drachtio-srf keeps of its connection, and has no method for. */
interface Internals {
  readonly _app: {
    readonly client?: {
      readonly mapServer: Map<ServerSocket, { readonly pendingRequests: Map<string, () => void> }>;
      readonly wp?: {
        send(socket: ServerSocket, message: string): string;
        closing?: boolean;
        readonly reconnectVars?: { retryTimer: NodeJS.Timeout | null };
        readonly socket?: { destroy(): void };
      };
    };
  };
}

/** What drachtio-srf sends by: its agent, and the connection that it has now. */
export const connectionOf = (srf: SrfClient): { readonly agent: unknown; readonly socket: unknown } | undefined => {
  const agent = (srf as unknown as Internals)._app.client;
  const [socket] = agent?.mapServer.keys() ?? [];
  return socket && { agent, socket };
};

interface DialogInternals {
  readonly _dialogs: Map<string, { readonly req: { socket: unknown }; readonly res: { socket: unknown } }>;
}

/**
 * Has drachtio-srf's dialogs send by the connection that it has now; they remember the one that they were made on.
 * @returns those of the ids that it does not know.
 */
export const resumeDialogs = (srf: SrfClient, ids: readonly string[]): string[] => {
  const [socket] = (srf as unknown as Internals)._app.client?.mapServer.keys() ?? [];
  const { _dialogs: dialogs } = srf as unknown as DialogInternals;
  return ids.filter((id) => {
    const dialog = dialogs.get(id);
    if (!dialog || !socket) return true;
    dialog.req.socket = socket;
    dialog.res.socket = socket;
    return false;
  });
};

/** Closes the connection and stops all attempts to open it again, in whatever state they are. */
export const shutDown = (srf: SrfClient): void => {
  const client = (srf as unknown as Internals)._app.client;
  const protocol = client?.wp;
  if (!client || !protocol) return;
  protocol.closing = true;
  const { reconnectVars } = protocol;
  if (reconnectVars?.retryTimer) clearTimeout(reconnectVars.retryTimer);
  for (const socket of client.mapServer.keys()) socket.destroy();
  protocol.socket?.destroy();
};

/**
 * Resolves when the server knows what the app has told it so far, such as its routes: it answers in order, and here a
 * ping (drachtio-server 0.8.2 and later). Never, when the connection ends before.
 */
export const takenByServer = async (srf: SrfClient): Promise<void> => {
  const { client } = (srf as unknown as Internals)._app;
  const protocol = client?.wp;
  if (!client || !protocol) return;
  const pongs = [...client.mapServer].map(
    ([socket, { pendingRequests }]) =>
      new Promise<void>((resolve) => pendingRequests.set(protocol.send(socket, 'ping'), resolve)),
  );
  await Promise.all(pongs);
};

/** Whether a request could not be sent because its connection to the server has ended. */
export const isSocketGone = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESOCKETDESTROYED';

/** Whether drachtio-srf could not send for want of the connection, which it may notice before it says so. */
export const isServerGone = (error: unknown): boolean =>
  isSocketGone(error) || (error instanceof Error && error.message.endsWith('socket connection closed'));

/** Whether an error of drachtio-srf is a final SIP response. */
export const sipStatusOf = (error: unknown): { status: number; reason: string } | undefined => {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : '';
  return typeof status === 'number' ? { status, reason } : undefined;
};

/** The final response that an error of drachtio-srf stands for. */
export const responseOf = (error: unknown): SrfResponse | undefined => {
  if (typeof error !== 'object' || error === null || !('res' in error)) return undefined;
  const { res } = error;
  const isResponse = typeof res === 'object' && res !== null && 'get' in res && 'status' in res;
  return isResponse ? (res as SrfResponse) : undefined;
};
