/** What a browser's session description says about the one audio stream that a browser leg has. */
import type { types } from 'mediasoup';
import type { EventFormat } from './codec-formats';
import type { Direction, RemoteCodec } from './rtp-remote';

/** One m= section, of any medium: enough to refuse it in an answer. */
export interface SectionOutline {
  /** `audio`, `video`, `application` … */
  readonly medium: string;
  readonly protocol: string;
  /** The format list as it stood there. */
  readonly formats: string;
  readonly mid: string | undefined;
}

export interface BrowserAudio {
  /** Position of the section among all m= sections. */
  readonly sectionIndex: number;
  readonly mid: string | undefined;
  readonly direction: Direction;
  /** The formats of the section that we know, in the browser's order. */
  readonly codecs: readonly RemoteCodec[];
  /** telephone-event, at each clock once. */
  readonly events: readonly EventFormat[];
  /** Id of the RFC 9143 MID header extension, when negotiated. */
  readonly midExtensionId: number | undefined;
  /** The browser's SSRC, when it announces one. */
  readonly ssrc: number | undefined;
  readonly ice: { readonly usernameFragment: string; readonly password: string };
  /** `role` is the browser's part in the DTLS handshake; `auto` stands for actpass. */
  readonly dtls: types.DtlsParameters;
}

export interface BrowserDescription {
  readonly sections: readonly SectionOutline[];
  readonly bundled: boolean;
  readonly audio: BrowserAudio;
}

export const MID_EXTENSION_URI = 'urn:ietf:params:rtp-hdrext:sdes:mid';

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';

export const receives = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

const MIRRORED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** The answer's direction when everything offered is wanted (RFC 3264 section 6.1). */
export const mirrored = (direction: Direction): Direction => MIRRORED[direction];
