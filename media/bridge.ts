/** Two parties who hear each other: each one's packets go to the other as they are. */
import type { EndpointId } from '../base/ids';
import type { MediaEndpoint } from './endpoint/endpoint';

export interface Bridge {
  readonly endpoints: readonly MediaEndpoint[];
  /** Idempotent. */
  close(): void;
}

export interface ForwardingBridgeOptions {
  readonly a: MediaEndpoint;
  readonly b: MediaEndpoint;
  /** While something is played to a party, it hears that instead of the other one. */
  readonly isPlayingTo: (endpointId: EndpointId) => boolean;
}

export class ForwardingBridge implements Bridge {
  private readonly unsubscribes: readonly (() => void)[];

  constructor(private readonly options: ForwardingBridgeOptions) {
    const { a, b } = options;
    this.unsubscribes = [this.forward(a, b), this.forward(b, a)];
  }

  get endpoints(): readonly MediaEndpoint[] {
    return [this.options.a, this.options.b];
  }

  close(): void {
    this.unsubscribes.forEach((unsubscribe) => unsubscribe());
  }

  private forward(from: MediaEndpoint, to: MediaEndpoint): () => void {
    return from.onPacket((packet) => {
      if (!this.options.isPlayingTo(to.id)) to.send(packet);
    });
  }
}
