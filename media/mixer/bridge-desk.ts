/** Which two endpoints are joined: an endpoint is in one bridge at most. */
import type { Clock } from '../../base/clock';
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import { ForwardingBridge } from '../bridge';
import type { Bridge } from '../bridge';
import type { MediaEndpoint } from '../endpoint/endpoint';
import type { FrameTicker } from '../frame-ticker';
import { TranscodingBridge } from './transcoding-bridge';
import type { BridgedParty } from './transcoding-bridge';

export interface BridgeDeskOptions {
  readonly clock: Clock;
  readonly ticker: FrameTicker;
  readonly isPlayingTo: (endpointId: EndpointId) => boolean;
  /** Ends what the endpoint is in, another bridge included, right before it is joined. */
  readonly onJoining: (endpointId: EndpointId) => void;
}

export class BridgeDesk {
  private readonly bridges = new Map<EndpointId, Bridge>();

  constructor(private readonly options: BridgeDeskOptions) {}

  get size(): number {
    return new Set(this.bridges.values()).size;
  }

  join(a: MediaEndpoint, b: MediaEndpoint): Result<void> {
    if (a.id === b.id) return fail('bad_input', `endpoint ${a.id} cannot be bridged with itself`);
    const [codecA, codecB] = [a.codec, b.codec];
    if (!codecA || !codecB)
      return fail('conflict', `endpoint ${(codecA ? b : a).id} has no codec yet and cannot be bridged`);
    for (const { id } of [a, b]) this.options.onJoining(id);
    const bridge = this.newBridge({ endpoint: a, codec: codecA }, { endpoint: b, codec: codecB });
    for (const { id } of [a, b]) this.bridges.set(id, bridge);
    return ok(undefined);
  }

  /** Ends the bridge the endpoint is in, if it is in one. */
  leave(endpointId: EndpointId): void {
    const bridge = this.bridges.get(endpointId);
    if (!bridge) return;
    bridge.close();
    for (const { id } of bridge.endpoints) this.bridges.delete(id);
  }

  private newBridge(a: BridgedParty, b: BridgedParty): Bridge {
    const { clock, ticker, isPlayingTo } = this.options;
    if (a.codec === b.codec) return new ForwardingBridge({ a: a.endpoint, b: b.endpoint, isPlayingTo });
    return new TranscodingBridge({ a, b, isPlayingTo, clock, ticker });
  }
}
