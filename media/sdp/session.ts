/** Reading any SDP (RFC 8866) within bounds; what its media lines mean is for the files beside this one. */
import { parse } from 'sdp-transform';
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';

/** Browsers' offers with many candidates have about 6 KB. */
const MAX_SDP_BYTES = 32 * 1024;
const MAX_MEDIA_LINES = 32;

export interface ParsedSession {
  readonly session: SessionDescription;
  /** At least one. */
  readonly media: readonly MediaDescription[];
}

/** Fails with `bad_input` for anything that is no session description or exceeds the bounds. */
export function parseSession(sdp: string): Result<ParsedSession> {
  if (sdp.length > MAX_SDP_BYTES) return fail('bad_input', `the SDP has ${sdp.length} bytes; at most 32 KB are read`);
  // RFC 8866 section 5: the first line is the version, and there is no version but 0.
  if (!/^v=0\r?\n/.test(sdp)) return fail('bad_input', 'the SDP does not begin with v=0');
  let session: SessionDescription;
  try {
    session = parse(sdp);
  } catch (error) {
    return fail('bad_input', `the SDP cannot be read: ${messageOf(error)}`, error);
  }
  const media = session.media;
  if (media.length === 0) return fail('bad_input', 'the SDP has no m= line');
  if (media.length > MAX_MEDIA_LINES)
    return fail('bad_input', `the SDP has ${media.length} m= lines; at most 32 are read`);
  const malformed = media.findIndex((line) => !isWellFormed(line));
  if (malformed >= 0) return fail('bad_input', `m= line ${malformed + 1} of the SDP is malformed`);
  return ok({ session, media });
}

/** RFC 8866 section 9: media and formats are tokens, the protocol tokens with slashes. Our answer repeats them. */
const TOKEN = /^[\w!#$%&'*+.^`{|}~-]+$/;
const PROTOCOL = /^[\w!#$%&'*+.^`{|}~/-]+$/;

/** The library leaves out what its grammar does not match, and makes numbers of what looks like some. */
function isWellFormed(line: Partial<MediaDescription>): boolean {
  const { type, port, protocol, payloads } = line;
  if (!TOKEN.test(String(type ?? '')) || !PROTOCOL.test(String(protocol ?? ''))) return false;
  const formats = String(payloads ?? '').trim();
  if (formats !== '' && !formats.split(/ +/).every((format) => TOKEN.test(format))) return false;
  return typeof port === 'number' && port >= 0 && port <= 0xffff;
}

/** The format list of an m= line, as text. */
export const formatsOf = (line: MediaDescription): string => String(line.payloads ?? '');
