/** A desk phone on a raw socket: registers by digest, watches other extensions, and says no to calls. */
import { challenged } from '../contract/signaling/credentials';
import type { SipRequest } from '../../signaling/sip/message';
import { ANSWER, OFFER, SipPeer } from '../contract/signaling/sip-peer';

export interface OfficePhoneOptions {
  readonly extension: string;
  readonly password: string;
  readonly sipPort: number;
}

const HOST = 'switchroom.invalid';
const RINGING_WAIT_MS = 10_000;

/** One of the phone's own calls. */
export interface PhoneCall {
  /** As the other side finds it by Replaces. */
  readonly name: string;
  request(method: string, cseq: number): SipRequest;
}

const nameOf = (of: { callId: string; theirs: string | undefined; ours: string | undefined }): string =>
  `${of.callId};to-tag=${of.theirs};from-tag=${of.ours}`;

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

  /** Takes the next call. */
  async answer(): Promise<PhoneCall> {
    const invite = await this.peer.nextRequest('INVITE');
    const response = this.peer.response(invite, 200, ANSWER);
    this.peer.send(response);
    await this.peer.nextRequest('ACK');
    return {
      request: (method, cseq) => this.peer.withinTheirs(invite, response, { method, cseq }),
      name: nameOf({ callId: invite.callId, theirs: invite.from.tag, ours: response.to.tag }),
    };
  }

  /** Calls a number; resolves when somebody has answered. */
  async call(number: string, headers: Record<string, string> = {}): Promise<PhoneCall> {
    const uri = `sip:${number}@${HOST}`;
    const invite = await this.prove(this.peer.invite(uri, OFFER, { From: this.from('INVITE'), ...headers }));
    const answer = await this.peer.nextResponse(200);
    const ack = this.peer.within(invite, answer, 'ACK');
    ack.set('CSeq', `${invite.cseq.number} ACK`);
    this.peer.send(ack);
    return {
      request: (method, cseq) => this.peer.within(invite, answer, method, cseq),
      name: nameOf({ callId: invite.callId, theirs: answer.to.tag, ours: invite.from.tag }),
    };
  }

  /** Joins two calls by REFER with Replaces in the first; tells what it hears of that until both have ended. */
  async transfer(first: PhoneCall, second: PhoneCall): Promise<string[]> {
    const { peer } = this;
    const refer = first.request('REFER', 10);
    refer.append('Refer-To', `<sip:anybody@${HOST}?Replaces=${encodeURIComponent(second.name)}>`);
    refer.append('Contact', peer.contact);
    peer.send(refer);
    await peer.nextResponse(202);
    const heard: string[] = [];
    for (let isLast = false; !isLast;) {
      const notify = await peer.nextRequest('NOTIFY');
      peer.send(peer.response(notify, 200));
      heard.push(notify.body.toString('utf8').trim());
      isLast = /^terminated/.test(notify.get('Subscription-State') ?? '');
    }
    for (let ended = 0; ended < 2; ended += 1) peer.send(peer.response(await peer.nextRequest('BYE'), 200));
    return heard;
  }

  async hangUp(call: PhoneCall): Promise<void> {
    this.peer.send(call.request('BYE', 20));
    await this.peer.nextResponse(200);
  }

  /** Waits until an extension rings; as Replaces names the dialog there (RFC 4235 and 3891). */
  async ringingDialog(extension: string): Promise<string> {
    for (;;) {
      const notify = await this.peer.nextRequest('NOTIFY', RINGING_WAIT_MS);
      this.peer.send(this.peer.response(notify, 200));
      const dialogInfo = notify.body.toString('utf8');
      const named = /call-id="([^"]+)" local-tag="([^"]+)" remote-tag="([^"]+)"/.exec(dialogInfo);
      if (!dialogInfo.includes(`entity="sip:${extension}@`) || !dialogInfo.includes('<state>early<') || !named)
        continue;
      const [, callId, theirs, callers] = named;
      return `${callId};to-tag=${callers};from-tag=${theirs}`;
    }
  }

  close(): Promise<void> {
    return this.peer.close();
  }

  /** Sends the request again with credentials, after its challenge. */
  private async proved(method: string, uri: string, headers: Record<string, string>): Promise<void> {
    await this.prove(this.peer.request(method, uri, { From: this.from(method), ...headers }));
  }

  private from(tag: string): string {
    return `<sip:${this.options.extension}@${HOST}>;tag=${tag}`;
  }

  private async prove(request: SipRequest): Promise<SipRequest> {
    const again = await challenged(this.peer, request, this.options.password);
    this.peer.send(again);
    return again;
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
