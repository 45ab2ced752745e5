/** The registrar of the browsers, and of phones (RFC 3261, 10.3), on drachtio-srf. */
import type { Clock } from '../../base/clock';
import { TypedEmitter } from '../../base/emitter';
import type { Logger } from '../../base/log';
import { isConnected, sourceOf } from '../gateway/source';
import type { SignalingSource } from '../ports';
import type { SrfRequest, SrfResponse } from '../srf/srf-types';
import type { DigestAlgorithm } from '../sip/digest';
import { isIPv6 } from 'node:net';
import { Authenticator } from './authenticator';
import type { AttemptGuard, CredentialsFor, Refusal } from './authenticator';
import type { Binding, UnregisterReason } from './bindings';
import { Bindings } from './bindings';
import type { RegisterRequest, WantedContact } from './register-request';
import { readRegister } from './register-request';

export interface RegistrarOptions {
  /** Of the challenges, and of the HA1 that `credentialsFor` gives. */
  readonly realm: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly credentialsFor: CredentialsFor;
  /** The time for contacts that ask for none. Default 300, of phones 3600. */
  readonly defaultExpiresS?: number;
  /** Longer wishes are cut. Default 600, of phones 3600. */
  readonly maxExpiresS?: number;
  /** Shorter wishes are refused with 423. Default 30, of phones 60. */
  readonly minExpiresS?: number;
  /** The oldest contact goes when a user binds more. Default 5. */
  readonly maxContactsPerUser?: number;
  /** Default 300000. */
  readonly nonceLifetimeMs?: number;
  /** Keeps account of failures, see {@link AttemptGuard}. */
  readonly guard?: AttemptGuard | undefined;
  /** What phones are offered in a challenge, the preferred first. Default MD5 alone. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Whether a user is a desk phone with a lasting account, rather than a browser with a session's. Default: nobody. */
  readonly isPhone?: (userName: string) => boolean;
}

/** Expiry in seconds: what is given to who asks for none, the longest and the shortest. */
interface ExpiryLimits {
  readonly defaultS: number;
  readonly maxS: number;
  readonly minS: number;
}

/** Desk phones stay for years and refresh as seldom as they may; a browser's page is gone within the hour. */
const PHONE_EXPIRY: ExpiryLimits = { defaultS: 3_600, maxS: 3_600, minS: 60 };

export interface RegistrarEvents {
  registered: [userName: string];
  unregistered: [userName: string, reason: UnregisterReason];
  /** A user's contacts were added, refreshed or removed; told of phones and browsers alike. */
  changed: [userName: string];
}

/** Where to send an INVITE for a user: the Contact as Request-URI, by the connection it registered from. */
export interface RegisteredContact {
  readonly uri: string;
  readonly proxy: string;
  /** Preference from 0 to 1. */
  readonly q: number;
  /** Route values to go through first (RFC 3327). */
  readonly path: readonly string[];
}

export class Registrar {
  readonly events: TypedEmitter<RegistrarEvents>;
  readonly authenticator: Authenticator;
  private readonly bindings: Bindings;

  constructor(private readonly options: RegistrarOptions) {
    const { clock, log, realm, credentialsFor, nonceLifetimeMs, guard, algorithms } = options;
    this.events = new TypedEmitter(log);
    this.authenticator = new Authenticator({ clock, realm, credentialsFor, nonceLifetimeMs, guard, algorithms });
    this.bindings = new Bindings(clock, {
      onRegistered: (userName) => {
        log.info({ userName }, 'a user registered');
        this.events.emit('registered', userName);
      },
      onUnregistered: (userName, reason) => {
        log.info({ userName, reason }, 'a user is not registered any more');
        this.events.emit('unregistered', userName, reason);
      },
      onChanged: (userName) => this.events.emit('changed', userName),
    });
  }

  /** The contact that a user prefers; undefined while not registered. */
  contactFor(userName: string): RegisteredContact | undefined {
    return this.contactsFor(userName)[0];
  }

  /** All contacts of a user, the preferred first. */
  contactsFor(userName: string): RegisteredContact[] {
    return this.bindings.of(userName).map(({ contactUri, source, q, path = [] }) => ({
      uri: contactUri,
      proxy: proxyOf(source),
      q,
      path,
    }));
  }

  /** What a user's registrations are, in a form that can be kept and given to {@link restore}. */
  bindingsOf(userName: string): readonly Binding[] {
    return this.bindings.of(userName);
  }

  /** Takes registrations of before a restart that have time left; the user's own later word goes before them. */
  restore(userName: string, bindings: readonly Binding[]): void {
    const nowMs = this.options.clock.nowMs();
    if (this.isRegistered(userName)) return;
    const { maxS } = this.limitsOf(userName);
    for (const binding of bindings) {
      const leftMs = binding.expiresAtMs - nowMs;
      if (leftMs > 0 && leftMs <= maxS * 1_000) this.bindings.bind(userName, binding);
    }
  }

  /** Ends all registrations of a user, whose account has gone or has another password now. */
  unregister(userName: string): void {
    this.bindings.unbind(userName, 'removed', () => true);
  }

  isRegistered(userName: string): boolean {
    return this.bindings.of(userName).length > 0;
  }

  /** The addresses by which somebody is registered. */
  get sourceAddresses(): string[] {
    return this.bindings.sourceAddresses;
  }

  get registeredUsers(): string[] {
    return this.bindings.registeredUsers;
  }

  /** The user whose valid registration came by this very connection. Addresses on UDP prove nothing. */
  userOfConnection(source: SignalingSource): string | undefined {
    const userName = isConnected(source) ? this.bindings.userAt(source) : undefined;
    // A phone's registration may be older than this process and its connection; it proves itself with every call.
    return userName === undefined || this.isPhone(userName) ? undefined : userName;
  }

  /** Whether a phone has registered from this address and port. */
  knowsPhone(source: SignalingSource): boolean {
    const userName = this.bindings.userAt(source);
    return userName !== undefined && this.isPhone(userName);
  }

  isPhone(userName: string): boolean {
    return this.options.isPhone?.(userName) ?? false;
  }

  /** Whether somebody has registered from this address and port, by whatever transport. */
  knows(source: SignalingSource): boolean {
    return this.bindings.userAt(source) !== undefined;
  }

  /** A connection has closed: nobody can be reached by it any more. */
  connectionClosed(source: SignalingSource): void {
    this.bindings.unbindSource(source);
  }

  /**
   * The SIP server is lost, and with it all its connections; contacts on UDP can be reached again by the next server.
   *
   * The server may outlive its connection to the app, and keep its WebSockets: then `api/sip-proxy.ts` has browsers come
   * back, which register anew.
   */
  serverLost(): void {
    this.bindings.unbindConnected();
  }

  /** Answers one REGISTER. */
  handle(req: SrfRequest, res: SrfResponse): void {
    const source = sourceOf(req);
    const identity = this.authenticator.check(req);
    if (identity.outcome === 'refused') {
      this.noteRefusal(source, identity.why);
      return this.authenticator.challenge({ req, res }, identity.stale);
    }
    const register = readRegister(req);
    if (!register.ok) {
      this.note(source, register.fault.message);
      return res.send(400);
    }
    if (register.value.userName !== identity.userName) {
      this.note(source, `${identity.userName} may not register ${register.value.userName}`);
      return res.send(403);
    }
    this.apply(register.value, source, res);
  }

  close(): void {
    this.bindings.close();
    this.events.removeAll();
  }

  /** RFC 3261, section 10.3, steps 6 to 8: all changes or none. */
  private apply(register: RegisterRequest, source: SignalingSource, res: SrfResponse): void {
    const { userName, callId, cseq, contacts } = register;
    const overtaken = this.bindings.of(userName).some((bound) => bound.callId === callId && bound.cseq >= cseq);
    if (overtaken && contacts.length > 0) return res.send(500, 'Overtaken By A Later Request');
    if (contacts === 'all') {
      this.bindings.unbind(userName, 'removed', () => true);
      return this.confirm(userName, res);
    }
    const { minS } = this.limitsOf(userName);
    if (contacts.some(({ expiresS = minS }) => expiresS > 0 && expiresS < minS)) {
      return res.send(423, { headers: { 'Min-Expires': String(minS) } });
    }
    for (const wanted of contacts) this.applyContact(wanted, register, source);
    this.confirm(userName, res, register.path);
  }

  private applyContact(wanted: WantedContact, register: RegisterRequest, source: SignalingSource): void {
    const { clock, maxContactsPerUser = 5 } = this.options;
    const { userName, callId, cseq, path } = register;
    const { defaultS, maxS } = this.limitsOf(userName);
    if (wanted.expiresS === 0) {
      return this.bindings.unbind(userName, 'removed', (bound) => bound.contactUri === wanted.uri);
    }
    const grantedS = Math.min(wanted.expiresS ?? defaultS, maxS);
    this.bindings.bind(userName, {
      contactUri: wanted.uri,
      q: wanted.q,
      expiresAtMs: clock.nowMs() + grantedS * 1_000,
      callId,
      cseq,
      instance: wanted.instance,
      regId: wanted.regId,
      path,
      source,
    });
    const bound = this.bindings.of(userName);
    if (bound.length <= maxContactsPerUser) return;
    const soonest = bound.reduce((a, b) => (a.expiresAtMs <= b.expiresAtMs ? a : b));
    this.bindings.unbind(userName, 'removed', (binding) => binding === soonest);
  }

  private limitsOf(userName: string): ExpiryLimits {
    if (this.isPhone(userName)) return PHONE_EXPIRY;
    const { defaultExpiresS = 300, maxExpiresS = 600, minExpiresS = 30 } = this.options;
    return { defaultS: defaultExpiresS, maxS: maxExpiresS, minS: minExpiresS };
  }

  /** 200 with everything that is bound now, and the Path that was taken (RFC 3327, section 5.3). */
  private confirm(userName: string, res: SrfResponse, path: readonly string[] = []): void {
    const contacts = this.bindings.of(userName).map((binding) => this.contactText(binding));
    res.send(200, {
      headers: {
        ...(contacts.length > 0 ? { Contact: contacts.join(', ') } : {}),
        ...(path.length > 0 ? { Path: path.join(', ') } : {}),
      },
    });
  }

  private contactText({ contactUri, expiresAtMs, q }: Binding): string {
    const leftS = Math.max(0, Math.round((expiresAtMs - this.options.clock.nowMs()) / 1_000));
    return `<${contactUri}>;expires=${leftS}${q === 1 ? '' : `;q=${q}`}`;
  }

  private noteRefusal(source: SignalingSource, why: Refusal): void {
    if (why === 'wrong') this.note(source, 'wrong credentials');
    if (why === 'banned') this.note(source, 'banned after too many failures');
    if (why === 'unknown-user') this.note(source, 'no such user is signed in');
    if (why === 'spent-nonce') this.options.log.info(source, 'a registration with a spent nonce is asked again');
  }

  private note(source: SignalingSource, reason: string): void {
    this.options.log.warn({ reason, ...source }, 'a registration was refused');
  }
}

/** A URI by which the server finds the connection, or the address behind NAT, that a contact registered from. */
const proxyOf = ({ address, port, protocol }: SignalingSource): string => {
  const host = isIPv6(address) ? `[${address}]` : address;
  return `sip:${host}:${port}${protocol === 'udp' ? '' : `;transport=${protocol}`}`;
};
