/**
 * Recognises requests that come back to us (RFC 3261, 16.3 step 4; RFC 5393, 4.2).
 *
 *     branch = z9hG4bK <random> "." <this edge> "." <hash of what decides where the request goes>
 *
 * One that comes back with the same hash would take the same way again: a loop. With another hash somebody has changed
 * it on its way: a spiral, which is right.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { newToken } from '../../../base/ids';
import { MAGIC_COOKIE } from '../../sip/headers/via';
import type { SipRequest } from '../../sip/message';

export class LoopGuard {
  private readonly key = randomBytes(32);
  private readonly edge = newToken(6);

  /** The branch under which this request, as it was received, is passed on. */
  branchFor(received: SipRequest): string {
    return `${MAGIC_COOKIE}${newToken(9)}.${this.edge}.${this.hash(received)}`;
  }

  /** Whether the request was passed on by us before; to be asked when it has arrived. */
  returned(request: SipRequest): 'loop' | 'spiral' | undefined {
    const marks = request.vias
      .map((via) => (via.branch ?? '').split('.'))
      .filter(([, edge]) => edge === this.edge)
      .map(([, , hash]) => hash);
    if (marks.length === 0) return undefined;
    return marks.includes(this.hash(request)) ? 'loop' : 'spiral';
  }

  /** RFC 5393, 4.2.1: everything that decides on the way, and nothing that changes from hop to hop. */
  private hash(request: SipRequest): string {
    const { uri, callId, from, cseq } = request;
    const parts = [uri, ...request.getAll('Route'), callId, from.tag ?? '', `${cseq.number} ${cseq.method}`];
    return createHmac('sha256', this.key).update(parts.join('\n')).digest('hex').slice(0, 16);
  }
}
