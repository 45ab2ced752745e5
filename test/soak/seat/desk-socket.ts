/** The event socket of one user: sends commands, keeps what the server has told last. */
import { once } from 'node:events';
import WebSocket from 'ws';
import type { AgentView, CallView } from '../../../api/contract/common';
import type { Command, ServerMessage } from '../../../api/contract/socket';
import type { SupervisionView } from '../../../api/contract/supervision';

type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;
export type Order = WithoutId<Command>;

/** A reply to a command that comes no sooner is none. */
const REPLY_TIMEOUT_MS = 10_000;
const COME_BACK_MS = 300;

export class DeskSocket {
  agent: AgentView | undefined;
  supervision: SupervisionView | undefined;
  readonly calls = new Map<string, CallView>();
  /** Told of each change of a call as it comes. */
  onCall: ((call: CallView) => void) | undefined;
  private readonly pending = new Map<string, (fault: string | undefined) => void>();
  private asked = 0;

  private comingBack: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    private socket: WebSocket,
    private readonly onBye: (reason: string) => void,
    private readonly comesBack: boolean,
  ) {
    this.listen(socket);
  }

  /**
   * @param onBye told when the server closes the socket.
   * @param comesBack connects again when it is lost without a word, as pages do.
   */
  static async open(url: string, onBye: (reason: string) => void, comesBack = false): Promise<DeskSocket> {
    const socket = new WebSocket(url);
    // Before it is open: the greeting, which says who this is, may come together with the opening.
    const desk = new DeskSocket(socket, onBye, comesBack);
    await once(socket, 'open');
    return desk;
  }

  /** Resolves when the server has done it. @throws Error with the server's sentence when it refuses. */
  async order(order: Order): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) throw new Error(`${order.command} was not sent: not connected`);
    const id = String((this.asked += 1));
    const fault = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve('no reply'), REPLY_TIMEOUT_MS);
      this.pending.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.socket.send(JSON.stringify({ ...order, id }), (error) => {
        if (error) this.pending.get(id)?.(error.message);
      });
    });
    this.pending.delete(id);
    if (fault !== undefined) throw new Error(`${order.command} was refused: ${fault}`);
  }

  /** Idempotent. */
  close(): void {
    this.closed = true;
    clearTimeout(this.comingBack);
    this.socket.close();
  }

  private listen(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => this.take(JSON.parse(data.toString('utf8')) as ServerMessage));
    socket.on('error', () => undefined);
    if (this.comesBack) socket.on('close', () => this.comeBack(socket.url));
  }

  private comeBack(url: string): void {
    if (this.closed) return;
    this.comingBack = setTimeout(() => this.listen((this.socket = new WebSocket(url))), COME_BACK_MS);
  }

  private take(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.agent = message.agent;
        this.calls.clear();
        for (const call of message.calls) this.calls.set(call.callId, call);
        return;
      case 'agent':
        // Supervisors are told of everybody.
        if (message.agent.agentId === this.agent?.agentId) this.agent = message.agent;
        return;
      case 'call':
        if (message.call.state === 'ended') this.calls.delete(message.call.callId);
        else this.calls.set(message.call.callId, message.call);
        this.onCall?.(message.call);
        return;
      case 'supervision':
        this.supervision = message.supervision;
        return;
      case 'reply':
        this.pending.get(message.id)?.(message.ok ? undefined : (message.fault?.message ?? 'without a reason'));
        return;
      case 'bye':
        this.onBye(message.reason);
        return;
      default:
    }
  }
}
