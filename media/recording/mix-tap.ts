/**
 * What a recorder hears of a mix: a member that has no peer and says nothing. What the mix sends to it comes out as the
 * packets of one source, encoded together with what all other listeners of G.711 hear.
 */
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaEndpoint, PacketListener, StreamPacket } from '../endpoint/endpoint';
import type { EndpointStats, OpenedEndpoint } from '../ports';

const NO_STATS: EndpointStats = { packetsReceived: 0, packetsSent: 0, packetsLost: 0, jitterMs: 0 };

export class MixTap implements MediaEndpoint {
  readonly id = newId<EndpointId>();
  readonly kind = 'rtp';
  readonly codec = 'PCMA';
  readonly digitForm = 'rfc4733';
  private readonly listeners = new Set<PacketListener>();

  /** @param onUnused called when nobody listens any more: the tap is to leave its mix. */
  constructor(private readonly onUnused: (endpointId: EndpointId) => void) {}

  onPacket(listener: PacketListener): () => void {
    this.listeners.add(listener);
    return () => {
      if (this.listeners.delete(listener) && this.listeners.size === 0) this.close();
    };
  }

  send(packet: StreamPacket): void {
    for (const listener of this.listeners) listener(packet);
  }

  /** Nobody presses keys here. */
  hideDigits(): void {}

  async acceptAnswer(): Promise<Result<OpenedEndpoint>> {
    return NO_PEER;
  }

  async answerReoffer(): Promise<Result<OpenedEndpoint>> {
    return NO_PEER;
  }

  reoffer(): Result<OpenedEndpoint> {
    return NO_PEER;
  }

  stats(): EndpointStats {
    return NO_STATS;
  }

  /** Idempotent. */
  close(): void {
    this.listeners.clear();
    this.onUnused(this.id);
  }
}

const NO_PEER = fail('unsupported', 'a tap has no peer');
