/**
 * A UDP relay that impairs what passes: between a peer, which sends to {@link UdpRelay.port}, and a target. Answers of
 * the target go back to the peer's newest address through the same impairment.
 */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Clock, Timer } from '../../base/clock';
import { Impairment } from './impairment';
import type { ImpairmentOptions } from './impairment';

export interface UdpRelayOptions {
  readonly target: { readonly address: string; readonly port: number };
  readonly toTarget: ImpairmentOptions;
  readonly toPeer: ImpairmentOptions;
  /** Where the peer's side listens; 0 takes a free port. Default 0 on 127.0.0.1. */
  readonly listen?: { readonly address: string; readonly port: number };
  readonly clock: Clock;
}

export interface RelayCounts {
  readonly passed: number;
  readonly lost: number;
}

export class UdpRelay {
  private readonly timers = new Set<Timer>();
  private readonly toTarget: Impairment;
  private readonly toPeer: Impairment;
  private peer: RemoteInfo | undefined;
  private passed = 0;
  private lost = 0;
  private closed = false;

  private constructor(
    private readonly options: UdpRelayOptions,
    private readonly outer: Socket,
    private readonly inner: Socket,
  ) {
    this.toTarget = new Impairment(options.toTarget);
    this.toPeer = new Impairment(options.toPeer);
    const { target } = options;
    outer.on('message', (datagram, from) => {
      this.peer = from;
      this.pass(this.toTarget, () => inner.send(datagram, target.port, target.address));
    });
    inner.on('message', (datagram) => {
      const { peer } = this;
      if (peer) this.pass(this.toPeer, () => outer.send(datagram, peer.port, peer.address));
    });
  }

  /** Throws when the address cannot be bound. */
  static async open(options: UdpRelayOptions): Promise<UdpRelay> {
    const { address, port } = options.listen ?? { address: '127.0.0.1', port: 0 };
    const [outer, inner] = [createSocket('udp4'), createSocket('udp4')];
    outer.bind(port, address);
    inner.bind(0, address);
    await Promise.all([once(outer, 'listening'), once(inner, 'listening')]);
    return new UdpRelay(options, outer, inner);
  }

  /** Where the peer sends to. */
  get port(): number {
    return this.outer.address().port;
  }

  counts(): RelayCounts {
    return { passed: this.passed, lost: this.lost };
  }

  /** Drops what is on its way. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const timer of this.timers) timer.cancel();
    this.outer.close();
    this.inner.close();
  }

  private pass(impairment: Impairment, send: () => void): void {
    const delaysMs = impairment.next();
    if (delaysMs.length === 0) this.lost += 1;
    else this.passed += 1;
    for (const delayMs of delaysMs) {
      const timer = this.options.clock.after(delayMs, () => {
        this.timers.delete(timer);
        send();
      });
      this.timers.add(timer);
    }
  }
}
