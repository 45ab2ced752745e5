/** A browser's side of the event socket. */
import { WebSocket } from 'ws';
import type { Command, ServerMessage } from '../../../api/contract/socket';
import { serverMessageSchema } from '../../../api/contract/socket';

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

export class EventClient {
  readonly messages: ServerMessage[] = [];
  closeCode: number | undefined;
  readonly socket: WebSocket;
  private readonly waiting = new Set<() => void>();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(serverMessageSchema.parse(JSON.parse(data.toString('utf8'))));
      this.wake();
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.wake();
    });
    this.socket.on('error', () => this.wake());
  }

  send(command: Command | Record<string, unknown> | string): void {
    this.socket.send(typeof command === 'string' ? command : JSON.stringify(command));
  }

  /** Sends a command and waits for its reply. */
  async ask(command: Command): Promise<MessageOf<'reply'>> {
    this.send(command);
    return this.next('reply', (reply) => reply.id === command.id);
  }

  /** The first message of this type that fits, already received or still to come. */
  next<Type extends ServerMessage['type']>(
    type: Type,
    fits: (message: MessageOf<Type>) => boolean = () => true,
  ): Promise<MessageOf<Type>> {
    return this.until(() =>
      this.messages.find(
        (message): message is MessageOf<Type> => message.type === type && fits(message as MessageOf<Type>),
      ),
    );
  }

  closed(): Promise<number> {
    return this.until(() => this.closeCode);
  }

  /** The HTTP status with which the upgrade was refused. */
  refused(): Promise<number> {
    return new Promise((resolve) => {
      this.socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
    });
  }

  private until<Value>(look: () => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.waiting.delete(check);
        reject(new Error(`nothing came; received ${JSON.stringify(this.messages)}, closed ${this.closeCode}`));
      }, 4_000);
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(limit);
        this.waiting.delete(check);
        resolve(found);
      };
      this.waiting.add(check);
      check();
    });
  }

  private wake(): void {
    for (const check of [...this.waiting]) check();
  }
}
