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
  private agreed: AgreedSecurity | undefined;
  private sending: SrtpContext | undefined;
  private receiving: SrtpContext | undefined;

  /** A new agreement. A direction whose key stays goes on: its counters must not begin again (RFC 3711, 9.1). */
  agree(security: AgreedSecurity | undefined): void {
    const { agreed: former } = this;
    this.agreed = security;
    if (!security) {
      this.sending = undefined;
      this.receiving = undefined;
      return;
    }
    const { suite, own, remote } = security;
    const sameSuite = former?.suite === suite;
    if (!sameSuite || !isSame(former.own, own)) this.sending = new SrtpContext(suite, own);
    if (!sameSuite || !isSame(former.remote, remote)) this.receiving = new SrtpContext(suite, remote);
  }

  protectRtp(packet: Buffer): Buffer {
    return this.sending ? this.sending.protectRtp(packet) : packet;
  }

  protectRtcp(packet: Buffer): Buffer {
    return this.sending ? this.sending.protectRtcp(packet) : packet;
  }

  /** Undefined for packets that are not the peer's. */
  openRtp(datagram: Buffer): Buffer | undefined {
    return this.receiving ? this.receiving.openRtp(datagram) : datagram;
  }

  openRtcp(datagram: Buffer): Buffer | undefined {
    return this.receiving ? this.receiving.openRtcp(datagram) : datagram;
  }
}

const isSame = (a: MasterKey, b: MasterKey): boolean => a.key.equals(b.key) && a.salt.equals(b.salt);
