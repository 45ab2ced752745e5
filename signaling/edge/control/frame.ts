/**
 * Framing of drachtio's wire protocol: every message is its length in bytes as decimal digits, a `#`, and the text.
 *
 * ```
 * 37#f3b0…|route|invite
 * ```
 */

/** Input that is not the wire protocol; the connection cannot be trusted after it. */
export class ControlFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlFormatError';
  }
}

const HASH = 0x23;

/** @param message what stands behind the line, and its size in UTF-8: measuring it again would copy it once more. */
export const encodeFrame = (line: string, message?: { readonly text: string; readonly bytes: number }): string => {
  const bytes = Buffer.byteLength(line, 'utf8');
  return message ? `${bytes + 2 + message.bytes}#${line}\r\n${message.text}` : `${bytes}#${line}`;
};

/** Cuts a byte stream into messages. Holds at most one message and one chunk. */
export class FrameDecoder {
  private buffered: Buffer = Buffer.alloc(0);
  private readonly maxDigits: number;

  /** @param maxMessageBytes longer messages are refused. */
  constructor(private readonly maxMessageBytes: number) {
    this.maxDigits = String(maxMessageBytes).length;
  }

  /**
   * Takes the next bytes and returns the messages that are complete now.
   * @throws ControlFormatError when a length is not a number or too large.
   */
  push(chunk: Buffer): string[] {
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
    const messages: string[] = [];
    for (;;) {
      const hash = this.buffered.subarray(0, this.maxDigits + 1).indexOf(HASH);
      if (hash < 0) {
        this.refuseUnlessDigits(this.buffered.subarray(0, this.maxDigits + 1));
        return messages;
      }
      const end = hash + 1 + this.lengthBefore(hash);
      if (this.buffered.length < end) return messages;
      messages.push(this.buffered.toString('utf8', hash + 1, end));
      this.buffered = this.buffered.subarray(end);
    }
  }

  private lengthBefore(hash: number): number {
    const digits = this.buffered.toString('latin1', 0, hash);
    const lengthBytes = /^[0-9]+$/.test(digits) ? Number(digits) : 0;
    if (lengthBytes < 1) throw new ControlFormatError('a message does not begin with its length and #');
    if (lengthBytes > this.maxMessageBytes) {
      throw new ControlFormatError(`a message of ${lengthBytes} bytes is over the limit of ${this.maxMessageBytes}`);
    }
    return lengthBytes;
  }

  private refuseUnlessDigits(start: Buffer): void {
    if (start.length > this.maxDigits || !/^[0-9]*$/.test(start.toString('latin1'))) {
      throw new ControlFormatError('a message does not begin with its length and #');
    }
  }
}
