/** Asks the other side of a dialog to call somebody else, and hears by NOTIFY how that went (RFC 3515). */
import type { Clock } from '../../base/clock';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { ReferOrder } from '../ports';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import { codeOfStatus } from '../status-codes';
import type { DialogRequests } from './dialog-requests';

/** Longer than a telephone rings anywhere; whoever tells nothing by then has failed. */
const PATIENCE_MS = 90_000;

export class SentRefer {
  readonly result: Promise<Result<void>>;
  private settle: (result: Result<void>) => void = () => undefined;

  constructor(requests: DialogRequests, order: ReferOrder, clock: Clock) {
    this.result = new Promise((resolve) => (this.settle = resolve));
    const timer = clock.after(PATIENCE_MS, () => this.finish(fail('timeout', 'nobody said how the transfer went')));
    void this.result.then(() => timer.cancel());
    this.send(requests, order);
  }

  /** A NOTIFY of the dialog: whether it was about this REFER. */
  heard(notify: SrfRequest): boolean {
    if (notify.get('Event')?.split(';')[0]?.trim().toLowerCase() !== 'refer') return false;
    const status = statusOf(notify.body);
    const isLast = /^\s*terminated/i.test(notify.get('Subscription-State') ?? '');
    if (status !== undefined && status >= 200) this.finish(resultOf(status));
    else if (isLast) this.finish(fail('unavailable', 'the transfer ended without a word of how it went'));
    return true;
  }

  /** The dialog is over: a referred party that hangs up has gone where it was sent, if it was on its way there. */
  dialogEnded(): void {
    this.finish(fail('closed', 'the call ended before it was known how the transfer went'));
  }

  private send(requests: DialogRequests, { uri, referredBy }: ReferOrder): void {
    const headers = {
      'Refer-To': `<${uri}>`,
      ...(referredBy === undefined ? {} : { 'Referred-By': `<${referredBy}>` }),
      ...requests.contactHeader,
    };
    const request = { method: 'REFER', headers } as const;
    requests.send(request, {
      failed: (error) => this.finish(fail('unavailable', 'the REFER could not be sent', error)),
      response: (response) => this.answered(response),
    });
  }

  private answered(response: SrfResponse): void {
    const { status } = response;
    if (status < 200) return;
    if (status >= 300) return this.finish(resultOf(status));
    // RFC 4488: the other side has made no subscription, so that this is all there will be.
    if (response.get('Refer-Sub')?.trim().toLowerCase().startsWith('false')) this.finish(ok(undefined));
  }

  private finish(result: Result<void>): void {
    this.settle(result);
  }
}

const resultOf = (status: number): Result<void> =>
  status < 300 ? ok(undefined) : fail(codeOfStatus(status), `the transfer failed with ${status}`);

const statusOf = (sipfrag: string | undefined): number | undefined => {
  const found = /^SIP\/2\.0 (\d{3})\b/.exec(sipfrag ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
};
