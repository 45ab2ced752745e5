/**
 * Recognises keys in sound by the criteria of ITU-T Q.24: a tone of 40 ms is a key, one of 20 ms is none, a pause of
 * 40 ms parts two keys and an interruption of 10 ms does not.
 *
 * ```
 * idle ──a window has a pair──► suspected ──three windows in a row──► key ──four windows without──► idle
 *   ▲───────────any window without it───────────┘                       └──three windows of another──► key
 * ```
 */
import { HOP_SAMPLES, PairFinder, WINDOW_SAMPLES } from './tone-window';
import type { Pair } from './tone-window';

/** 306 samples, 38 ms: Q.24's 40 ms with the worst beginning. */
const WINDOWS_OF_A_KEY = 3;
/** Of the strongest of these windows; shorter tones than 24 ms do not fill three windows as evenly. */
const EVENNESS = 0.82;
/** 25 ms: more than an interruption (or a lost packet), less than a pause. */
const WINDOWS_OF_A_PAUSE = 4;
/** A window of the key's own tone has more of its level. */
const LEVEL_OF_A_PAUSE = 0.4;

export type ToneState =
  /** `suspects` are the windows so far, too few to be a key. */
  | { readonly kind: 'idle'; readonly suspects: readonly Pair[] }
  | { readonly kind: 'key'; readonly key: string; readonly peak: number; readonly without: number };

const IDLE: ToneState = { kind: 'idle', suspects: [] };

export class ToneDetector {
  private readonly finder = new PairFinder();
  private line = new Int16Array(0);
  private current: ToneState = IDLE;
  /** Windows of another key while one lasts. */
  private successor: readonly Pair[] = [];

  get state(): ToneState {
    return this.current;
  }

  /** Takes the next samples at 8 kHz and gives the keys that have begun within them. */
  accept(samples: Int16Array): string[] {
    const line = new Int16Array(this.line.length + samples.length);
    line.set(this.line);
    line.set(samples, this.line.length);
    const begun: string[] = [];
    let start = 0;
    for (; start + WINDOW_SAMPLES <= line.length; start += HOP_SAMPLES) {
      const key = this.step(this.finder.find(line.subarray(start, start + WINDOW_SAMPLES)));
      if (key !== undefined) begun.push(key);
    }
    this.line = line.slice(start);
    return begun;
  }

  /** The key that begins with this window. */
  private step(pair: Pair | undefined): string | undefined {
    return this.current.kind === 'idle' ? this.fromIdle(this.current.suspects, pair) : this.fromKey(this.current, pair);
  }

  private fromIdle(suspects: readonly Pair[], pair: Pair | undefined): string | undefined {
    const row = continued(suspects, pair);
    if (!isKey(row)) {
      this.current = row.length === 0 ? IDLE : { kind: 'idle', suspects: row };
      return undefined;
    }
    return this.begin(row);
  }

  private fromKey(state: Extract<ToneState, { kind: 'key' }>, pair: Pair | undefined): string | undefined {
    this.successor = pair?.key === state.key ? [] : continued(this.successor, pair);
    if (isKey(this.successor)) return this.begin(this.successor);
    const lasts = this.finder.peakOf(state.key) >= LEVEL_OF_A_PAUSE * state.peak;
    const without = lasts ? 0 : state.without + 1;
    this.current = without < WINDOWS_OF_A_PAUSE ? { ...state, without } : { kind: 'idle', suspects: this.successor };
    if (this.current.kind === 'idle') this.successor = [];
    return undefined;
  }

  private begin(row: readonly Pair[]): string | undefined {
    const [first] = row;
    if (!first) return undefined;
    this.successor = [];
    this.current = { kind: 'key', key: first.key, peak: strongestOf(row), without: 0 };
    return first.key;
  }
}

/** The row of windows with one key, this window included; empty without a pair. */
const continued = (row: readonly Pair[], pair: Pair | undefined): readonly Pair[] => {
  if (!pair) return [];
  const same = row[0]?.key === pair.key ? row : [];
  return [...same.slice(1 - WINDOWS_OF_A_KEY), pair];
};

const isKey = (row: readonly Pair[]): boolean =>
  row.length === WINDOWS_OF_A_KEY && row.every(({ peak }) => peak >= EVENNESS * strongestOf(row));

const strongestOf = (row: readonly Pair[]): number => Math.max(...row.map(({ peak }) => peak));
