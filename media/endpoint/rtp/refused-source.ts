/**
 * Somebody who sends where a peer should and is not believed, because the peer is not known to be there: one such source
 * that goes on is worth a word in the log, since the peer's own packets look the same while its trunk names too little.
 */
import type { TransportAddress } from '../../sdp/rtp-remote';

/** Of one host with one SSRC, one after the other: a second of sound. */
const WORTH_A_WORD = 50;

export class RefusedSource {
  private from: string | undefined;
  private packets = 0;
  private told = false;

  /** Counts a packet; true once, when it is time to tell. */
  isWorthAWord({ address }: TransportAddress, ssrc: number): boolean {
    const from = `${address} ${ssrc}`;
    this.packets = from === this.from ? this.packets + 1 : 1;
    this.from = from;
    if (this.told || this.packets < WORTH_A_WORD) return false;
    this.told = true;
    return true;
  }
}
