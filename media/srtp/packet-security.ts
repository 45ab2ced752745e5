/** Both directions of a leg's security; before an agreement, and without one, packets pass as they are. */
import { SrtpContext } from './srtp-context';
import type { MasterKey } from './session-keys';
import type { SrtpSuite } from './suites';

export interface AgreedSecurity {
  readonly suite: SrtpSuite;
  readonly own: MasterKey;
  readonly remote: MasterKey;
}

export class PacketSecurity {
  /** By our keys, of which there are as many as suites. */
  private readonly senders = new Map<string, SrtpContext>();
  /** By the peer's last key. */
  private receiver: { readonly name: string; readonly context: SrtpContext } | undefined;
  private sending: SrtpContext | undefined;
  private receiving: SrtpContext | undefined;

  /** @param missedRollovers see {@link SrtpContext}. */
  constructor(private readonly missedRollovers = 0) {}

  /**
   * A new agreement. A direction whose key stays, or comes back after plain RTP, goes on: its counters must not begin
   * again (RFC 3711, 9.1).
   */
  agree(security: AgreedSecurity | undefined): void {
    this.sending = security && this.senderOf(security);
    this.receiving = security && this.receiverOf(security);
  }

  protectRtp(packet: Buffer): Buffer {
    return this.sending ? this.sending.protectRtp(packet) : packet;
  }

  protectRtcp(packet: Buffer): Buffer {
    return this.sending ? this.sending.protectRtcp(packet) : packet;
  }

  /** Whether what was opened is proved to be the peer's. */
  get proves(): boolean {
    return this.receiving !== undefined;
  }

  /** Undefined for packets that are not the peer's. */
  openRtp(datagram: Buffer): Buffer | undefined {
    return this.receiving ? this.receiving.openRtp(datagram) : datagram;
  }

  openRtcp(datagram: Buffer): Buffer | undefined {
    return this.receiving ? this.receiving.openRtcp(datagram) : datagram;
  }

  private senderOf({ suite, own }: AgreedSecurity): SrtpContext {
    const name = nameOf(suite, own);
    const sender = this.senders.get(name) ?? new SrtpContext(suite, own);
    this.senders.set(name, sender);
    return sender;
  }

  private receiverOf({ suite, remote }: AgreedSecurity): SrtpContext {
    const name = nameOf(suite, remote);
    if (this.receiver?.name !== name)
      this.receiver = { name, context: new SrtpContext(suite, remote, this.missedRollovers) };
    return this.receiver.context;
  }
}

const nameOf = (suite: SrtpSuite, { key, salt }: MasterKey): string =>
  `${suite.name} ${Buffer.concat([key, salt]).toString('base64')}`;
