/**
 * The m= lines of a session, which stay in their places for its whole life (RFC 3264, 8): ours has one stream of sound,
 * and says of every other line that we do not want it.
 */
import type { MediaDescription } from 'sdp-transform';
import { formatsOf, parseSession } from './session';

export class MediaLayout {
  private refused: readonly string[] = [];
  private audioIndex = 0;
  private mid: string | undefined;

  /** @param continued our last description of a session that goes on here, of whose lines only the sound is in use. */
  constructor(continued = '') {
    const parsed = parseSession(continued);
    const audioIndex = parsed.ok ? parsed.value.media.findIndex(({ port }) => port !== 0) : -1;
    if (parsed.ok && audioIndex >= 0) this.note(parsed.value.media, audioIndex);
  }

  /** The name of the line that we take, if it has one: an offer of ours repeats it (RFC 5888, 9.1). */
  get audioMid(): string | undefined {
    return this.mid;
  }

  /** The peer's description, of which we take one line. */
  note(media: readonly MediaDescription[], audioIndex: number): void {
    this.refused = media.map(refusal);
    this.audioIndex = audioIndex;
    const mid = media[audioIndex]?.mid;
    this.mid = mid === undefined ? undefined : String(mid);
  }

  /** Ours among the lines that we refuse. */
  around(audioLines: readonly string[]): string[] {
    if (this.refused.length === 0) return [...audioLines];
    return this.refused.flatMap((line, index) => (index === this.audioIndex ? audioLines : [line]));
  }
}

/** RFC 3264, 6: port 0; the formats are repeated. RFC 5888, 9.1: so is the name of the line. */
const refusal = (line: MediaDescription): string => {
  const refused = `m=${line.type} 0 ${line.protocol} ${formatsOf(line)}`.trimEnd();
  return line.mid === undefined ? refused : `${refused}\r\na=mid:${String(line.mid)}`;
};
