/** Opus in Ogg (RFC 7845), brought to one channel at 16 kHz by the decoder. */
import { OpusDecoder } from '../codec/opus';
import type { PlainSound } from '../wav/read-sound';
import { OggPackets } from './ogg-packets';
import type { StreamDecoder } from './stream-decoder';

const RATE_HZ = 16_000;

export class OggOpusDecoder implements StreamDecoder {
  private readonly packets = new OggPackets();
  private readonly decoder = new OpusDecoder(RATE_HZ);
  /** Of a stream that has not begun as Opus does. */
  private strangeBytes = 0;
  private isOpus = false;

  get skippedBytes(): number {
    return this.packets.skippedBytes + this.strangeBytes;
  }

  *decode(chunk: Buffer): Generator<PlainSound> {
    for (const packet of this.packets.push(chunk)) {
      const name = packet.toString('latin1', 0, 8);
      if (name === 'OpusHead') [this.isOpus, this.strangeBytes] = [true, 0];
      if (!this.isOpus) this.strangeBytes += packet.length;
      if (!this.isOpus || name === 'OpusHead' || name === 'OpusTags') continue;
      const samples = this.decoder.decode(packet);
      if (samples.length > 0) yield { samples, sampleRateHz: RATE_HZ };
    }
  }

  close(): void {
    this.decoder.close();
  }
}
