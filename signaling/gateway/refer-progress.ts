/** The subscription that a REFER makes by itself: its sender is told by NOTIFY how the call goes (RFC 3515, 2.4.4). */
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { ReferProgress } from '../ports';
import type { DialogRequests } from './dialog-requests';

/** RFC 3515, section 2.4.7: how long the sender may expect to be told; the call's own timeouts are shorter. */
const EXPIRES_S = 120;

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  503: 'Service Unavailable',
  603: 'Decline',
};

/** Whether the sender wants no subscription (RFC 4488). */
const wantsSilence = (request: SrfRequest): boolean =>
  request.get('Refer-Sub')?.trim().toLowerCase().startsWith('false') ?? false;

/** Answers a REFER with 202, or with 200 and no subscription, and tells what becomes of the call. */
export const acceptRefer = (requests: DialogRequests, request: SrfRequest, response: SrfResponse): ReferProgress => {
  if (wantsSilence(request)) {
    response.send(200, { headers: { 'Refer-Sub': 'false' } });
    return { report: () => undefined };
  }
  response.send(202);
  const progress = new Subscription(requests, request.get('CSeq'));
  // RFC 3515, section 2.4.4: the first NOTIFY follows the 202 at once.
  progress.report(100);
  return progress;
};

class Subscription implements ReferProgress {
  private over = false;
  private readonly event: string;

  constructor(
    private readonly requests: DialogRequests,
    cseq: string | undefined,
  ) {
    // RFC 3515, section 2.4.6: the id tells REFERs of one dialog apart.
    const id = /^\d+/.exec(cseq ?? '')?.[0];
    this.event = id === undefined ? 'refer' : `refer;id=${id}`;
  }

  report(status: number, reason = REASONS[status] ?? 'Unknown'): void {
    if (this.over) return;
    this.over = status >= 200;
    const headers = {
      Event: this.event,
      'Subscription-State': this.over ? 'terminated;reason=noresource' : `active;expires=${EXPIRES_S}`,
      'Content-Type': 'message/sipfrag;version=2.0',
      ...this.requests.contactHeader,
    };
    const request = { method: 'NOTIFY', headers, body: `SIP/2.0 ${status} ${reason}\r\n` } as const;
    // Who asked may have hung up already; the call goes on all the same.
    this.requests.send(request, { failed: () => undefined, response: () => undefined });
  }
}
