/**
 * Opus in Ogg (RFC 7845), brought to one channel at 16 kHz by the decoder. More than two channels are not read.
 *
 *   OpusHead | version | channels | pre-skip (2) | rate (4) | gain (2) | mapping family | streams | …
 *
 * Deviation: the samples of the pre-skip, some milliseconds, are heard where a server begins one.
 */
import { OpusDecoder } from '../codec/opus';
import type { PlainSound } from '../wav/read-sound';
import { louder } from './louder';
import { OggPackets } from './ogg-packets';
import type { StreamDecoder } from './stream-decoder';

const RATE_HZ = 16_000;
const HEAD = 'OpusHead';
const TAGS = 'OpusTags';
/** The gain is in 1/256 dB. */
const GAIN_STEPS_A_DB = 256;

export class OggOpusDecoder implements StreamDecoder {
  private readonly packets = new OggPackets(HEAD);
  private readonly decoder = new OpusDecoder(RATE_HZ);
  /** Of a stream that has not begun as Opus does. */
  private strangeBytes = 0;
  private isOpus = false;
  private gainDb = 0;

  get skippedBytes(): number {
    return this.packets.skippedBytes + this.strangeBytes;
  }

  *decode(chunk: Buffer): Generator<PlainSound> {
    for (const packet of this.packets.push(chunk)) {
      const name = packet.toString('latin1', 0, HEAD.length);
      if (name === HEAD) this.begin(packet);
      if (!this.isOpus) this.strangeBytes += packet.length;
      if (!this.isOpus || name === HEAD || name === TAGS) continue;
      const samples = this.decoder.decode(packet);
      if (samples.length > 0) yield { samples: louder(samples, this.gainDb), sampleRateHz: RATE_HZ };
    }
  }

  private begin(head: Buffer): void {
    const [version = 0, family = 0, streams = 1] = [head[8], head[18], head[19]];
    // RFC 7845, section 5.1: another major version is not understood. With several streams a packet is several.
    this.isOpus = version < 16 && (family === 0 || streams === 1);
    if (this.isOpus) this.strangeBytes = 0;
    this.gainDb = head.length >= 18 ? head.readInt16LE(16) / GAIN_STEPS_A_DB : 0;
  }

  close(): void {
    this.decoder.close();
  }
}
