/** JSON objects on a byte stream, each behind its length in four bytes, big-endian. */
import type { Socket } from 'node:net';
import { messageOf } from '../base/errors';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import { MAX_FRAME_BYTES } from './protocol';
import type { ClientMessage, ServerMessage } from './protocol';

const LENGTH_BYTES = 4;
/** A reader that is so far behind is not reading any more. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** Cuts a stream into messages; holds at most one incomplete frame. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private bufferedBytes = 0;

  /** The messages that are complete now. Fails with `bad_input` for a frame too large or no JSON; then give up. */
  push(chunk: Buffer): Result<readonly unknown[]> {
    this.chunks.push(chunk);
    this.bufferedBytes += chunk.length;
    const messages: unknown[] = [];
    for (;;) {
      const frame = this.takeFrame();
      if (!frame.ok) return frame;
      if (!frame.value) return ok(messages);
      try {
        messages.push(JSON.parse(frame.value.toString('utf8')));
      } catch (error) {
        return fail('bad_input', `a frame is no JSON: ${messageOf(error)}`, error);
      }
    }
  }

  private takeFrame(): Result<Buffer | undefined> {
    if (this.bufferedBytes < LENGTH_BYTES) return ok(undefined);
    if ((this.chunks[0]?.length ?? 0) < LENGTH_BYTES) this.join();
    const frameBytes = this.chunks[0]?.readUInt32BE(0) ?? 0;
    if (frameBytes > MAX_FRAME_BYTES)
      return fail('bad_input', `a frame of ${frameBytes} bytes exceeds the limit of ${MAX_FRAME_BYTES}`);
    if (this.bufferedBytes < LENGTH_BYTES + frameBytes) return ok(undefined);
    const all = this.join();
    this.chunks = [all.subarray(LENGTH_BYTES + frameBytes)];
    this.bufferedBytes -= LENGTH_BYTES + frameBytes;
    return ok(all.subarray(LENGTH_BYTES, LENGTH_BYTES + frameBytes));
  }

  private join(): Buffer {
    const all = this.chunks.length === 1 && this.chunks[0] ? this.chunks[0] : Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

/** Sends a message; false when it was too large or the other side has stopped reading, which ends the connection. */
export function writeFrame(socket: Socket, message: ClientMessage | ServerMessage): boolean {
  if (!socket.writable) return false;
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  if (body.length > MAX_FRAME_BYTES || socket.writableLength > MAX_UNSENT_BYTES) {
    socket.destroy(new Error('a message of the media protocol could not be sent within its bounds'));
    return false;
  }
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length, 0);
  socket.cork();
  socket.write(length);
  socket.write(body);
  socket.uncork();
  return true;
}
