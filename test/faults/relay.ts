/** A TCP relay between two processes that can lose its way: what is sent then waits, as it does in TCP. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export class Relay {
  private readonly pairs = new Set<Pair>();
  private readonly server: Server;
  private isParted = false;

  /** @param port of the process behind it. */
  constructor(private readonly port: number) {
    this.server = createServer((near) => this.join(near));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  /** Where it listens. */
  get ownPort(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on nothing passes. */
  part(): void {
    this.isParted = true;
    for (const { near, far } of this.pairs) {
      near.pause();
      far.pause();
    }
  }

  /** What has waited passes. @param forgets the way has forgotten its connections: the nearer side sees them end. */
  heal(forgets: boolean): void {
    if (!this.isParted) return;
    this.isParted = false;
    for (const pair of [...this.pairs]) {
      if (forgets) pair.near.destroy();
      pair.near.resume();
      pair.far.resume();
    }
  }

  async close(): Promise<void> {
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    const pair = { near, far };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on('data', (bytes: Buffer) => void to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', end);
    }
    if (!this.isParted) return;
    near.pause();
    far.pause();
  }
}
