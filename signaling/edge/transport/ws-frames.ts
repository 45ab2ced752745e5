/**
 * Follows the frames of a WebSocket (RFC 6455, section 5.2) only so far as to know whether a message is unfinished,
 * which `ws` does not tell. It looks at headers and skips what they announce.
 *
 * ```
 * FIN(1) RSV(3) opcode(4) | MASK(1) length(7) | length when 126: 2 bytes, when 127: 8 bytes | masking key 4 | payload
 * ```
 */
const FIN = 0x80;
const MASKED = 0x80;
/** Control frames may come between the fragments of a message (RFC 6455, section 5.4). */
const CONTROL = 0x08;
const LONGEST_HEAD_BYTES = 14;

export class WsFrames {
  private readonly head = Buffer.alloc(LONGEST_HEAD_BYTES);
  private headBytes = 0;
  private payloadLeft = 0;
  private isFragmented = false;

  /** Whether a frame, or a message of several frames, has begun and not ended. */
  get isWithinMessage(): boolean {
    return this.isFragmented || this.headBytes > 0;
  }

  /** @returns whether a message or a control frame that belongs to none has ended in these bytes. */
  push(chunk: Buffer): boolean {
    let hasEnded = false;
    for (let at = 0; at < chunk.length;) {
      if (this.payloadLeft > 0) {
        const skipped = Math.min(this.payloadLeft, chunk.length - at);
        this.payloadLeft -= skipped;
        at += skipped;
      } else {
        this.head[this.headBytes] = chunk[at] ?? 0;
        this.headBytes += 1;
        at += 1;
        if (this.headBytes < this.headLength) continue;
        this.payloadLeft = this.payloadLength;
      }
      if (this.payloadLeft === 0) hasEnded = this.frameEnded() || hasEnded;
    }
    return hasEnded;
  }

  private frameEnded(): boolean {
    this.headBytes = 0;
    const first = this.head.readUInt8(0);
    if ((first & CONTROL) === 0) this.isFragmented = (first & FIN) === 0;
    return !this.isFragmented;
  }

  private get headLength(): number {
    if (this.headBytes < 2) return 2;
    const second = this.head.readUInt8(1);
    const short = second & ~MASKED;
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    return 2 + lengthBytes + ((second & MASKED) === 0 ? 0 : 4);
  }

  private get payloadLength(): number {
    const short = this.head.readUInt8(1) & ~MASKED;
    if (short < 126) return short;
    return short === 126 ? this.head.readUInt16BE(2) : Number(this.head.readBigUInt64BE(2));
  }
}
