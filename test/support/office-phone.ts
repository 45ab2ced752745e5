/** A desk phone on a raw socket: registers by digest, watches other extensions, and says no to calls. */
import { challenged } from '../contract/signaling/credentials';
import { SipPeer } from '../contract/signaling/sip-peer';

export interface OfficePhoneOptions {
  readonly extension: string;
  readonly password: string;
  readonly sipPort: number;
}

const HOST = 'switchroom.invalid';

export class OfficePhone {
  private constructor(
    private readonly options: OfficePhoneOptions,
    private readonly peer: SipPeer,
  ) {}

  static async open(options: OfficePhoneOptions): Promise<OfficePhone> {
    const peer = await SipPeer.open({ transport: 'udp', address: '127.0.0.1', port: options.sipPort });
    return new OfficePhone(options, peer);
  }

  /** @param status the answer that is expected to the credentials. */
  async register(status = 200): Promise<void> {
    const { extension } = this.options;
    await this.proved('REGISTER', `sip:${HOST}`, { To: `<sip:${extension}@${HOST}>`, Expires: '600' });
    await this.peer.nextResponse(status);
  }

  /** Subscribes to the calls of an extension (RFC 4235). */
  async watch(extension: string): Promise<void> {
    const headers = { Event: 'dialog', Expires: '600', Contact: this.peer.contact };
    await this.proved('SUBSCRIBE', `sip:${extension}@${HOST}`, headers);
    await this.peer.nextResponse(202);
  }

  /**
   * Waits until the lamp of an extension shows this: `off`, or state, direction and other party.
   * @returns the Call-ID of the subscription by which that came.
   */
  async untilLamp(extension: string, wanted: string, waitMs = 4_000): Promise<string> {
    for (let shown = ''; ;) {
      const notify = await this.peer.nextRequest('NOTIFY', waitMs).catch((error: unknown) => {
        throw new Error(`the lamp of ${extension} shows "${shown}", not "${wanted}": ${String(error)}`);
      });
      this.peer.send(this.peer.response(notify, 200));
      shown = lampOf(notify.body.toString('utf8'), extension) ?? shown;
      if (shown === wanted) return notify.callId;
    }
  }

  /** Takes the next call, and declines it. */
  async decline(): Promise<void> {
    const invite = await this.peer.nextRequest('INVITE');
    this.peer.send(this.peer.response(invite, 603));
    await this.peer.nextRequest('ACK');
  }

  close(): Promise<void> {
    return this.peer.close();
  }

  /** Sends the request again with credentials, after its challenge. */
  private async proved(method: string, uri: string, headers: Record<string, string>): Promise<void> {
    const { peer } = this;
    const { extension: user, password } = this.options;
    const request = peer.request(method, uri, { From: `<sip:${user}@${HOST}>;tag=${method}`, ...headers });
    peer.send(await challenged(peer, request, password));
  }
}

/** Undefined when the document is about another extension. */
const lampOf = (dialogInfo: string, extension: string): string | undefined => {
  if (!dialogInfo.includes(`entity="sip:${extension}@`)) return undefined;
  const state = /<state>(\w+)<\/state>/.exec(dialogInfo)?.[1];
  if (state === undefined) return 'off';
  const direction = /direction="(\w+)"/.exec(dialogInfo)?.[1];
  const remote = /<remote><identity[^>]*>sip:([^@]+)@/.exec(dialogInfo)?.[1];
  return `${state} ${direction} ${remote}`;
};
