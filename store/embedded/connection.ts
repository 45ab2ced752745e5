/** One client: its requests are answered one after another, in order. */
import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import { dispatch, type DispatcherDependencies } from './dispatcher';
import { Framer } from './wire/framer';
import { MalformedMessageError, decodeMessage, encodeReply } from './wire/message';

/** Requests that a client may send ahead before reading from it pauses. */
const MAX_QUEUED_REQUESTS = 64;

export interface ConnectionDependencies extends DispatcherDependencies {
  socket: Socket;
  connectionId: number;
}

export class Connection {
  private readonly socket: Socket;
  private readonly connectionId: number;
  private readonly dispatcher: DispatcherDependencies;
  private readonly log: Logger;
  private readonly framer = new Framer();
  private queue: Buffer[] = [];
  private working: Promise<void> | undefined;
  private replies = 0;

  constructor({ socket, connectionId, engine, log }: ConnectionDependencies) {
    this.socket = socket;
    this.connectionId = connectionId;
    this.log = log;
    this.dispatcher = { engine, log };
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    // A vanished client is no fault of the store; 'close' follows.
    socket.on('error', (error) => log.debug({ err: error, connectionId }, 'a store connection failed'));
  }

  /** Lets the request under way be answered, then closes. */
  async close(): Promise<void> {
    this.queue = [];
    await this.working;
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    try {
      for (const message of this.framer.push(chunk)) this.queue.push(message);
    } catch (error) {
      return this.reject(error);
    }
    if (this.queue.length > MAX_QUEUED_REQUESTS) this.socket.pause();
    if (this.queue.length > 0) this.working ??= this.work().finally(() => (this.working = undefined));
  }

  private async work(): Promise<void> {
    try {
      for (let message = this.queue.shift(); message && !this.socket.destroyed; message = this.queue.shift()) {
        await this.answer(message);
        if (this.queue.length === 0) this.socket.resume();
      }
    } catch (error) {
      this.reject(error);
    }
  }

  private async answer(message: Buffer): Promise<void> {
    const request = decodeMessage(message);
    const body = await dispatch(this.dispatcher, request, this.connectionId);
    if (request.moreToCome || this.socket.destroyed) return;
    this.replies = (this.replies + 1) & 0x7fffffff;
    const flowing = this.socket.write(encodeReply(request, { replyId: this.replies, body }));
    if (!flowing) await this.drained();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done).off('close', done);
        resolve();
      };
      this.socket.on('drain', done).on('close', done);
    });
  }

  private reject(error: unknown): void {
    const fields = { connectionId: this.connectionId, reason: messageOf(error) };
    if (error instanceof MalformedMessageError)
      this.log.warn(fields, 'a store connection was closed: malformed message');
    else this.log.error({ ...fields, err: error }, 'a store connection was closed: its request failed');
    this.queue = [];
    this.socket.destroy();
  }
}
