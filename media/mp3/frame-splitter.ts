/**
 * Cuts a running MP3 stream (ISO/IEC 11172-3 and 13818-3, layer III) into its frames. What is between them, such as tags
 * and what a server sends of a frame that began before, is left out: the decoder is given nothing but whole frames.
 *
 *   |1 1 1 1 1 1 1 1|1 1 1 V V L L P|B B B B S S D x|M M x x x x x x|
 *   V version, L layer, P without CRC, B bit rate, S sampling rate, D padding, M mode
 */

const HEADER_BYTES = 4;
/** 320 kbit/s at 32 kHz with padding, which is the longest of all. */
export const MAX_FRAME_BYTES = 1441;

/** In kbit/s by the index in the header; of MPEG-1, and of MPEG-2 and 2.5. */
const BIT_RATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const SAMPLING_RATES_HZ = [44_100, 48_000, 32_000] as const;
const [MPEG_25, MPEG_2, MPEG_1] = [0, 2, 3];
const LAYER_3 = 1;

interface FrameHeader {
  readonly bytes: number;
  readonly sampleRateHz: number;
}

/** Undefined for what is no header of layer III. Free-format streams are not read. */
const headerAt = (data: Buffer, offset: number): FrameHeader | undefined => {
  const [first = 0, second = 0, third = 0] = data.subarray(offset, offset + 3);
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const version = (second >> 3) & 3;
  if (((second >> 1) & 3) !== LAYER_3 || (version !== MPEG_1 && version !== MPEG_2 && version !== MPEG_25))
    return undefined;
  const bitRate = BIT_RATES[version === MPEG_1 ? 0 : 1][third >> 4];
  const baseHz = SAMPLING_RATES_HZ[(third >> 2) & 3];
  if (!bitRate || baseHz === undefined) return undefined;
  const divisor = version === MPEG_1 ? 1 : version === MPEG_2 ? 2 : 4;
  const sampleRateHz = baseHz / divisor;
  const padding = (third >> 1) & 1;
  const bytes = Math.floor(((version === MPEG_1 ? 144 : 72) * bitRate * 1000) / sampleRateHz) + padding;
  return { bytes, sampleRateHz };
};

export class Mp3FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);
  /** Of bytes that belonged to no frame, since the last one. */
  skippedBytes = 0;
  private inSync = false;

  /** The frames that are whole by now. */
  push(chunk: Buffer): Buffer[] {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    let offset = 0;
    while (offset + HEADER_BYTES <= data.length) {
      const header = headerAt(data, offset);
      const end = offset + (header?.bytes ?? 0);
      // Sound may hold what looks like a header: the first one counts when another one of its kind is where it says.
      if (header && !this.inSync && end + HEADER_BYTES > data.length) break;
      if (!header || (!this.inSync && headerAt(data, end)?.sampleRateHz !== header.sampleRateHz)) {
        this.inSync = false;
        this.skippedBytes += 1;
        offset += 1;
        continue;
      }
      this.inSync = true;
      if (end > data.length) break;
      frames.push(data.subarray(offset, end));
      this.skippedBytes = 0;
      offset = end;
    }
    this.rest = Buffer.from(data.subarray(offset));
    return frames;
  }
}
