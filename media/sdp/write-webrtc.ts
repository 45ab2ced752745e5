/** Writes our side of a browser leg: the offer for a call to the browser, and answers to its offers. */
import { write } from 'sdp-transform';
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import type { types } from 'mediasoup';
import { formatParametersOf, rtpMapOf } from './codec-formats';
import type { EventFormat } from './codec-formats';
import type { Direction, RemoteCodec } from './rtp-remote';
import { MID_EXTENSION_URI, mirrored } from './webrtc-description';
import type { BrowserDescription, SectionOutline } from './webrtc-description';

/** What stays the same in all descriptions of one leg, but for the version. */
export interface LocalSession {
  /** Numeric, below 2^62 (RFC 8829 section 5.2.1). */
  readonly sessionId: string;
  /** Grows by one with every description of the leg (RFC 3264 section 8). */
  readonly version: number;
  readonly ice: types.IceParameters;
  readonly candidates: readonly types.IceCandidate[];
  readonly fingerprint: types.DtlsFingerprint;
  readonly ssrc: number;
  readonly cname: string;
  /** Of our stream and its track (RFC 8830). */
  readonly streamId: string;
}

interface AudioChoice {
  readonly mid: string | undefined;
  readonly codecs: readonly RemoteCodec[];
  readonly events: readonly EventFormat[];
  readonly midExtensionId: number | undefined;
  readonly direction: Direction;
  readonly setup: 'actpass' | 'passive' | 'active';
}

export interface OfferOptions {
  readonly mid: string;
  readonly codecs: readonly RemoteCodec[];
  readonly events: readonly EventFormat[];
  readonly midExtensionId: number;
}

/** The offer that an INVITE carries to a browser. */
export function writeWebrtcOffer(local: LocalSession, options: OfferOptions): string {
  const audio = audioSection(local, { ...options, direction: 'sendrecv', setup: 'actpass' });
  return writeSession({ local, sections: [audio], bundledMids: [options.mid] });
}

export interface AnswerOptions {
  readonly codec: RemoteCodec;
  readonly event: EventFormat | undefined;
  /** Our part in the DTLS handshake; the browser's offer leaves it open at first, and later states what it is. */
  readonly setup: 'passive' | 'active';
}

/** The answer to a browser's offer: its audio section taken, every other one refused. */
export function writeWebrtcAnswer(local: LocalSession, offer: BrowserDescription, options: AnswerOptions): string {
  const { audio } = offer;
  const taken = audioSection(local, {
    mid: audio.mid,
    codecs: [options.codec],
    events: options.event ? [options.event] : [],
    midExtensionId: audio.midExtensionId,
    direction: mirrored(audio.direction),
    setup: options.setup,
  });
  const sections = offer.sections.map((section, index) =>
    index === audio.sectionIndex ? taken : refusedSection(section),
  );
  return writeSession({ local, sections, bundledMids: offer.bundled && audio.mid !== undefined ? [audio.mid] : [] });
}

interface WholeSession {
  readonly local: LocalSession;
  readonly sections: (MediaDescription & { payloads: string })[];
  readonly bundledMids: readonly string[];
}

function writeSession({ local, sections, bundledMids }: WholeSession): string {
  const { address } = local.candidates[0] ?? { address: '0.0.0.0' };
  const session: SessionDescription = {
    version: 0,
    origin: {
      username: '-',
      sessionId: local.sessionId,
      sessionVersion: local.version,
      netType: 'IN',
      ipVer: ipVersion(address),
      address,
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    ...(bundledMids.length > 0 && { groups: [{ type: 'BUNDLE', mids: bundledMids.join(' ') }] }),
    msidSemantic: { semantic: 'WMS', token: '*' },
    media: sections,
  };
  return write(session);
}

function audioSection(local: LocalSession, choice: AudioChoice): MediaDescription & { payloads: string } {
  const { address, port } = local.candidates[0] ?? { address: '0.0.0.0', port: 9 };
  const { codecs, events } = choice;
  return {
    type: 'audio',
    port,
    protocol: 'UDP/TLS/RTP/SAVPF',
    payloads: [...codecs, ...events].map(({ payloadType }) => payloadType).join(' '),
    connection: { version: ipVersion(address), ip: address },
    rtp: [
      ...codecs.map(({ codec, payloadType }) => rtpMapOf(codec, payloadType)),
      ...events.map(({ payloadType, clockRateHz }) => ({
        payload: payloadType,
        codec: 'telephone-event',
        rate: clockRateHz,
      })),
    ],
    fmtp: [
      ...codecs.flatMap(({ codec, payloadType }) => {
        const config = formatParametersOf(codec);
        return config === undefined ? [] : [{ payload: payloadType, config }];
      }),
      ...events.map(({ payloadType }) => ({ payload: payloadType, config: '0-15' })),
    ],
    ...(choice.mid !== undefined && { mid: choice.mid }),
    direction: choice.direction,
    ptime: 20,
    rtcpMux: 'rtcp-mux',
    rtcpRsize: 'rtcp-rsize',
    ...(choice.midExtensionId !== undefined && { ext: [{ value: choice.midExtensionId, uri: MID_EXTENSION_URI }] }),
    setup: choice.setup,
    fingerprint: { type: local.fingerprint.algorithm, hash: local.fingerprint.value },
    iceUfrag: local.ice.usernameFragment,
    icePwd: local.ice.password,
    candidates: local.candidates.map(candidateOf),
    endOfCandidates: 'end-of-candidates',
    msid: [{ id: local.streamId, appdata: `${local.streamId}-audio` }],
    ssrcs: [{ id: local.ssrc, attribute: 'cname', value: local.cname }],
  };
}

/** RFC 3264 section 6: a refused section stays in its place, with port 0 and a format of the offer's. */
const refusedSection = (section: SectionOutline): MediaDescription & { payloads: string } => ({
  type: section.medium,
  port: 0,
  protocol: section.protocol,
  payloads: section.formats.split(' ')[0] || '0',
  connection: { version: 4, ip: '0.0.0.0' },
  rtp: [],
  fmtp: [],
  ...(section.mid !== undefined && { mid: section.mid }),
  direction: 'inactive',
});

const candidateOf = (candidate: types.IceCandidate): NonNullable<MediaDescription['candidates']>[number] => ({
  foundation: candidate.foundation,
  component: 1,
  transport: candidate.protocol,
  priority: candidate.priority,
  ip: candidate.address,
  port: candidate.port,
  type: candidate.type,
  ...(candidate.tcpType && { tcptype: candidate.tcpType }),
});

const ipVersion = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);
