/**
 * Sends digits by SIP INFO, one after the other: as `application/dtmf-relay`, and to who does not know that, as
 * `application/dtmf` from then on.
 */
import { messageOf } from '../../base/errors';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { InfoDigit } from '../ports';
import type { SrfResponse } from '../srf/srf-types';
import { codeOfStatus } from '../status-codes';
import type { DialogRequests } from './dialog-requests';
import type { ServerConnection } from './server-connection';

const RELAY = 'application/dtmf-relay';
const PLAIN = 'application/dtmf';

const OVER = fail('closed', 'the call is over');

export class InfoSender {
  private type: typeof RELAY | typeof PLAIN = RELAY;
  private readonly queue = new KeyedSerialQueue<'digits'>();
  private readonly waiting = new Set<(fault: Result<never>) => void>();
  private closed = false;

  constructor(
    private readonly requests: DialogRequests,
    private readonly connection: ServerConnection,
  ) {}

  /**
   * Resolves with the other side's answer; with `unavailable` when the connection to the SIP server is lost, with
   * `closed` when the dialog ends meanwhile.
   */
  send(digit: InfoDigit): Promise<Result<void>> {
    return this.queue.run('digits', async () => {
      if (this.closed) return OVER;
      const first = await this.request(digit);
      if (!first.ok || first.value.status !== 415 || this.type === PLAIN) return verdictOf(first);
      this.type = PLAIN;
      return verdictOf(await this.request(digit));
    });
  }

  /** The dialog has ended: nobody answers any more. Idempotent. */
  close(): void {
    this.closed = true;
    for (const settle of [...this.waiting]) settle(OVER);
  }

  private request({ digit, durationMs }: InfoDigit): Promise<Result<SrfResponse>> {
    const headers = { 'Content-Type': this.type, ...this.requests.contactHeader };
    const body = this.type === RELAY ? `Signal=${digit}\r\nDuration=${Math.round(durationMs)}\r\n` : digit;
    return new Promise((resolve) => {
      const settle = (result: Result<SrfResponse>): void => {
        forgetLoss();
        this.waiting.delete(settle);
        resolve(result);
      };
      this.waiting.add(settle);
      const forgetLoss = this.connection.onLost(() => settle(fail('unavailable', 'the SIP server was lost')));
      const request = { method: 'INFO', headers, body } as const;
      this.requests.send(request, {
        failed: (error) => settle(fail('unavailable', `a key could not be sent: ${messageOf(error)}`, error)),
        response: (response) => {
          if (response.status >= 200) settle(ok(response));
        },
      });
    });
  }
}

const verdictOf = (answered: Result<SrfResponse>): Result<void> => {
  if (!answered.ok) return answered;
  const { status, reason } = answered.value;
  return status < 300 ? ok(undefined) : fail(codeOfStatus(status), `the other side refused a key: ${status} ${reason}`);
};
