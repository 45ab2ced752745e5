/**
 * The tone behind a greeting: one steady frequency for a tenth of a second to four seconds, and then nothing, since the
 * machine listens from there on.
 */
import { FRAME_MS } from '../codec/g711';
import type { Frame } from './frame-analysis';

const LOWEST_HZ = 350;
const HIGHEST_HZ = 2500;
const MIN_SHARE = 0.8;
const MIN_LEVEL_DBM0 = -38;
const STEADY_HZ = 15;
const STEADY_DB = 4;
/** Its first and last frame may be half empty. */
const LENGTH_FRAMES = [100 / FRAME_MS, 4000 / FRAME_MS] as const;
const QUIET_AFTER_FRAMES = 240 / FRAME_MS;
const QUIETER_DB = 7;

interface Beep {
  readonly frames: number;
  readonly frequencyHz: number;
  readonly levelDbm0: number;
}

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'tone'; readonly beep: Beep }
  | { readonly kind: 'after'; readonly beep: Beep; readonly frames: number };

export class BeepDetector {
  private state: State = { kind: 'none' };

  /** The beep's frequency with the frame that makes it certain. */
  accept(frame: Frame): number | undefined {
    const { state } = this;
    if (state.kind === 'after') return this.afterTone(state, frame);
    const beep = continued(state.kind === 'tone' ? state.beep : undefined, frame);
    if (beep) this.state = { kind: 'tone', beep };
    else if (state.kind === 'tone' && isBeep(state.beep)) this.state = { kind: 'after', beep: state.beep, frames: 0 };
    else this.state = { kind: 'none' };
    return undefined;
  }

  private afterTone(state: Extract<State, { kind: 'after' }>, frame: Frame): number | undefined {
    const { beep } = state;
    const frames = state.frames + 1;
    // The frame in which it ended is partly tone; so may the next one be, by an echo.
    const mayBeLoud = frames <= 2;
    if (!mayBeLoud && frame.levelDbm0 > beep.levelDbm0 - QUIETER_DB) {
      const next = continued(undefined, frame);
      this.state = next ? { kind: 'tone', beep: next } : { kind: 'none' };
      return undefined;
    }
    this.state = { ...state, frames };
    if (frames < QUIET_AFTER_FRAMES) return undefined;
    this.state = { kind: 'none' };
    return Math.round(beep.frequencyHz);
  }
}

const isBeep = ({ frames }: Beep): boolean => frames >= LENGTH_FRAMES[0] - 1 && frames <= LENGTH_FRAMES[1];

/** The tone with this frame, which goes on with it or begins it. */
function continued(beep: Beep | undefined, { tone, levelDbm0 }: Frame): Beep | undefined {
  if (!tone || tone.share < MIN_SHARE || levelDbm0 < MIN_LEVEL_DBM0) return undefined;
  const { frequencyHz } = tone;
  if (frequencyHz < LOWEST_HZ || frequencyHz > HIGHEST_HZ) return undefined;
  const same =
    beep !== undefined &&
    Math.abs(frequencyHz - beep.frequencyHz) <= STEADY_HZ &&
    Math.abs(levelDbm0 - beep.levelDbm0) <= STEADY_DB;
  return { frames: same ? beep.frames + 1 : 1, frequencyHz, levelDbm0 };
}
