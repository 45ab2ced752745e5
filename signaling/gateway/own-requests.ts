/** {@link SipRequester} on drachtio-srf: OPTIONS and REGISTER of trunks. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { OwnReply, OwnRequest, SipRequester } from '../trunks/sip-requester';
import type { TrunkCause } from '../trunks/trunk-cause';
import type { ServerConnection } from './server-connection';

export class OwnRequests implements SipRequester {
  constructor(
    private readonly connection: ServerConnection,
    private readonly clock: Clock,
  ) {}

  get connected(): boolean {
    return this.connection.connected;
  }

  send({ method, uri, headers, timeoutMs }: OwnRequest): Promise<OwnReply> {
    if (!this.connected) return Promise.resolve(silence({ key: 'server-not-connected', values: {} }));
    return new Promise((resolve) => {
      const finish = (reply: OwnReply): void => {
        late.cancel();
        forgetLoss();
        resolve(reply);
      };
      const late = this.clock.after(timeoutMs, () =>
        finish(silence({ key: 'not-answered', values: { method, timeoutMs } })),
      );
      const forgetLoss = this.connection.onLost(() => finish(silence({ key: 'server-lost', values: {} })));
      const notSent = (error: unknown): void =>
        finish(silence({ key: 'not-sent', values: { method, error: messageOf(error) } }));
      try {
        this.connection.srf.request(uri, { method, headers: { ...headers } }, (error, request) => {
          if (!request) return notSent(error);
          request.on('response', (response) => {
            if (response.status < 200) return;
            const { status, reason, source_address: address } = response;
            finish({ kind: 'response', status, reason, address, get: (name) => response.get(name) });
          });
        });
      } catch (error) {
        notSent(error);
      }
    });
  }
}

const silence = (cause: TrunkCause): OwnReply => ({ kind: 'silence', cause });
