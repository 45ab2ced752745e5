/** Who is listened to by whom, beside everything else that both are in. */
import type { EndpointId } from '../../base/ids';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { MediaEndpoint } from '../endpoint/endpoint';

interface Tap {
  readonly from: EndpointId;
  readonly to: EndpointId;
  readonly end: () => void;
}

export class TapDesk {
  private readonly taps = new Set<Tap>();

  /** Copies packets as they are: fails with `conflict` unless both have the same codec. */
  open(from: MediaEndpoint, to: MediaEndpoint): Result<void> {
    if (!from.codec || from.codec !== to.codec)
      return fail('conflict', `endpoint ${to.id} has not the codec of ${from.id} and cannot listen to it`);
    const end = from.onPacket((packet) => to.send(packet));
    this.taps.add({ from: from.id, to: to.id, end });
    return ok(undefined);
  }

  /** Ends what an endpoint hears and lets be heard in this way. */
  forget(endpointId: EndpointId): void {
    for (const tap of this.taps) {
      if (tap.from !== endpointId && tap.to !== endpointId) continue;
      tap.end();
      this.taps.delete(tap);
    }
  }
}
