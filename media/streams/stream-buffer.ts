/** Sound of a stream on its way to those who listen: a few seconds of it, cut into frames, and never more. */
import { FRAME_MS } from '../codec/g711';
import { STREAM_RATE_HZ } from './stream-reader';

export const STREAM_FRAME_SAMPLES = (STREAM_RATE_HZ * FRAME_MS) / 1000;
/** So much is there before anything is heard: networks are uneven. */
const FILL_MS = 1000;
const FULL_MS = 6000;

export class StreamBuffer {
  private readonly chunks: Int16Array[] = [];
  private buffered = 0;
  private filling = true;
  private room: (() => void) | undefined;

  /** Whether it has something to give: from being filled until it has run dry. */
  get isFlowing(): boolean {
    return !this.filling;
  }

  /** Resolves when there is room for more. */
  push(samples: Int16Array): Promise<void> {
    this.chunks.push(samples);
    this.buffered += samples.length;
    if (this.bufferedMs >= FILL_MS) this.filling = false;
    if (this.bufferedMs < FULL_MS) return Promise.resolve();
    return new Promise((resolve) => (this.room = resolve));
  }

  /** The next frame; undefined while there is none. */
  take(): Int16Array | undefined {
    if (this.buffered < STREAM_FRAME_SAMPLES) this.filling = true;
    if (this.filling) return undefined;
    const frame = new Int16Array(STREAM_FRAME_SAMPLES);
    for (let filled = 0; filled < frame.length;) filled += this.moveTo(frame, filled);
    this.buffered -= frame.length;
    if (this.bufferedMs < FULL_MS) this.makeRoom();
    return frame;
  }

  /** Nothing that was there is heard any more. */
  clear(): void {
    this.chunks.length = 0;
    this.buffered = 0;
    this.filling = true;
    this.makeRoom();
  }

  private get bufferedMs(): number {
    return (this.buffered * 1000) / STREAM_RATE_HZ;
  }

  private makeRoom(): void {
    this.room?.();
    this.room = undefined;
  }

  /** How many samples of the first chunk went into the frame. */
  private moveTo(frame: Int16Array, at: number): number {
    const [first = new Int16Array(frame.length)] = this.chunks;
    const part = first.subarray(0, frame.length - at);
    frame.set(part, at);
    if (part.length === first.length) this.chunks.shift();
    else this.chunks[0] = first.subarray(part.length);
    return part.length;
  }
}
