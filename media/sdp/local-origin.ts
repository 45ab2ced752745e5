/** The identity of our side of a session, in its o= line. */
import { randomInt } from 'node:crypto';
import { isIPv6 } from 'node:net';

/**
 * Writes our descriptions of one session. RFC 3264 section 8: "the version in the origin field MUST increment by one
 * from the previous SDP" when it differs, and stay when it is the same.
 */
export class LocalOrigin {
  private readonly sessionId: number;
  private version: number;
  private lastBody: string | undefined;

  /** @param continued our last description of a session that goes on here; a new one begins without it. */
  constructor(continued = '') {
    ({ sessionId: this.sessionId, version: this.version } = originOf(continued) ?? {
      sessionId: randomInt(1, 0xffff_ffff),
      version: 0,
    });
  }

  /** A whole description for `address`, with these media lines. */
  describe(address: string, mediaLines: readonly string[]): string {
    const network = `IN ${isIPv6(address) ? 'IP6' : 'IP4'} ${address}`;
    const body = ['s=-', `c=${network}`, 't=0 0', ...mediaLines, ''].join('\r\n');
    if (body !== this.lastBody) this.version += 1;
    this.lastBody = body;
    return `v=0\r\no=- ${this.sessionId} ${this.version} ${network}\r\n${body}`;
  }
}

/** Of a description of ours. */
export const originOf = (sdp: string): { readonly sessionId: number; readonly version: number } | undefined => {
  const [, sessionId, version] = /^o=\S+ (\d{1,15}) (\d{1,15}) /m.exec(sdp) ?? [];
  return sessionId === undefined ? undefined : { sessionId: Number(sessionId), version: Number(version) };
};
