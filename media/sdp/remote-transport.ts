/** How a peer wants packets to travel: fingerprint and setup of DTLS (RFC 5763, RFC 8122), credentials of ICE (RFC 8839). */
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import type { Fingerprint } from '../dtls/handshake';
import type { IceCredentials } from '../ice/ice-lite';

/** The peer's part in the DTLS handshake; `actpass` leaves the choice to the answer. */
export type Setup = 'active' | 'passive' | 'actpass';

export interface RemoteDtls {
  readonly fingerprint: Fingerprint;
  /** Absent where the SDP says nothing. */
  readonly setup: Setup | undefined;
}

/** `mismatch`: on its way somebody has put another address into the SDP, such as a session border controller. */
export type RemoteIce = ({ readonly kind: 'full' } & IceCredentials) | { readonly kind: 'lite' | 'mismatch' };

/** Bytes of each hash of RFC 8122, 5, that is not broken (RFC 8122, 5: MD2, MD5 are), by our name for it. */
const HASHES: Readonly<Record<string, { readonly hash: string; readonly bytes: number }>> = {
  'sha-1': { hash: 'sha1', bytes: 20 },
  'sha-224': { hash: 'sha224', bytes: 28 },
  'sha-256': { hash: 'sha256', bytes: 32 },
  'sha-384': { hash: 'sha384', bytes: 48 },
  'sha-512': { hash: 'sha512', bytes: 64 },
};

const SETUPS: readonly string[] = ['active', 'passive', 'actpass'] satisfies Setup[];

const isSetup = (text: string): text is Setup => SETUPS.includes(text);

/** Of the media line, or of the session where that has none; undefined without a fingerprint that can be checked. */
export function readDtls(line: MediaDescription, session: SessionDescription): RemoteDtls | undefined {
  const said = line.fingerprint ?? session.fingerprint;
  const known = HASHES[String(said?.type).toLowerCase()];
  const value = String(said?.hash).toUpperCase();
  if (!known || !/^[0-9A-F]{2}(:[0-9A-F]{2})*$/.test(value) || value.length !== known.bytes * 3 - 1) return undefined;
  const setup = line.setup ?? session.setup;
  if (setup !== undefined && !isSetup(String(setup))) return undefined;
  return { fingerprint: { hash: known.hash, value }, setup: setup === undefined ? undefined : (setup as Setup) };
}

/** RFC 8839, 5.4: the lengths of fragment and password. */
const FRAGMENT = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;

export function readIce(line: MediaDescription, session: SessionDescription): RemoteIce | undefined {
  // The library makes numbers of what looks like some.
  const usernameFragment = String(line.iceUfrag ?? session.iceUfrag ?? '');
  const password = String(line.icePwd ?? session.icePwd ?? '');
  if (!FRAGMENT.test(usernameFragment) || !PASSWORD.test(password)) return undefined;
  if (session.icelite !== undefined) return { kind: 'lite' };
  return isMismatch(line, session) ? { kind: 'mismatch' } : { kind: 'full', usernameFragment, password };
}

/** RFC 8839, 4.2.5: the address of the media line must be among the candidates, if there are any yet. */
function isMismatch(line: MediaDescription, session: SessionDescription): boolean {
  const address = line.connection?.ip ?? session.connection?.ip;
  const candidates = (line.candidates ?? []).filter(({ component }) => component === 1);
  if (candidates.length === 0 || address === undefined || UNSPECIFIED.includes(address)) return false;
  return !candidates.some(({ ip, port }) => ip === address && port === line.port);
}

/** What a peer says that has no address yet. */
const UNSPECIFIED = ['0.0.0.0', '::'];
