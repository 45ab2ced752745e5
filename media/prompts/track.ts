/** The sounds of a play one after the other, and where in them it is. */
import { FRAME_MS } from '../codec/g711';
import type { Loader } from './sound-library';
import type { Sound } from './sound';

/** A sound that is still to come is loaded so many frames before its turn. */
const LOAD_AHEAD_FRAMES = 250;

type Part =
  | { readonly kind: 'waiting'; readonly load: Loader }
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly sound: Sound };

const NOTHING: Sound = { frameCount: 0, frame: () => Buffer.alloc(0), rest: () => undefined };

export class Track {
  private readonly parts: Part[];
  private index = 0;
  private frame = 0;

  constructor(
    sounds: readonly (Sound | Loader)[],
    private readonly loop: boolean,
  ) {
    this.parts = sounds.map((sound) =>
      typeof sound === 'function' ? { kind: 'waiting', load: sound } : { kind: 'there', sound },
    );
  }

  /** Whether there is no sound at all in it. */
  get isEmpty(): boolean {
    return this.parts.every((part) => part.kind === 'there' && part.sound.frameCount === 0);
  }

  get positionMs(): number {
    return (this.framesBefore(this.index) + this.frame) * FRAME_MS;
  }

  /** Of what is loaded. */
  get durationMs(): number {
    return this.framesBefore(this.parts.length) * FRAME_MS;
  }

  /** The next frame, `wait` while it is loaded, undefined after the last one. */
  next(): Buffer | 'wait' | undefined {
    // Two rounds: a loop of nothing but sounds that turned out to be empty must not go on for ever.
    for (let steps = 0; steps <= 2 * this.parts.length; steps += 1) {
      const part = this.parts[this.index];
      if (part?.kind === 'waiting') this.load(this.index, part.load);
      if (part && part.kind !== 'there') return 'wait';
      if (part && this.frame < part.sound.frameCount) {
        if (part.sound.frameCount - this.frame < LOAD_AHEAD_FRAMES) this.loadNext();
        return part.sound.frame(this.frame++);
      }
      part?.sound.rest();
      this.frame = 0;
      this.index += 1;
      if (this.index < this.parts.length) continue;
      if (!this.loop) return undefined;
      this.index = 0;
    }
    return undefined;
  }

  /** Within what is loaded; beyond its end the play is over, or begins anew when it is a loop. */
  seekMs(positionMs: number): void {
    this.rest();
    let frame = Math.max(0, Math.round(positionMs / FRAME_MS));
    for (const [index, part] of this.parts.entries()) {
      [this.index, this.frame] = [index, frame];
      if (part.kind !== 'there' || frame < part.sound.frameCount) return;
      frame -= part.sound.frameCount;
    }
    this.index = this.parts.length;
    this.frame = 0;
  }

  /** Nothing of it is played for the time being. */
  rest(): void {
    for (const part of this.parts) if (part.kind === 'there') part.sound.rest();
  }

  private framesBefore(end: number): number {
    return this.parts.slice(0, end).reduce((sum, part) => sum + (part.kind === 'there' ? part.sound.frameCount : 0), 0);
  }

  private loadNext(): void {
    const index = (this.index + 1) % this.parts.length;
    const part = this.parts[index];
    if (part?.kind === 'waiting') this.load(index, part.load);
  }

  /** What cannot be loaded is passed over: the others can still be heard. */
  private load(index: number, load: Loader): void {
    this.parts[index] = { kind: 'loading' };
    void load().then((sound) => {
      this.parts[index] = { kind: 'there', sound: sound.ok ? sound.value : NOTHING };
    });
  }
}
