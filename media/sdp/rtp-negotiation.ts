/** Offer and answer (RFC 3264) for legs over RTP, plain or secured: one stream, with RFC 4733 digits. */
import { isIPv6 } from 'node:net';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AudioCodec } from '../ports';
import type { AgreedSecurity } from '../srtp/packet-security';
import {
  OFFERED_EVENT_PAYLOAD_TYPES,
  OFFERED_PAYLOAD_TYPES,
  eventClocksFor,
  eventFor,
  formatParametersOf,
  rtpMapOf,
} from './codec-formats';
import type { EventFormat } from './codec-formats';
import { readRemoteAudio } from './rtp-remote';
import type { Direction, RemoteAudio, RemoteCodec, TransportAddress } from './rtp-remote';
import type { AgreedDtls, LocalSecurity } from './local-security';
import { MediaLayout } from './media-layout';
import type { RemoteIce, Setup } from './remote-transport';
import type { CryptoAttribute } from './security-descriptions';
import { parseSession } from './session';
import { answeredIce, sessionLines, transportLines } from './transport-lines';
import type { TransportTerms } from './transport-lines';
import type { IceLite } from '../ice/ice-lite';
import type { LocalOrigin } from './local-origin';

const PTIME_MS = 20;

/** Everything that an RTP endpoint needs to know of an agreement. */
export interface AgreedAudio {
  /** What we send, and first of all expect. */
  readonly codec: AudioCodec;
  readonly payloadType: number;
  /** Every format that the peer may send without asking again. */
  readonly receivable: readonly RemoteCodec[];
  /** telephone-event as we send it, when both take it. */
  readonly event?: EventFormat;
  /** Every telephone-event that the peer may send. */
  readonly receivableEvents: readonly EventFormat[];
  /** Where to send; undefined as long as the peer listens nowhere. */
  readonly rtp: TransportAddress | undefined;
  readonly rtcp: TransportAddress | undefined;
  readonly rtcpMux: boolean;
  /** Ours: whether we may send, and whether something will come. */
  readonly direction: Direction;
  /** By keys in the SDP. Absent on plain RTP. */
  readonly security?: AgreedSecurity;
  /** Keys are agreed on by DTLS. */
  readonly dtls?: AgreedDtls;
  /** The peer checks which ways are open, and we answer. */
  readonly ice: boolean;
}

export interface LocalMedia {
  readonly rtp: TransportAddress;
  readonly rtcpPort: number;
  readonly origin: LocalOrigin;
  readonly security: LocalSecurity;
  /** Without it no ICE is answered. */
  readonly ice?: IceLite | undefined;
  /** Where all m= lines of the session stand. */
  readonly layout?: MediaLayout | undefined;
  /** Whether we take and send RFC 4733 events. */
  readonly telephoneEvents: boolean;
}

/**
 * Answers an offer with the first of `codecs` that it contains; further m= lines are refused with port 0.
 * Fails with `bad_input` or, without a common codec, with `not_acceptable_media`.
 */
export function answerRtpOffer(
  offer: string,
  codecs: readonly AudioCodec[],
  local: LocalMedia,
): Result<{ readonly sdp: string; readonly agreed: AgreedAudio }> {
  const parsed = parseSession(offer);
  if (!parsed.ok) return parsed;
  const remote = readRemoteAudio(parsed.value, local.security.acceptable);
  if (!remote.ok) return remote;
  const audio = remote.value;
  const chosen = chooseCodec(audio, codecs);
  if (!chosen) return fail('not_acceptable_media', `the offer has none of the codecs ${codecs.join(', ')}`);
  // Before anything is agreed on: after a refusal the session stands as it was (RFC 3264, 8).
  const foreign = familyRefusal(audio, local.rtp);
  if (foreign !== undefined) return fail('not_acceptable_media', foreign);
  const own = chooseCrypto(audio, local.security);
  const ice = agreeOnIce(audio.ice, local.ice, 'offer');
  const dtls = agreeOnDtls(audio, local.security);
  const events = local.telephoneEvents ? [eventFor(chosen.codec, audio.events) ?? []].flat() : [];
  const agreed = agreementOn(audio, { chosen, receivable: [chosen], own, dtls, ice, events });
  const lines = audioLines({
    protocol: audio.protocol,
    formats: [chosen],
    events,
    direction: agreed.direction,
    mid: audio.mid,
    transport: {
      rtp: local.rtp,
      rtcpPort: local.rtcpPort,
      cryptos: own ? [own] : [],
      dtls: dtls && ownDtls(local.security, dtls.role === 'server' ? 'passive' : 'active'),
      ice: answeredIce(audio.ice, local.ice?.credentials),
      rtcpMux: agreed.rtcpMux ? 'only' : 'no',
    },
  });
  const layout = local.layout ?? new MediaLayout();
  layout.note(parsed.value.media, audio.mediaIndex);
  const sdp = local.origin.describe(local.rtp.address, [
    ...sessionLines(answeredIce(audio.ice, local.ice?.credentials)),
    ...(audio.bundled ? [`a=group:BUNDLE ${audio.mid ?? ''}`] : []),
    ...layout.around(lines),
  ]);
  return ok({ sdp, agreed });
}

/** An offer of all `codecs` in their order, and of telephone-event. */
export function makeRtpOffer(codecs: readonly AudioCodec[], local: LocalMedia): string {
  const formats = codecs.map((codec) => ({ codec, payloadType: OFFERED_PAYLOAD_TYPES[codec] }));
  const { security } = local;
  const suites = security.offers === 'sdes' ? security.suites : [];
  const lines = audioLines({
    protocol: OFFERED_PROTOCOLS[security.offers],
    formats,
    events: local.telephoneEvents ? offeredEvents(codecs) : [],
    direction: 'sendrecv',
    mid: local.layout?.audioMid,
    transport: {
      rtp: local.rtp,
      rtcpPort: local.rtcpPort,
      cryptos: suites.map((suite, index) => ({ tag: index + 1, suite, master: security.keyFor(suite) })),
      dtls: security.offers === 'dtls' ? ownDtls(security, 'actpass') : undefined,
      ice: local.ice?.isAgreed ? local.ice.credentials : undefined,
      // A second port would need a handshake of its own.
      rtcpMux: security.offers === 'dtls' ? 'also' : 'no',
    },
  });
  return local.origin.describe(local.rtp.address, [
    ...sessionLines(local.ice?.isAgreed ? local.ice.credentials : undefined),
    ...(local.layout ?? new MediaLayout()).around(lines),
  ]);
}

const OFFERED_PROTOCOLS: Readonly<Record<LocalSecurity['offers'], string>> = {
  plain: 'RTP/AVP',
  sdes: 'RTP/SAVP',
  dtls: 'UDP/TLS/RTP/SAVP',
};

/** Reads the answer to {@link makeRtpOffer}. Fails with `bad_input` or `not_acceptable_media`. */
export function readRtpAnswer(
  answer: string,
  codecs: readonly AudioCodec[],
  { rtp, security, telephoneEvents, ice }: Pick<LocalMedia, 'rtp' | 'security' | 'telephoneEvents' | 'ice'>,
): Result<AgreedAudio> {
  const parsed = parseSession(answer);
  if (!parsed.ok) return parsed;
  const remote = readRemoteAudio(parsed.value, security.awaited);
  if (!remote.ok) return remote;
  // RFC 3264 section 6.1: of what was offered the answerer lists what it takes, most wanted first.
  const receivable = remote.value.codecs.filter(({ codec }) => codecs.includes(codec));
  const chosen = receivable[0];
  if (!chosen) return fail('not_acceptable_media', `the answer has none of the codecs ${codecs.join(', ')}`);
  const foreign = familyRefusal(remote.value, rtp);
  if (foreign !== undefined) return fail('not_acceptable_media', foreign);
  const own = chooseCrypto(remote.value, security);
  // RFC 5763, 5: the answer settles who begins the handshake; RFC 4145, 4.1: its default is active.
  if (remote.value.dtls?.setup === 'actpass') return fail('bad_input', 'an SDP answer must not say a=setup:actpass');
  const dtls = agreeOnDtls(remote.value, security, 'active');
  const iceAgreed = ice?.isAgreed === true && agreeOnIce(remote.value.ice, ice, 'answer');
  const events = telephoneEvents ? remote.value.events : [];
  return ok(agreementOn(remote.value, { chosen, receivable, own, dtls, ice: iceAgreed, events }));
}

/** Why packets could not be sent to the peer's address from ours, if so. */
const familyRefusal = ({ rtp }: RemoteAudio, own: TransportAddress): string | undefined =>
  rtp && isIPv6(rtp.address) !== isIPv6(own.address)
    ? `${rtp.address} is not of the address family that media uses here`
    : undefined;

function chooseCodec(remote: RemoteAudio, codecs: readonly AudioCodec[]): RemoteCodec | undefined {
  for (const codec of codecs) {
    const found = remote.codecs.find((candidate) => candidate.codec === codec);
    if (found) return found;
  }
  return undefined;
}

/** The first key of the peer's that we can follow, answered with one of ours under the same tag (RFC 4568, 5.1.2). */
const chooseCrypto = ({ cryptos }: RemoteAudio, security: LocalSecurity): CryptoAttribute | undefined => {
  const [first] = cryptos;
  return first && { ...first, master: security.keyFor(first.suite) };
};

const offeredEvents = (codecs: readonly AudioCodec[]): EventFormat[] =>
  eventClocksFor(codecs).map((clockRateHz) => ({
    payloadType: OFFERED_EVENT_PAYLOAD_TYPES[clockRateHz],
    clockRateHz,
  }));

/** What was agreed before does not hold when the peer wants it otherwise now. */
function agreeOnDtls(
  { dtls }: RemoteAudio,
  security: LocalSecurity,
  setupByDefault: Setup = 'actpass',
): AgreedDtls | undefined {
  if (dtls) return security.agreeDtls({ ...dtls, setup: dtls.setup ?? setupByDefault });
  security.forgetDtls();
  return undefined;
}

function agreeOnIce(remote: RemoteIce | undefined, own: IceLite | undefined, by: 'offer' | 'answer'): boolean {
  if (remote?.kind !== 'full' || !own) return false;
  own.agree(remote, by);
  return true;
}

const ownDtls = ({ fingerprint }: LocalSecurity, setup: Setup): TransportTerms['dtls'] =>
  fingerprint === undefined ? undefined : { fingerprint, setup };

const agreementOn = (
  remote: RemoteAudio,
  {
    chosen,
    receivable,
    own,
    dtls,
    ice,
    events,
  }: {
    chosen: RemoteCodec;
    receivable: readonly RemoteCodec[];
    own: CryptoAttribute | undefined;
    dtls: AgreedDtls | undefined;
    ice: boolean;
    events: readonly EventFormat[];
  },
): AgreedAudio => ({
  ...chosen,
  receivable,
  ...(own &&
    remote.cryptos[0] && { security: { suite: own.suite, own: own.master, remote: remote.cryptos[0].master } }),
  ...eventAgreed(eventFor(chosen.codec, events)),
  receivableEvents: events,
  ...(dtls && { dtls }),
  ice,
  rtp: remote.rtp,
  rtcp: remote.rtcp,
  rtcpMux: remote.rtcpMux,
  direction: ANSWERED_DIRECTION[remote.direction],
});

const eventAgreed = (event: EventFormat | undefined): Pick<AgreedAudio, 'event'> => (event ? { event } : {});

/** RFC 3264 section 6.1: the answer mirrors the offer; we are always ready for both ways. */
const ANSWERED_DIRECTION: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

interface AudioLines {
  readonly protocol: string;
  readonly formats: readonly RemoteCodec[];
  readonly events: readonly EventFormat[];
  readonly direction: Direction;
  readonly mid: string | undefined;
  readonly transport: TransportTerms;
}

function audioLines({ protocol, formats, events, direction, mid, transport }: AudioLines): string[] {
  const payloadTypes = [...formats, ...events].map(({ payloadType }) => payloadType);
  return [
    `m=audio ${transport.rtp.port} ${protocol} ${payloadTypes.join(' ')}`,
    ...(mid === undefined ? [] : [`a=mid:${mid}`]),
    ...formats.flatMap(formatLines),
    ...events.flatMap(({ payloadType, clockRateHz }) => [
      `a=rtpmap:${payloadType} telephone-event/${clockRateHz}`,
      `a=fmtp:${payloadType} 0-15`,
    ]),
    `a=ptime:${PTIME_MS}`,
    ...transportLines(transport),
    `a=${direction}`,
  ];
}

function formatLines({ codec, payloadType }: RemoteCodec): string[] {
  const { codec: name, rate, encoding } = rtpMapOf(codec, payloadType);
  const parameters = formatParametersOf(codec);
  return [
    `a=rtpmap:${payloadType} ${[name, rate, ...(encoding === undefined ? [] : [encoding])].join('/')}`,
    ...(parameters === undefined ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
  ];
}
