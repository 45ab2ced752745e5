/**
 * What the rooms above see of media. The same interface is served by the engine inside the media process
 * (`media/engine.ts`) and by the client on the app's side of the socket (`media/client.ts`); one contract suite tests
 * both.
 */
import type { EndpointId, MixId, PlayId, RecordingId } from '../base/ids';
import type { Result } from '../base/result';
import type { Detection, Finding } from './detection/terms';
import type { PlayControl, PlayPosition, PlayRequest, TakeRequest, TakeSummary } from './prompts/terms';

export type {
  MusicStream,
  PlayControl,
  PlayPosition,
  PlayRequest,
  PlaySource,
  TakeRequest,
  TakeSummary,
} from './prompts/terms';

/** Codec names as in SDP's rtpmap, upper case. */
export type AudioCodec = G711Codec | 'G722' | 'OPUS';

export type G711Codec = 'PCMA' | 'PCMU';

/** `rtp`: a carrier or phone by RTP/AVP; `webrtc`: a browser by ICE, DTLS-SRTP and mediasoup. */
export type EndpointKind = 'rtp' | 'webrtc';

/**
 * How digits are to travel: `rfc4733` as telephone-events, `inband` as tones in the sound, `info` by SIP INFO, which is
 * the app's business, `auto` as the peer does it. See `media/dtmf/leg-digits.ts`.
 */
export type DtmfMode = 'rfc4733' | 'info' | 'inband' | 'auto';

/** What a digit came or goes as. */
export type DigitForm = 'rfc4733' | 'info' | 'inband';

export type SrtpPolicy = 'off' | 'optional' | 'required';

/** How the keys of SRTP are agreed on: in the SDP (`sdes`, RFC 4568), by DTLS on the packets' own way (RFC 5764). */
export type SrtpKeys = 'any' | 'sdes' | 'dtls';

export interface OpenEndpoint {
  readonly endpointId: EndpointId;
  readonly kind: EndpointKind;
  /** The peer's SDP offer; without one the endpoint makes an offer and waits for {@link MediaPort.acceptAnswer}. */
  readonly offer?: string;
  /** Codecs that may be used, most wanted first. */
  readonly codecs: readonly AudioCodec[];
  /**
   * `rtp` only: whether packets are secured by keys in the SDP (SRTP, RFC 4568). `optional`, the default, takes what the
   * peer offers and offers plain RTP, but to a peer that has keys already; `required` refuses plain RTP.
   */
  readonly srtp?: SrtpPolicy;
  /** `rtp` only. Default `any`, with keys in the SDP where the offer is ours. */
  readonly srtpKeys?: SrtpKeys;
  /**
   * `rtp` only: networks (`192.0.2.0/24`, `2001:db8::1`) that the peer's packets may come from, besides that of the host
   * that its SDP names. From anywhere when absent. Packets that are secured or come a way that ICE has proved are free of it.
   */
  readonly rtpSources?: readonly string[];
  /** `rtp` only: silence in a conversation that means the peer is lost. Default 60 s; 0 for never. */
  readonly mediaTimeoutMs?: number;
  /** `rtp` only. Default `rfc4733`; where the peer agrees to no telephone-event, tones take its place. */
  readonly dtmf?: DtmfMode;
  /** An endpoint of the same call: of several media processes the same one takes both. */
  readonly near?: EndpointId;
  /** Goes on as the SDP session of an earlier endpoint, whose last description of ours this is. */
  readonly continues?: string;
}

export interface OpenedEndpoint {
  /** Our SDP: the answer to the offer given, or an offer of our own. */
  readonly sdp: string;
  /** The codec agreed on; absent as long as our offer has no answer. */
  readonly codec?: AudioCodec;
}

/** Channel 0 of the recording is the customer, channel 1 the agent. */
export type RecordingChannel = 0 | 1;

export interface RecordingRequest {
  readonly recordingId: RecordingId;
  /** Path of the WAV file, relative to the recordings folder; folders are made. */
  readonly path: string;
  /** Of the file: that of most parties, so that little is converted. A wide-band codec stands for A-law. */
  readonly codec: AudioCodec;
  /** Left out: the file is a plain WAV. With it `.sealed` is put behind its path. */
  readonly seal?: RecordingSeal;
  /** One of those who will be recorded: of several media processes theirs records. */
  readonly near?: EndpointId;
  /** A mix that is to be recorded by {@link MediaPort.attachMix}: written where that is. */
  readonly nearMix?: MixId;
  /** Goes on with the parties or the mix, and the mask, of a recording that `recording-interrupted` has told of. */
  readonly continues?: RecordingId;
}

/** How a recording is encrypted on the disk (`base/sealed-file.ts`). */
export interface RecordingSeal {
  /** Of this recording alone: 32 bytes in base64. The media process forgets it when the recording ends. */
  readonly dataKey: string;
  /** The same key, encrypted by a master key that media does not have; goes into the file. */
  readonly wrappedKey: string;
}

export interface RecordingSummary {
  readonly recordingId: RecordingId;
  readonly path: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
}

/** Counters of one endpoint's two directions, since it was opened. */
export interface EndpointStats {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly packetsLost: number;
  /** Those that came from where the peer's may not come from, or were forged; they were dropped. */
  readonly packetsRefused?: number;
  /** Interarrival jitter of RFC 3550 section 6.4.1, in milliseconds. */
  readonly jitterMs: number;
  /** Round-trip time from RTCP, when the peer reports. */
  readonly roundTripMs?: number;
  /** How our packets arrive at the peer, by its RTCP reports. */
  readonly peerLost?: number;
  readonly peerJitterMs?: number;
  /** While the peer's sound is mixed: how much of it had to be made up since it joined, and the delay it waits. */
  readonly concealedMs?: number;
  readonly jitterBufferMs?: number;
  /** How the peer's voice arrives, by the E-model (ITU-T G.107): R from 0 to 93.2 and MOS from 1 to 4.41. */
  readonly rFactor?: number;
  readonly mos?: number;
}

/** One endpoint's counters among those of many. */
export interface EndpointReading extends EndpointStats {
  readonly endpointId: EndpointId;
  readonly codec?: AudioCodec;
}

/** `none`: no packets for 3 s; `silent`: packets, but for 3 s nothing in them except digital silence. */
export type PeerSound = 'heard' | 'silent' | 'none';

/** Everybody in the mix now or later, nobody, or these alone. */
export type MixReach = 'all' | 'none' | readonly EndpointId[];

/** One party of a mix. B hears A when A's `speaks` reaches B and B's `hears` reaches A; nobody hears itself. */
export interface MixMember {
  readonly endpointId: EndpointId;
  readonly hears: MixReach;
  readonly speaks: MixReach;
  /** Volume of what this member says: -40 to 20 dB. Default 0. */
  readonly gainDb?: number;
  /** Says nothing for the time being. Default false. */
  readonly muted?: boolean;
  /** Comes and goes without the mix's tones. Default false. */
  readonly quiet?: boolean;
}

export interface OpenMix {
  readonly mixId: MixId;
  /** A rising tone for everybody when members come, a falling one when one goes. Default false. */
  readonly tones?: boolean;
  /** A member's RFC 4733 digits are sent on to those who hear it. Default false. */
  readonly forwardDigits?: boolean;
}

export type MediaEvent =
  /** The peer pressed a key, reported at its end; once in each form in which the peer sends it. */
  | {
      readonly type: 'digit';
      readonly endpointId: EndpointId;
      readonly digit: string;
      readonly durationMs: number;
      readonly form: 'rfc4733' | 'inband';
    }
  /** A key is to reach this peer by SIP INFO. */
  | { readonly type: 'digit-due'; readonly endpointId: EndpointId; readonly digit: string; readonly durationMs: number }
  /** What the peer sends can be heard again, or no more; `none` holds until it is told otherwise. */
  | { readonly type: 'sound-changed'; readonly endpointId: EndpointId; readonly sound: PeerSound }
  /** ICE and DTLS are complete (webrtc), or the first RTP packet has come (rtp). */
  | { readonly type: 'connected'; readonly endpointId: EndpointId }
  /** The first sound has gone out to the peer (rtp). */
  | { readonly type: 'sending'; readonly endpointId: EndpointId }
  | {
      readonly type: 'play-ended';
      readonly playId: PlayId;
      readonly endpointId: EndpointId;
      readonly reason: 'finished' | 'stopped' | 'failed';
      readonly detail?: string;
      /** How far it had come. */
      readonly positionMs?: number;
      /** The key that ended it, of a play that is `interruptedBy` keys; its `digit` event follows. */
      readonly digit?: string;
    }
  /** What {@link MediaPort.detect} has found. */
  | (Finding & { readonly endpointId: EndpointId })
  /** A take ended by itself, at its longest. */
  | { readonly type: 'take-ended'; readonly takeId: string; readonly endpointId: EndpointId }
  /** The endpoint can carry no more sound and has been closed. */
  | {
      readonly type: 'endpoint-lost';
      readonly endpointId: EndpointId;
      readonly reason: 'worker-died' | 'process-lost' | 'ice-failed' | 'dtls-failed' | 'media-timeout';
    }
  /**
   * What carried the endpoint is gone, and it has been opened anew: its peer is to be offered `sdp`, whose answer goes to
   * {@link MediaPort.acceptAnswer}. Then all that it was in goes on: bridge, mix, play, recording.
   */
  | {
      readonly type: 'endpoint-reopened';
      readonly endpointId: EndpointId;
      readonly kind: EndpointKind;
      readonly sdp: string;
      readonly reason: 'worker-died' | 'process-lost';
    }
  /** A music stream has been away for long while somebody listened, or is heard again after that. */
  | { readonly type: 'stream-changed'; readonly url: string; readonly state: 'away' | 'back'; readonly detail: string }
  /** What wrote the recording is gone; another one may go on in its place, by {@link RecordingRequest.continues}. */
  | { readonly type: 'recording-interrupted'; readonly recordingId: RecordingId }
  /** A recording ended although nobody stopped it, such as by a full disk. */
  | ({ readonly type: 'recording-failed'; readonly recordingId: RecordingId } & RecordingFailure);

export type RecordingFailureCause =
  | 'disk-full'
  | 'disk-quota'
  /** Fuller than it may be for a recording to be begun. */
  | 'disk-too-full'
  | 'disk-too-slow'
  | 'disk-read-only'
  | 'disk-broken'
  | 'file-too-long'
  /** The media process that wrote it is gone, and nothing went on in its place. */
  | 'process-lost'
  | 'other';

export interface RecordingFailure {
  readonly cause: RecordingFailureCause;
  /** For people: what has happened, as the end of a sentence. */
  readonly detail: string;
}

export interface MediaCounts {
  readonly endpoints: number;
  readonly bridges: number;
  readonly mixes: number;
  readonly plays: number;
  readonly recordings: number;
  readonly portsInUse: number;
}

/**
 * Every RTP path of the product. Requests about an unknown id fail with `not_found`; closing or stopping something
 * that is already gone succeeds. When the process behind it is lost, requests fail with `unavailable` and every open
 * endpoint is reported by `endpoint-lost`; a pool of processes (`media/pool/pool.ts`) reports `endpoint-reopened` first.
 */
export interface MediaPort {
  openEndpoint(request: OpenEndpoint): Promise<Result<OpenedEndpoint>>;
  /** Completes our offer. Fails with `not_acceptable_media` when nothing usable was answered. */
  acceptAnswer(endpointId: EndpointId, sdp: string): Promise<Result<OpenedEndpoint>>;
  /** The peer's re-offer in a dialog (hold, resume, address change, ICE restart): returns our answer. */
  answerReoffer(endpointId: EndpointId, offer: string): Promise<Result<OpenedEndpoint>>;
  /**
   * An offer of ours within the dialog, asked for by the peer, for {@link MediaPort.acceptAnswer} to complete. Browsers
   * ask for none: `unsupported`.
   */
  reoffer(endpointId: EndpointId): Promise<Result<OpenedEndpoint>>;
  closeEndpoint(endpointId: EndpointId): Promise<Result<void>>;
  /**
   * Joins two endpoints: of one codec by forwarding, else by transcoding. Ends plays, bridges and mixes that either was
   * in.
   */
  bridge(a: EndpointId, b: EndpointId): Promise<Result<void>>;
  /** What one's peer says goes to the other's peer too, whatever else both are in, until either is closed. */
  tap(from: EndpointId, to: EndpointId): Promise<Result<void>>;
  /** Ends the bridge the endpoint is in, if it is in one. */
  unbridge(endpointId: EndpointId): Promise<Result<void>>;
  /** A mix without members; it lasts until {@link MediaPort.closeMix}. */
  openMix(request: OpenMix): Promise<Result<void>>;
  /**
   * Lets endpoints join, out of the bridge or mix they were in, or changes what members may; for all of them at the
   * same moment. When one of them cannot join, nothing changes.
   */
  joinMix(mixId: MixId, members: readonly MixMember[]): Promise<Result<void>>;
  /** Takes the endpoint out of the mix it is in, if it is in one. */
  leaveMix(endpointId: EndpointId): Promise<Result<void>>;
  closeMix(mixId: MixId): Promise<Result<void>>;
  /** Plays to one endpoint; replaces what was playing there. */
  play(request: PlayRequest): Promise<Result<void>>;
  stopPlay(playId: PlayId): Promise<Result<void>>;
  /** Pauses, goes on, moves or changes the volume; says where the play is then. */
  controlPlay(playId: PlayId, control: PlayControl): Promise<Result<PlayPosition>>;
  /** Fails with `not_found` for an unknown endpoint and with `conflict` for an id that is in use. */
  startTake(request: TakeRequest): Promise<Result<void>>;
  /** Ends the take, if it still runs, and tells what was taken. The file stays until {@link MediaPort.dropTake}. */
  stopTake(takeId: string): Promise<Result<TakeSummary>>;
  /** Deletes what was taken. */
  dropTake(takeId: string): Promise<Result<void>>;
  /** In the form of the endpoint; one that has its digits by SIP INFO answers with the event `digit-due`. */
  sendDigit(endpointId: EndpointId, digit: string, durationMs: number): Promise<Result<void>>;
  /**
   * While true, keys that this peer presses reach nobody: events are left out, tones become silence, and the rest of its
   * sound comes 40 ms later. They are still reported by the event `digit`. Ends with the endpoint.
   */
  hideDigits(endpointId: EndpointId, hidden: boolean): Promise<Result<void>>;
  /**
   * Listens to this peer for fax tones, silence or an answering machine, and tells by events; replaces what was listened
   * for, and ends with `{}`. Costs the decoding of this leg alone. Fails with `bad_input` for terms out of their bounds.
   */
  detect(endpointId: EndpointId, detection: Detection): Promise<Result<void>>;
  startRecording(request: RecordingRequest): Promise<Result<void>>;
  /** What this endpoint's peer says goes to the channel from now on; replaces the endpoint that was there. */
  attachRecording(recordingId: RecordingId, channel: RecordingChannel, endpointId: EndpointId): Promise<Result<void>>;
  /** What this endpoint's peer says is added to what the channel holds, until something else is attached to it. */
  alsoRecord(recordingId: RecordingId, channel: RecordingChannel, endpointId: EndpointId): Promise<Result<void>>;
  /** Everything that is said in the mix goes to the channel from now on; replaces what was there. */
  attachMix(recordingId: RecordingId, channel: RecordingChannel, mixId: MixId): Promise<Result<void>>;
  /** From now on the channel holds silence. */
  detachRecording(recordingId: RecordingId, channel: RecordingChannel): Promise<Result<void>>;
  /**
   * Both channels hold silence from now on, such as while a card number is said or keyed, until
   * {@link MediaPort.unmaskRecording} or, in case that is forgotten, for `maxMs` (1 s to 1 h). Asked again, the time
   * begins anew.
   */
  maskRecording(recordingId: RecordingId, maxMs: number): Promise<Result<void>>;
  unmaskRecording(recordingId: RecordingId): Promise<Result<void>>;
  stopRecording(recordingId: RecordingId): Promise<Result<RecordingSummary>>;
  stats(endpointId: EndpointId): Promise<Result<EndpointStats>>;
  /** Of up to 2000 endpoints at once; those that are not open, or cannot be asked, are left out. */
  statsOf(endpointIds: readonly EndpointId[]): Promise<Result<readonly EndpointReading[]>>;
  counts(): Promise<Result<MediaCounts>>;
  onEvent(listener: (event: MediaEvent) => void): () => void;
}
