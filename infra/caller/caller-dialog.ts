/** The caller's side of one dialog (RFC 3261, 12): the headers of its requests. */
import { newToken } from '../../base/ids';
import type { Connection } from '../../signaling/sip/connection';
import { NameAddr } from '../../signaling/sip/headers/name-addr';
import { SipRequest } from '../../signaling/sip/message';
import type { SipResponse } from '../../signaling/sip/message';
import { SipUri } from '../../signaling/sip/uri';
import { hostText } from '../../signaling/sip/via-stamp';

export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE';
const SDP_TYPE = 'application/sdp';

export interface CallerDialogOptions {
  readonly connection: Connection;
  /** The number or user that is called. */
  readonly number: string;
  readonly from: string;
}

/** `sip:user@host:port`, with the transport where it is not UDP. */
const uriAt = (user: string, { address, port }: Connection['remote'], protocol: string): SipUri =>
  new SipUri({
    scheme: 'sip',
    user: encodeURIComponent(user).replaceAll('%2B', '+').replaceAll('%23', '#'),
    host: hostText(address),
    port,
    ...(protocol !== 'udp' && { params: new Map([['transport', protocol]]) }),
  });

export class CallerDialog {
  readonly callId = newToken(16);
  readonly contact: string;
  private readonly from: NameAddr;
  private readonly to: NameAddr;
  private readonly routes: string[] = [];
  private target: string;
  private remote: string;
  private cseq = 1;

  constructor({ connection, number, from }: CallerDialogOptions) {
    const { local, remote, protocol } = connection;
    const called = uriAt(number, remote, protocol);
    this.target = called.toString();
    this.to = new NameAddr(called);
    this.remote = this.to.toString();
    this.from = new NameAddr(uriAt(from, local, 'udp').with({ port: undefined })).withTag(newToken(9));
    this.contact = `<${uriAt(from, local, protocol).toString()}>`;
  }

  /** The called URI as shown to people. */
  get called(): string {
    return this.to.uri.toString();
  }

  invite(sdp: string): SipRequest {
    const invite = this.request('INVITE', this.cseq);
    invite.append('Contact', this.contact);
    invite.append('Allow', ALLOW);
    invite.append('User-Agent', 'Switchroom caller');
    invite.append('Content-Type', SDP_TYPE);
    invite.body = Buffer.from(sdp);
    return invite;
  }

  /** Takes from the 2xx where the far end is, and by which proxies (RFC 3261, 12.1.2). */
  confirm(response: SipResponse): void {
    this.remote = response.get('To') ?? this.remote;
    this.target = response.contacts[0]?.uri.toString() ?? this.target;
    this.routes.splice(0, Infinity, ...response.getAll('Record-Route').reverse());
  }

  /** The far end's new Contact (RFC 3261, 12.2.2). */
  refreshTarget(request: SipRequest): void {
    this.target = request.contacts[0]?.uri.toString() ?? this.target;
  }

  /** The ACK to a 2xx has the sequence number of its INVITE. */
  ack(): SipRequest {
    return this.request('ACK', 1);
  }

  /** @param reason as a Reason header has it (RFC 3326). */
  bye(reason?: string): SipRequest {
    this.cseq += 1;
    const bye = this.request('BYE', this.cseq);
    if (reason !== undefined) bye.append('Reason', reason);
    return bye;
  }

  /** A key (`application/dtmf-relay`). */
  info(digit: string, durationMs: number): SipRequest {
    this.cseq += 1;
    const info = this.request('INFO', this.cseq);
    info.append('Content-Type', 'application/dtmf-relay');
    info.body = Buffer.from(`Signal=${digit}\r\nDuration=${durationMs}\r\n`);
    return info;
  }

  private request(method: string, cseq: number): SipRequest {
    const request = new SipRequest({ method, uri: this.target });
    for (const route of this.routes) request.append('Route', route);
    request.append('From', this.from.toString());
    request.append('To', this.remote);
    request.append('Call-ID', this.callId);
    request.append('CSeq', `${cseq} ${method}`);
    return request;
  }
}
