/**
 * Whether somebody speaks in a frame: it is louder than the line by itself, as that has been within the last seconds.
 * A pure tone is nobody.
 */
import type { Frame } from './frame-analysis';

export type Activity = 'quiet' | 'sound' | 'tone';

/** The line's own level is the lowest of the last so many blocks: 2 s. */
const BLOCKS = 5;
const BLOCK_FRAMES = 20;
/** A line louder than this is no background any more. */
const LOUDEST_FLOOR_DBM0 = -26;
const ABOVE_FLOOR_DB = 7;
/** Whatever the line: breath and rustling are below. */
const QUIETEST_VOICE_DBM0 = -44;
const TONE_SHARE = 0.85;
/** Vowels are nearly pure for a frame or two. */
const TONE_FRAMES = 4;
const SAME_TONE_HZ = 12;

export class VoiceActivity {
  /** Lowest level of each block, newest last. */
  private floors: number[] = [Infinity];
  private framesInBlock = 0;
  private toneFrames = 0;
  private toneHz = 0;

  accept(frame: Frame): Activity {
    if (this.isTone(frame)) return 'tone';
    this.note(frame.levelDbm0);
    const floor = Math.min(LOUDEST_FLOOR_DBM0, ...this.floors);
    const threshold = Math.max(QUIETEST_VOICE_DBM0, floor + ABOVE_FLOOR_DB);
    return frame.levelDbm0 >= threshold ? 'sound' : 'quiet';
  }

  private isTone({ tone }: Frame): boolean {
    const pure = tone !== undefined && tone.share >= TONE_SHARE;
    const same = pure && this.toneFrames > 0 && Math.abs(tone.frequencyHz - this.toneHz) <= SAME_TONE_HZ;
    this.toneFrames = pure ? (same ? this.toneFrames + 1 : 1) : 0;
    if (pure) this.toneHz = tone.frequencyHz;
    return this.toneFrames >= TONE_FRAMES;
  }

  private note(levelDbm0: number): void {
    if (this.framesInBlock === BLOCK_FRAMES) {
      this.floors = [...this.floors.slice(1 - BLOCKS), Infinity];
      this.framesInBlock = 0;
    }
    this.framesInBlock += 1;
    const newest = this.floors.length - 1;
    this.floors[newest] = Math.min(this.floors[newest] ?? Infinity, levelDbm0);
  }
}
