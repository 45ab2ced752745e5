/**
 * The m= lines of a session, which stay in their places for its whole life (RFC 3264, 8): ours has one stream of sound,
 * and says of every other line that we do not want it.
 */
import type { MediaDescription } from 'sdp-transform';
import { formatsOf } from './session';

export class MediaLayout {
  private refused: readonly string[] = [];
  private audioIndex = 0;

  /** The peer's description, of which we take one line. */
  note(media: readonly MediaDescription[], audioIndex: number): void {
    this.refused = media.map(refusal);
    this.audioIndex = audioIndex;
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
