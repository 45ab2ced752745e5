/**
 * Reads a browser's offer or answer (JSEP, RFC 8829) into what mediasoup needs. Of several audio sections the first
 * that can be used is taken.
 */
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import type { types } from 'mediasoup';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AudioCodec } from '../ports';
import { OFFERED_PAYLOAD_TYPES, codecOfFormat, isEventClock } from './codec-formats';
import type { EventFormat } from './codec-formats';
import type { Direction, RemoteCodec } from './rtp-remote';
import { formatsOf, parseSession } from './session';
import { MID_EXTENSION_URI } from './webrtc-description';
import type { BrowserAudio, BrowserDescription, SectionOutline } from './webrtc-description';

/** RFC 5764 section 8 and RFC 4571: DTLS-SRTP with feedback, over UDP or TCP. */
const SECURE_PROTOCOLS = ['UDP/TLS/RTP/SAVPF', 'TCP/DTLS/RTP/SAVPF', 'RTP/SAVPF'];

const DTLS_ROLES: Readonly<Record<string, types.DtlsRole>> = { active: 'client', passive: 'server', actpass: 'auto' };

/** Bytes of each hash that mediasoup can check (RFC 8122 section 5). */
const FINGERPRINT_BYTES: Readonly<Record<types.FingerprintAlgorithm, number>> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/**
 * Fails with `bad_input` for what is no session description or lacks what WebRTC cannot do without, and with
 * `not_acceptable_media` for a description without usable audio.
 * @param mid in a dialog: of the section that carries the audio since its first offer.
 */
export function readBrowserDescription(sdp: string, mid?: string): Result<BrowserDescription> {
  const parsed = parseSession(sdp);
  if (!parsed.ok) return parsed;
  const { session } = parsed.value;
  const bundled = bundledMids(session);
  const candidates = session.media
    .map((section, sectionIndex) => ({ section, sectionIndex }))
    .filter(({ section }) => section.type === 'audio' && isOpen(section, bundled))
    .filter(({ section }) => mid === undefined || textOf(section.mid) === mid);
  if (candidates.length === 0)
    return fail('not_acceptable_media', 'the browser has no open audio section in its SDP; it refused or lacks audio');
  const read = candidates.map(({ section, sectionIndex }) => readAudio({ session, section, sectionIndex, bundled }));
  const audio = read.find((result) => result.ok) ?? read[0];
  if (!audio?.ok) return audio ?? fail('not_acceptable_media', 'the browser offers no audio');
  return ok({ sections: session.media.map(outline), bundled: bundled.length > 0, audio: audio.value });
}

interface AudioContext {
  readonly session: SessionDescription;
  readonly section: MediaDescription;
  readonly sectionIndex: number;
  readonly bundled: readonly string[];
}

function readAudio(context: AudioContext): Result<BrowserAudio> {
  const { section, sectionIndex, session } = context;
  if (!SECURE_PROTOCOLS.includes(section.protocol))
    return fail('not_acceptable_media', `audio over ${section.protocol} is not WebRTC; it must be UDP/TLS/RTP/SAVPF`);
  // RFC 8835 section 3.5 demands multiplexing of RTCP; mediasoup has no second port.
  if (section.rtcpMux === undefined && taggedSection(context)?.rtcpMux === undefined)
    return fail('not_acceptable_media', 'the audio lacks a=rtcp-mux, which browser legs require');
  const codecs = readCodecs(section);
  if (codecs.length === 0) return fail('not_acceptable_media', 'the audio has none of Opus, G.722, PCMA and PCMU');
  const ice = readIce(context);
  if (!ice.ok) return ice;
  const dtls = readDtls(context);
  if (!dtls.ok) return dtls;
  return ok({
    sectionIndex,
    mid: textOf(section.mid),
    direction: directionOf(section.direction ?? session.direction),
    codecs,
    events: readEvents(section),
    midExtensionId: readMidExtensionId(context),
    ssrc: readSsrc(section),
    ice: ice.value,
    dtls: dtls.value,
  });
}

/** RFC 3551 section 3: numbers that need an rtpmap. */
const isDynamic = (payloadType: number): boolean => payloadType >= 96 && payloadType <= 127;

/** The formats of the m= line that we know, each codec once; Opus under a dynamic number only. */
function readCodecs(section: MediaDescription): RemoteCodec[] {
  const found = new Map<AudioCodec, RemoteCodec>();
  for (const payloadType of payloadTypesOf(section)) {
    const map = section.rtp.find((entry) => Number(entry.payload) === payloadType);
    const codec = codecOfFormat(payloadType, map);
    if (!codec || found.has(codec)) continue;
    const numberFits = codec === 'OPUS' ? isDynamic(payloadType) : OFFERED_PAYLOAD_TYPES[codec] === payloadType;
    if (numberFits) found.set(codec, { codec, payloadType });
  }
  return [...found.values()];
}

function readEvents(section: MediaDescription): EventFormat[] {
  const formats = payloadTypesOf(section);
  const events = section.rtp.flatMap((entry): EventFormat[] => {
    const [payloadType, clockRateHz] = [Number(entry.payload), Number(entry.rate)];
    const isEvent = String(entry.codec).toLowerCase() === 'telephone-event' && isEventClock(clockRateHz);
    return isEvent && isDynamic(payloadType) && formats.includes(payloadType) ? [{ payloadType, clockRateHz }] : [];
  });
  return events.filter((event, index) => events.findIndex((e) => e.clockRateHz === event.clockRateHz) === index);
}

/** RFC 8285 section 4.2: ids 1 to 14 are those of the one-byte header, which browsers use. */
function readMidExtensionId({ section, session }: AudioContext): number | undefined {
  const extensions = [...(section.ext ?? []), ...(session.ext ?? [])];
  return extensions.find(({ uri, value }) => uri === MID_EXTENSION_URI && value >= 1 && value <= 14)?.value;
}

function readSsrc(section: MediaDescription): number | undefined {
  const ssrc = section.ssrcs?.map((entry) => Number(entry.id)).find((id) => Number.isInteger(id));
  return ssrc !== undefined && ssrc > 0 && ssrc <= 0xffff_ffff ? ssrc : undefined;
}

function readIce(context: AudioContext): Result<BrowserAudio['ice']> {
  const holder = transportHolders(context).find((part) => part?.iceUfrag !== undefined && part.icePwd !== undefined);
  if (!holder) return fail('bad_input', 'the SDP lacks a=ice-ufrag or a=ice-pwd for its audio');
  return ok({ usernameFragment: String(holder.iceUfrag), password: String(holder.icePwd) });
}

function readDtls(context: AudioContext): Result<types.DtlsParameters> {
  const holders = transportHolders(context);
  const fingerprint = holders.find((part) => part?.fingerprint)?.fingerprint;
  if (!fingerprint) return fail('bad_input', 'the SDP lacks a=fingerprint for its audio');
  const algorithm = String(fingerprint.type).toLowerCase();
  if (!isAlgorithm(algorithm)) return fail('bad_input', `the fingerprint's hash "${algorithm}" is unknown`);
  const value = String(fingerprint.hash).toUpperCase();
  if (!/^[0-9A-F]{2}(:[0-9A-F]{2})*$/.test(value) || value.length !== FINGERPRINT_BYTES[algorithm] * 3 - 1)
    return fail('bad_input', `the fingerprint is no ${algorithm} hash`);
  const setup = holders.find((part) => part?.setup)?.setup;
  const role = DTLS_ROLES[String(setup)];
  if (!role) return fail('bad_input', `a=setup must be active, passive or actpass, not "${String(setup)}"`);
  return ok({ role, fingerprints: [{ algorithm, value }] });
}

const isAlgorithm = (name: string): name is types.FingerprintAlgorithm => Object.hasOwn(FINGERPRINT_BYTES, name);

/**
 * Where the audio's transport attributes may stand: in its own section, at session level, or in the section that is
 * BUNDLE's tagged one (RFC 9143 section 7.1.3: a bundle-only section does not repeat them).
 */
const transportHolders = (context: AudioContext): (MediaDescription | SessionDescription | undefined)[] => [
  context.section,
  context.session,
  taggedSection(context),
];

function taggedSection({ session, section, bundled }: AudioContext): MediaDescription | undefined {
  const mid = textOf(section.mid);
  if (mid === undefined || !bundled.includes(mid)) return undefined;
  return session.media.find((other) => textOf(other.mid) === bundled[0]);
}

const bundledMids = (session: SessionDescription): string[] =>
  (session.groups ?? [])
    .filter((group) => group.type === 'BUNDLE')
    .flatMap((group) => String(group.mids ?? '').split(' '))
    .filter((mid) => mid !== '');

/** Port 0 means refused (RFC 3264 section 6), except for a bundle-only section (RFC 9143 section 6). */
function isOpen(section: MediaDescription, bundled: readonly string[]): boolean {
  if (section.port !== 0) return true;
  return section.bundleOnly !== undefined && bundled.includes(String(section.mid));
}

const outline = (section: MediaDescription): SectionOutline => ({
  medium: String(section.type),
  protocol: String(section.protocol),
  formats: formatsOf(section),
  mid: textOf(section.mid),
});

const payloadTypesOf = (section: MediaDescription): number[] => formatsOf(section).split(' ').map(Number);

/** Numeric-looking values become numbers in sdp-transform, whatever its types say; the text is restored unharmed. */
const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

const directionOf = (direction: string | undefined): Direction =>
  direction === 'sendonly' || direction === 'recvonly' || direction === 'inactive' ? direction : 'sendrecv';
