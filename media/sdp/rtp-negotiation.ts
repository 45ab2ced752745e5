/** Offer and answer (RFC 3264) for legs over RTP, plain or secured by keys in the SDP: one stream, with RFC 4733 digits. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AudioCodec } from '../ports';
import type { AgreedSecurity } from '../srtp/packet-security';
import { SRTP_SUITES } from '../srtp/suites';
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
import { cryptoLine } from './security-descriptions';
import type { CryptoAttribute, LocalSecurity } from './security-descriptions';
import { formatsOf, parseSession } from './session';
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
  /** Absent on plain RTP. */
  readonly security?: AgreedSecurity;
}

export interface LocalMedia {
  readonly rtp: TransportAddress;
  readonly rtcpPort: number;
  readonly origin: LocalOrigin;
  readonly security: LocalSecurity;
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
  const remote = readRemoteAudio(parsed.value, local.security.policy);
  if (!remote.ok) return remote;
  const chosen = chooseCodec(remote.value, codecs);
  if (!chosen) return fail('not_acceptable_media', `the offer has none of the codecs ${codecs.join(', ')}`);
  const own = chooseCrypto(remote.value, local.security);
  const events = local.telephoneEvents ? [eventFor(chosen.codec, remote.value.events) ?? []].flat() : [];
  const agreed = agreementOn(remote.value, { chosen, receivable: [chosen], own, events });
  const lines = parsed.value.media.flatMap((line, index) =>
    index === remote.value.mediaIndex
      ? audioLines({
          local,
          protocol: remote.value.protocol,
          cryptos: own ? [own] : [],
          formats: [chosen],
          events,
          direction: agreed.direction,
          rtcpMux: agreed.rtcpMux,
        })
      : [`m=${line.type} 0 ${line.protocol} ${formatsOf(line)}`.trimEnd()],
  );
  return ok({ sdp: local.origin.describe(local.rtp.address, lines), agreed });
}

/** An offer of all `codecs` in their order, and of telephone-event. */
export function makeRtpOffer(codecs: readonly AudioCodec[], local: LocalMedia): string {
  const formats = codecs.map((codec) => ({ codec, payloadType: OFFERED_PAYLOAD_TYPES[codec] }));
  const { security } = local;
  const secured = security.offersKeys;
  const suites = secured ? SRTP_SUITES : [];
  const lines = audioLines({
    local,
    protocol: secured ? 'RTP/SAVP' : 'RTP/AVP',
    cryptos: suites.map((suite, index) => ({ tag: index + 1, suite, master: security.keyFor(suite) })),
    formats,
    events: local.telephoneEvents ? offeredEvents(codecs) : [],
    direction: 'sendrecv',
    rtcpMux: false,
  });
  return local.origin.describe(local.rtp.address, lines);
}

/** Reads the answer to {@link makeRtpOffer}. Fails with `bad_input` or `not_acceptable_media`. */
export function readRtpAnswer(
  answer: string,
  codecs: readonly AudioCodec[],
  { security, telephoneEvents }: Pick<LocalMedia, 'security' | 'telephoneEvents'>,
): Result<AgreedAudio> {
  const parsed = parseSession(answer);
  if (!parsed.ok) return parsed;
  const remote = readRemoteAudio(parsed.value, security.offersKeys ? 'required' : 'off');
  if (!remote.ok) return remote;
  // RFC 3264 section 6.1: of what was offered the answerer lists what it takes, most wanted first.
  const receivable = remote.value.codecs.filter(({ codec }) => codecs.includes(codec));
  const chosen = receivable[0];
  if (!chosen) return fail('not_acceptable_media', `the answer has none of the codecs ${codecs.join(', ')}`);
  const own = chooseCrypto(remote.value, security);
  const events = telephoneEvents ? remote.value.events : [];
  return ok(agreementOn(remote.value, { chosen, receivable, own, events }));
}

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

const agreementOn = (
  remote: RemoteAudio,
  {
    chosen,
    receivable,
    own,
    events,
  }: {
    chosen: RemoteCodec;
    receivable: readonly RemoteCodec[];
    own?: CryptoAttribute;
    events: readonly EventFormat[];
  },
): AgreedAudio => ({
  ...chosen,
  receivable,
  ...(own &&
    remote.cryptos[0] && { security: { suite: own.suite, own: own.master, remote: remote.cryptos[0].master } }),
  ...eventAgreed(eventFor(chosen.codec, events)),
  receivableEvents: events,
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
  readonly local: LocalMedia;
  readonly protocol: string;
  readonly cryptos: readonly CryptoAttribute[];
  readonly formats: readonly RemoteCodec[];
  readonly events: readonly EventFormat[];
  readonly direction: Direction;
  readonly rtcpMux: boolean;
}

function audioLines({ local, protocol, cryptos, formats, events, direction, rtcpMux }: AudioLines): string[] {
  const payloadTypes = [...formats, ...events].map(({ payloadType }) => payloadType);
  return [
    `m=audio ${local.rtp.port} ${protocol} ${payloadTypes.join(' ')}`,
    ...cryptos.map(cryptoLine),
    ...formats.flatMap(formatLines),
    ...events.flatMap(({ payloadType, clockRateHz }) => [
      `a=rtpmap:${payloadType} telephone-event/${clockRateHz}`,
      `a=fmtp:${payloadType} 0-15`,
    ]),
    `a=ptime:${PTIME_MS}`,
    ...(rtcpMux ? ['a=rtcp-mux'] : [`a=rtcp:${local.rtcpPort}`]),
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
