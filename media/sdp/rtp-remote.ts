/** What a peer of RTP/AVP said about its audio, taken out of its SDP and checked. */
import { isIP, SocketAddress } from 'node:net';
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AudioCodec } from '../ports';
import { codecOfFormat, isEventClock } from './codec-formats';
import type { EventFormat } from './codec-formats';
import type { Acceptable } from './local-security';
import { readDtls, readIce } from './remote-transport';
import type { RemoteDtls, RemoteIce } from './remote-transport';
import { cryptosOf } from './security-descriptions';
import type { CryptoAttribute } from './security-descriptions';
import { formatsOf } from './session';
import type { ParsedSession } from './session';

export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

/** The four directions of RFC 3264 section 5.1, from the speaker's own point of view. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface RemoteCodec {
  readonly codec: AudioCodec;
  readonly payloadType: number;
}

export interface RemoteAudio {
  /** Which m= line this is, from 0. */
  readonly mediaIndex: number;
  /** Of the m= line; an answer repeats it (RFC 3264 section 6). */
  readonly protocol: string;
  /** Keys that the peer has given, in its order; none on plain RTP. */
  readonly cryptos: readonly CryptoAttribute[];
  /** Present where keys are to be agreed on by DTLS. */
  readonly dtls: RemoteDtls | undefined;
  readonly ice: RemoteIce | undefined;
  /** Of the line (RFC 5888), and whether it stands in a BUNDLE group; an answer repeats both. */
  readonly mid: string | undefined;
  readonly bundled: boolean;
  /** Where the peer listens; undefined when it asked us to send nothing there (0.0.0.0, RFC 3264 section 8.4). */
  readonly rtp: TransportAddress | undefined;
  readonly rtcp: TransportAddress | undefined;
  readonly rtcpMux: boolean;
  /** The peer's direction. */
  readonly direction: Direction;
  /** The formats that we know, in the peer's order of preference. */
  readonly codecs: readonly RemoteCodec[];
  /** telephone-event, in the peer's order. */
  readonly events: readonly EventFormat[];
}

const UNSPECIFIED_ADDRESSES = new Set(['0.0.0.0', '::']);

/**
 * The first audio line in use that our policy allows; a secured one before a plain one.
 * Fails with `not_acceptable_media` when there is none, with `bad_input` when its address is missing or no IP address.
 */
export function readRemoteAudio({ session, media }: ParsedSession, acceptable: Acceptable): Result<RemoteAudio> {
  const ways = media.map((line) => wayOf(line, session));
  const first = (...wanted: (Way | undefined)[]): number => ways.findIndex((way) => way && wanted.includes(way));
  const secured = first(acceptable.sdes ? 'sdes' : undefined, acceptable.dtls ? 'dtls' : undefined);
  const mediaIndex = secured < 0 && acceptable.plain ? first('plain') : secured;
  const [line, way] = [media[mediaIndex], ways[mediaIndex]];
  if (!line) return fail('not_acceptable_media', `the SDP has no active audio ${wantedOf(acceptable)}`);
  const named = line.connection?.ip ?? session.connection?.ip;
  if (named === undefined) return fail('bad_input', 'the SDP has no c= line for its audio');
  if (!isAddress(named)) return fail('bad_input', `the address "${named}" in the SDP is no IP address`);
  const address = canonical(named);
  const ice = readIce(line, session);
  const nowhere = UNSPECIFIED_ADDRESSES.has(address);
  // Who has not yet gathered its candidates names no address either (RFC 8840, 4.1.3), and does not hold us.
  const held = nowhere && ice?.kind !== 'full';
  const mid = line.mid === undefined ? undefined : String(line.mid);
  return ok({
    mediaIndex,
    protocol: line.protocol,
    cryptos: way === 'sdes' ? cryptosOf(line) : [],
    dtls: way === 'dtls' ? readDtls(line, session) : undefined,
    ice,
    mid,
    bundled: mid !== undefined && isBundled(mid, session),
    rtp: nowhere ? undefined : { address, port: line.port },
    rtcp: nowhere ? undefined : rtcpAddressOf(line, address),
    rtcpMux: line.rtcpMux !== undefined,
    direction: effectiveDirection(line.direction ?? directionOf(session) ?? 'sendrecv', held),
    codecs: codecsOf(line),
    events: eventsOf(line),
  });
}

/** One with a zone (RFC 4007) means nothing beyond the peer's own machine. */
const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

/** As sockets show it: IPv6 has many spellings, and what packets come from is compared as text. */
const canonical = (address: string): string =>
  isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;

type Way = 'plain' | 'sdes' | 'dtls';

/** RFC 5764, 8; some write a fingerprint beside the older names. */
const DTLS_PROTOCOLS = ['UDP/TLS/RTP/SAVP', 'UDP/TLS/RTP/SAVPF'];
const SECURE_PROTOCOLS = ['RTP/SAVP', 'RTP/SAVPF'];
const PLAIN_PROTOCOLS = ['RTP/AVP', 'RTP/AVPF'];

/**
 * How the packets of an audio line can travel; undefined for what we cannot take. Port 0 means that the stream is
 * refused or ended (RFC 3264 sections 6 and 8.2), or goes along with another only (RFC 9143), which none of ours does.
 */
function wayOf(line: MediaDescription, session: SessionDescription): Way | undefined {
  if (line.type !== 'audio' || line.port === 0) return undefined;
  if (PLAIN_PROTOCOLS.includes(line.protocol)) return 'plain';
  const isSecure = SECURE_PROTOCOLS.includes(line.protocol);
  if (isSecure && cryptosOf(line).length > 0) return 'sdes';
  return (isSecure || DTLS_PROTOCOLS.includes(line.protocol)) && readDtls(line, session) ? 'dtls' : undefined;
}

function wantedOf({ plain, sdes, dtls }: Acceptable): string {
  const ways = [
    ...(plain ? ['over RTP/AVP'] : []),
    ...(sdes ? ['over RTP/SAVP with a key'] : []),
    ...(dtls ? ['over UDP/TLS/RTP/SAVP with a fingerprint'] : []),
  ];
  return `${ways.join(', nor ')}${plain ? '' : ', which this call must have'}`;
}

const isBundled = (mid: string, { groups }: SessionDescription): boolean =>
  (groups ?? []).some(({ type, mids }) => type === 'BUNDLE' && String(mids).split(' ').includes(mid));

const directionOf = (session: SessionDescription): Direction | undefined => session.direction;

/** A peer that listens nowhere can at most send. */
function effectiveDirection(direction: Direction, held: boolean): Direction {
  if (!held) return direction;
  return direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';
}

/** RFC 3605's a=rtcp, else the next port (RFC 3550 section 11). */
function rtcpAddressOf(line: MediaDescription, address: string): TransportAddress | undefined {
  if (line.rtcpMux !== undefined) return { address, port: line.port };
  const port = line.rtcp?.port ?? line.port + 1;
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) return undefined;
  const own = line.rtcp?.address;
  return { address: own !== undefined && isAddress(own) ? canonical(own) : address, port };
}

function payloadTypesOf(line: MediaDescription): number[] {
  const numbers = formatsOf(line)
    .split(/\s+/)
    .filter((text) => /^\d{1,3}$/.test(text))
    .map(Number);
  return numbers.filter((payloadType) => payloadType <= 127);
}

function codecsOf(line: MediaDescription): RemoteCodec[] {
  return payloadTypesOf(line).flatMap((payloadType) => {
    const codec = codecOfFormat(
      payloadType,
      line.rtp.find((entry) => entry.payload === payloadType),
    );
    return codec ? [{ codec, payloadType }] : [];
  });
}

function eventsOf(line: MediaDescription): EventFormat[] {
  const listed = payloadTypesOf(line);
  return line.rtp.flatMap(({ codec, payload, rate }) =>
    String(codec).toLowerCase() === 'telephone-event' && isEventClock(rate) && listed.includes(payload)
      ? [{ payloadType: payload, clockRateHz: rate }]
      : [],
  );
}
