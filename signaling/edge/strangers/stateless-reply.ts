/**
 * A final response that leaves nothing behind (RFC 3261, 8.2.7 and 16.11): To tag and path are derived from the request,
 * so that a retransmission gets the same answer without our having remembered anything. No 100 is ever sent so.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Connection } from '../../sip/connection';
import type { SipRequest } from '../../sip/message';
import { SipResponse } from '../../sip/message';
import { responsePath, stampReceived } from '../../sip/via-stamp';

export interface StatelessAnswer {
  readonly status: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

export class StatelessReply {
  private readonly key = randomBytes(16);

  /** Answers, and forgets. The response goes to where the request came from, never to a `maddr` of its choice. */
  send(request: SipRequest, connection: Connection, answer: StatelessAnswer): void {
    if (request.method === 'ACK' || request.topVia.params.has('maddr')) return;
    const toTag = this.tagFor(request);
    stampReceived(request, connection);
    void responsePath(request, connection).send(
      SipResponse.from(request, answer.status, { toTag, headers: answer.headers }).toBuffer(),
    );
  }

  private tagFor(request: SipRequest): string {
    const { callId, cseq, from, topVia } = request;
    const parts = [topVia.branch ?? topVia.toString(), callId, String(cseq.number), from.tag ?? ''];
    return createHmac('sha256', this.key).update(parts.join('\n')).digest('hex').slice(0, 18);
  }
}
