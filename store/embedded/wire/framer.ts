/** Cuts a TCP stream into messages; holds at most one message that is not complete. */
import { HEADER_BYTES, checkLength } from './message';

export class Framer {
  private chunks: Buffer[] = [];
  private heldBytes = 0;
  private wantedBytes: number | undefined;

  /** The whole messages that `chunk` completes. @throws MalformedMessageError for an impossible length. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.heldBytes += chunk.length;
    for (;;) {
      if (this.wantedBytes === undefined) {
        if (this.heldBytes < 4) return;
        this.wantedBytes = this.peek(4).readInt32LE(0);
        checkLength(this.wantedBytes);
      }
      if (this.heldBytes < Math.max(this.wantedBytes, HEADER_BYTES)) return;
      yield this.take(this.wantedBytes);
      this.wantedBytes = undefined;
    }
  }

  private peek(bytes: number): Buffer {
    if ((this.chunks[0]?.length ?? 0) < bytes) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] as Buffer;
  }

  private take(bytes: number): Buffer {
    const all = this.peek(bytes);
    this.heldBytes -= bytes;
    if (all.length > bytes) this.chunks[0] = all.subarray(bytes);
    else this.chunks.shift();
    return all.subarray(0, bytes);
  }
}
