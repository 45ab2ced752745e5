/** Reads big-endian fields one after the other; what is cut short throws a {@link MalformedError}. */

/** A record or message that is not what it says; caught where datagrams come in. */
export class MalformedError extends Error {}

export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  uint(bytes: 1 | 2 | 3 | 6): number {
    const at = this.advance(bytes);
    return this.bytes.readUIntBE(at, bytes);
  }

  take(count: number): Buffer {
    const at = this.advance(count);
    return this.bytes.subarray(at, at + count);
  }

  /** A vector behind its length. */
  vector(lengthBytes: 1 | 2 | 3): Buffer {
    return this.take(this.uint(lengthBytes));
  }

  /** To be called when nothing more may follow. */
  end(): void {
    if (this.left !== 0) throw new MalformedError(`${this.left} bytes too many`);
  }

  private advance(count: number): number {
    if (count > this.left) throw new MalformedError('cut short');
    const { at } = this;
    this.at += count;
    return at;
  }
}

export const uint = (value: number, bytes: 1 | 2 | 3 | 6): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

/** A vector behind its length. */
export const vector = (content: Buffer, lengthBytes: 1 | 2 | 3): Buffer =>
  Buffer.concat([uint(content.length, lengthBytes), content]);
