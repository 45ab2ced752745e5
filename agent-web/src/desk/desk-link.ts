/** The desk's connection to the server: the event socket, the state folded from it, and the commands. */
import type { Clock } from '../../../base/clock';
import type { ServerMessage } from '../../../api/contract/socket';
import { EventSocket } from '../api/event-socket';
import type { CommandBody, SocketStatus, Wire, WireHandlers } from '../api/event-socket';
import { Observable } from '../api/observable';
import { EMPTY_DESK, reduceDesk } from './desk-state';
import type { DeskState } from './desk-state';

interface DeskLinkOptions {
  readonly clock: Clock;
  readonly ownAgentId: string | undefined;
  /** Takes the desk from another window even when a call is open there. */
  readonly takeover: boolean;
  /** The server has greeted: commands may be sent, and the state is fresh. */
  readonly onGreeted: () => void;
  /** An interaction that this user may see has changed. */
  readonly onInteraction: (interactionId: string) => void;
}

const EVENTS_PATH = '/api/v1/events';

/** Tells the server which connections come from the same window. */
const WINDOW_NAME = [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, '0'))
  .join('');

const openWebSocket = (takeover: boolean, { onOpen, onClose, onText }: WireHandlers): Wire => {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const query = new URLSearchParams({ window: WINDOW_NAME, ...(takeover ? { takeover: 'yes' } : {}) });
  const socket = new WebSocket(`${scheme}://${location.host}${EVENTS_PATH}?${query.toString()}`);
  socket.addEventListener('open', onOpen);
  socket.addEventListener('close', onClose);
  socket.addEventListener('message', (event) => onText(String(event.data)));
  return socket;
};

export class DeskLink {
  readonly state = new Observable<DeskState>(EMPTY_DESK);
  readonly status = new Observable<SocketStatus>({ kind: 'connecting', attempt: 0 });
  private readonly socket: EventSocket;

  constructor(private readonly options: DeskLinkOptions) {
    this.socket = new EventSocket({
      clock: options.clock,
      // Asked for once: a connection that was lost must not take the desk back from a third window.
      open: (handlers) => openWebSocket(options.takeover && !this.state.get().loaded, handlers),
      chance: Math.random,
      onMessage: (message) => this.received(message),
      onStatus: (status) => this.status.set(status),
      onUnreadable: (problem) => reportError(new Error(`A message of the event socket is not understood: ${problem}`)),
    });
  }

  connect(): void {
    this.socket.connect();
  }

  reconnectNow(): void {
    this.socket.connectNow();
  }

  /** Sends a command. @throws ApiError when it was refused or could not be sent. */
  send(command: CommandBody): Promise<void> {
    return this.socket.send(command);
  }

  close(): void {
    this.socket.close();
  }

  private received(message: ServerMessage): void {
    const { clock, ownAgentId } = this.options;
    this.state.update((state) => reduceDesk(state, message, { ownAgentId, nowMs: clock.nowMs() }));
    if (message.type === 'hello') this.options.onGreeted();
    if (message.type === 'interaction') this.options.onInteraction(message.interactionId);
  }
}
