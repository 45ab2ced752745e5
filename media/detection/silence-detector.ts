/** Tells when nothing has been said for so long, and when something is said again. */
import { FRAME_MS } from '../codec/g711';
import type { Activity } from './voice-activity';

/** A click is not sound again. */
const SOUND_FRAMES = 3;

export class SilenceDetector {
  private quietFrames = 0;
  private soundFrames = 0;
  private silent = false;

  constructor(private readonly silenceMs: number) {}

  /** Whether it is silent, with the frame that changes it; undefined with all others. */
  accept(activity: Activity): boolean | undefined {
    this.soundFrames = activity === 'quiet' ? 0 : this.soundFrames + 1;
    this.quietFrames = this.soundFrames >= SOUND_FRAMES ? 0 : this.quietFrames + 1;
    const silent = this.quietFrames * FRAME_MS >= this.silenceMs || (this.silent && this.quietFrames > 0);
    if (silent === this.silent) return undefined;
    this.silent = silent;
    return silent;
  }
}
