/** PCM16 that waits to be played: first in, first out. */
const INITIAL_SAMPLES = 4096;

export class SampleQueue {
  private samples = new Int16Array(INITIAL_SAMPLES);
  private start = 0;
  private end = 0;

  get length(): number {
    return this.end - this.start;
  }

  push(added: Int16Array): void {
    if (this.end + added.length > this.samples.length) this.makeRoom(added.length);
    this.samples.set(added, this.end);
    this.end += added.length;
  }

  /** A copy of the first `count`, which must be there. */
  take(count: number): Int16Array {
    const taken = this.samples.slice(this.start, this.start + count);
    this.start += taken.length;
    return taken;
  }

  /** A view of the first `count`, valid until the next change; writing to it changes the queue. */
  peek(count: number): Int16Array {
    return this.samples.subarray(this.start, Math.min(this.end, this.start + count));
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  private makeRoom(count: number): void {
    const { length } = this;
    const target = length + count > this.samples.length ? new Int16Array((length + count) * 2) : this.samples;
    target.set(this.samples.subarray(this.start, this.end));
    this.samples = target;
    this.start = 0;
    this.end = length;
  }
}
