/**
 * Takes packets out of a running Ogg stream (RFC 3533). Of logical streams that begin together one is followed: the first
 * whose beginning is wanted, or else the first; when others begin after that, as radio servers chain them, one of those.
 *
 *   OggS | version | flags | granule (8) | serial (4) | number (4) | CRC (4) | n | n lacing values | the segments
 */

const CAPTURE = Buffer.from('OggS', 'latin1');
const HEADER_BYTES = 27;
const CONTINUED = 1;
const BEGINS = 2;
const FULL_SEGMENT = 255;
/** Sound has far smaller ones; comments with a picture are passed over. */
const MAX_PACKET_BYTES = 64 * 1024;

export class OggPackets {
  /** Of bytes in a row that belonged to no page. */
  skippedBytes = 0;
  private rest: Buffer = Buffer.alloc(0);
  private serial: number | undefined;
  /** The pages since the last one of sound have all begun a stream: they stand side by side. */
  private isBeginning = false;
  private isWanted = false;
  /** Of a packet that goes on in the next page. */
  private parts: Buffer[] = [];
  private isTooLong = false;

  /** @param wanted with which the first packet of the stream begins. */
  constructor(private readonly wanted: string) {}

  /** The packets that are whole by now. */
  push(chunk: Buffer): Buffer[] {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const packets: Buffer[] = [];
    let offset = 0;
    for (;;) {
      const page = data.indexOf(CAPTURE, offset);
      const start = page < 0 ? Math.max(offset, data.length - CAPTURE.length + 1) : page;
      this.skippedBytes += start - offset;
      offset = start;
      if (page < 0 || offset + HEADER_BYTES > data.length) break;
      const segments = data[offset + 26] ?? 0;
      const bodyAt = offset + HEADER_BYTES + segments;
      const lacing = data.subarray(offset + HEADER_BYTES, bodyAt);
      const end = bodyAt + lacing.reduce((sum, bytes) => sum + bytes, 0);
      if (lacing.length < segments || end > data.length) break;
      this.skippedBytes = 0;
      this.readPage({ head: data.subarray(offset, bodyAt), lacing, body: data.subarray(bodyAt, end) }, packets);
      offset = end;
    }
    this.rest = Buffer.from(data.subarray(offset));
    return packets;
  }

  private readPage(page: { head: Buffer; lacing: Buffer; body: Buffer }, packets: Buffer[]): void {
    const { head, lacing, body } = page;
    const flags = head[5] ?? 0;
    const serial = head.readUInt32LE(14);
    // RFC 3533, section 4: streams that are multiplexed all begin before any other page.
    if ((flags & BEGINS) === 0) this.isBeginning = false;
    else this.begin(serial, body.toString('latin1', 0, this.wanted.length) === this.wanted);
    if (serial !== this.serial) return;
    if ((flags & CONTINUED) === 0) this.drop();
    let at = 0;
    for (const bytes of lacing) {
      this.add(body.subarray(at, at + bytes));
      at += bytes;
      if (bytes === FULL_SEGMENT) continue;
      if (!this.isTooLong) packets.push(Buffer.concat(this.parts));
      this.drop();
    }
  }

  private begin(serial: number, isWanted: boolean): void {
    const isFirst = !this.isBeginning;
    this.isBeginning = true;
    if (!isFirst && (this.isWanted || !isWanted)) return;
    this.serial = serial;
    this.isWanted = isWanted;
    this.drop();
  }

  private add(part: Buffer): void {
    const bytes = this.parts.reduce((sum, { length }) => sum + length, part.length);
    this.isTooLong ||= bytes > MAX_PACKET_BYTES;
    if (this.isTooLong) this.parts = [];
    else this.parts.push(Buffer.from(part));
  }

  private drop(): void {
    this.parts = [];
    this.isTooLong = false;
  }
}
