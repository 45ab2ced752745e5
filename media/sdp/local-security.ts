/** Our part of a leg's security: what we offer and take, one key for each suite, and what DTLS was agreed. */
import { randomBytes } from 'node:crypto';
import type { SrtpKeys, SrtpPolicy } from '../ports';
import type { Fingerprint } from '../dtls/handshake';
import type { MasterKey } from '../srtp/session-keys';
import { SRTP_SUITES } from '../srtp/suites';
import type { SrtpSuite } from '../srtp/suites';
import { cryptosIn } from './security-descriptions';
import type { RemoteDtls, Setup } from './remote-transport';

export interface AgreedDtls {
  readonly fingerprint: Fingerprint;
  /** Ours: the client begins the handshake. */
  readonly role: 'client' | 'server';
}

/** What may be read out of a peer's SDP. */
export interface Acceptable {
  readonly plain: boolean;
  readonly sdes: boolean;
  readonly dtls: boolean;
}

export interface LocalSecurityOptions {
  /** By which way keys may be agreed on. Default `any`. */
  readonly keys?: SrtpKeys | undefined;
  /** Of our certificate, SHA-256; without one there is no DTLS. */
  readonly fingerprint?: string | undefined;
  /** Our last description of the session that goes on here: what was secured is offered so. */
  readonly continues?: string | undefined;
}

export class LocalSecurity {
  private readonly keys = new Map<SrtpSuite, MasterKey>();
  private dtls: AgreedDtls | undefined;

  constructor(
    private readonly policy: SrtpPolicy,
    private readonly options: LocalSecurityOptions = {},
  ) {
    // The keys stay: there are peers that do not take another one within a call.
    for (const { suite, master } of cryptosIn(options.continues ?? '')) this.keys.set(suite, master);
  }

  get fingerprint(): string | undefined {
    return this.options.fingerprint;
  }

  /** Of a peer's offer. */
  get acceptable(): Acceptable {
    const { policy } = this;
    const { keys = 'any' } = this.options;
    return {
      plain: policy !== 'required',
      sdes: policy !== 'off' && keys !== 'dtls',
      dtls: policy !== 'off' && keys !== 'sdes' && this.fingerprint !== undefined,
    };
  }

  /** What our offers say: secured where the policy demands it, and once the peer has had keys of ours in this call. */
  get offers(): 'plain' | 'sdes' | 'dtls' {
    if (this.dtls) return 'dtls';
    if (this.keys.size > 0) return 'sdes';
    const { continues = '' } = this.options;
    if (/^a=fingerprint:/m.test(continues)) return 'dtls';
    if (this.policy !== 'required') return 'plain';
    return this.acceptable.sdes ? 'sdes' : 'dtls';
  }

  /** Of an answer to our offer. */
  get awaited(): Acceptable {
    const { offers } = this;
    return { plain: offers === 'plain', sdes: offers === 'sdes', dtls: offers === 'dtls' };
  }

  /** In the order of our offers: those come first that the peer has had keys for. */
  get suites(): readonly SrtpSuite[] {
    return [...this.keys.keys(), ...SRTP_SUITES.filter((suite) => !this.keys.has(suite))];
  }

  keyFor(suite: SrtpSuite): MasterKey {
    let key = this.keys.get(suite);
    if (!key) this.keys.set(suite, (key = newMasterKey(suite)));
    return key;
  }

  /**
   * The roles of a handshake, and from now on what is offered anew. With the same certificate the present ones stay
   * (RFC 8842, 5.3). Where we may choose, the peer begins: it knows first when packets can pass.
   */
  agreeDtls({ fingerprint, setup = 'actpass' }: RemoteDtls): AgreedDtls {
    const chosen = ROLES[setup];
    const { dtls } = this;
    const stays = dtls?.fingerprint.value === fingerprint.value && (setup === 'actpass' || dtls.role === chosen);
    return (this.dtls = { fingerprint, role: stays ? dtls.role : chosen });
  }

  /** Secured in another way, or not any more. */
  forgetDtls(): void {
    this.dtls = undefined;
  }
}

const ROLES: Readonly<Record<Setup, AgreedDtls['role']>> = { active: 'server', passive: 'client', actpass: 'server' };

const newMasterKey = (suite: SrtpSuite): MasterKey => ({
  key: randomBytes(suite.keyBytes),
  salt: randomBytes(suite.saltBytes),
});
