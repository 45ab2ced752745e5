/** {@link SipRequester} on drachtio-srf: OPTIONS and REGISTER of trunks. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { OwnReply, OwnRequest, SipRequester } from '../trunks/sip-requester';
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
    if (!this.connected) return Promise.resolve({ kind: 'silence', why: 'the SIP server is not connected' });
    return new Promise((resolve) => {
      const finish = (reply: OwnReply): void => {
        late.cancel();
        forgetLoss();
        resolve(reply);
      };
      const late = this.clock.after(timeoutMs, () =>
        finish({ kind: 'silence', why: `${method} was not answered within ${timeoutMs} ms` }),
      );
      const forgetLoss = this.connection.onLost(() => finish({ kind: 'silence', why: 'the SIP server was lost' }));
      try {
        this.connection.srf.request(uri, { method, headers: { ...headers } }, (error, request) => {
          if (!request) return finish({ kind: 'silence', why: `${method} could not be sent: ${messageOf(error)}` });
          request.on('response', (response) => {
            if (response.status < 200) return;
            const { status, reason, source_address: address } = response;
            finish({ kind: 'response', status, reason, address, get: (name) => response.get(name) });
          });
        });
      } catch (error) {
        finish({ kind: 'silence', why: `${method} could not be sent: ${messageOf(error)}` });
      }
    });
  }
}
