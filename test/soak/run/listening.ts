/** Waits until everybody hears whom they should, and then sees to it that it stays so. */
import { pause } from '../../support/wait';
import type { Ear } from '../sound/ear';
import type { Heard, Voices } from '../sound/voices';
import type { Starvation } from '../watch/starvation';
import type { Report } from './story';

const LOOK_MS = 250;
/** Concealment and a busy machine's pauses are shorter. */
const LOOKS_TO_BE_WRONG = 4;
const LOOKS_TO_BE_RIGHT = 2;
const MOST_WITHINS = 8;

/** Who is listened to, and the voices that they should hear. */
export interface Expected {
  readonly name: string;
  readonly ear: Ear;
  readonly voices: readonly string[];
}

export interface ListeningOptions {
  readonly voices: Voices;
  readonly report: Report;
  /** While the machine has no time for sound, what is heard proves nothing. */
  readonly starvation: Pick<Starvation, 'now'>;
}

export class Listening {
  constructor(private readonly options: ListeningOptions) {}

  /** @throws Error that says what each hears when it does not come so within the time. */
  async untilRight(expected: readonly Expected[], withinMs: number): Promise<void> {
    const startedMs = performance.now();
    const { report, starvation } = this.options;
    let [right, calmSinceMs, wasStarved] = [0, startedMs, false];
    while (right < LOOKS_TO_BE_RIGHT) {
      const wrong = this.wrong(expected);
      right = wrong.length === 0 ? right + 1 : 0;
      const nowMs = performance.now();
      // A machine that had no time in between has the whole time once more, but not for ever.
      if (starvation.now) [calmSinceMs, wasStarved] = [nowMs, true];
      const isTooLate = nowMs - calmSinceMs > withinMs || nowMs - startedMs > MOST_WITHINS * withinMs;
      if (right === 0 && isTooLate) throw new Error(`after ${Math.round(nowMs - startedMs)} ms ${wrong.join('; ')}`);
      if (right < LOOKS_TO_BE_RIGHT) await pause(LOOK_MS / 2);
    }
    if (!wasStarved) report.settledMs.push(performance.now() - startedMs);
  }

  /** @throws Error that says what each hears when it is wrong for a second. */
  async staysRight(expected: readonly Expected[], forMs: number): Promise<void> {
    const startedMs = performance.now();
    let wrongLooks = 0;
    while (performance.now() - startedMs < forMs) {
      await pause(LOOK_MS);
      const wrong = this.wrong(expected);
      wrongLooks = wrong.length === 0 || this.options.starvation.now ? 0 : wrongLooks + 1;
      if (wrongLooks >= LOOKS_TO_BE_WRONG) throw new Error(`in the midst of it ${wrong.join('; ')}`);
    }
  }

  private wrong(expected: readonly Expected[]): string[] {
    const { voices: all, report, starvation } = this.options;
    report.looks += 1;
    if (starvation.now) report.starvedLooks += 1;
    return expected.flatMap(({ name, ear, voices }) => {
      const { window } = ear;
      if (all.areSurely(voices, window)) return [];
      const heard = all.in(window);
      return isRight(heard, voices) ? [] : [`${name} should hear ${listed(voices)}, and hears ${described(heard)}`];
    });
  }
}

const isRight = ({ heard, faint }: Heard, voices: readonly string[]): boolean =>
  faint.length === 0 && heard.length === voices.length && voices.every((voice) => heard.includes(voice));

const listed = (names: readonly string[]): string => names.join(' and ') || 'nobody';

const described = ({ heard, faint }: Heard): string =>
  listed(heard) + (faint.length > 0 ? ` and faintly ${faint.join(', ')}` : '');
