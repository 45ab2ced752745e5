/**
 * Tells a person who has answered from a machine, by the rhythm of what is said: people say a word or two and wait,
 * machines speak on. Behind a machine's greeting its beep is waited for.
 *
 * ```
 * judging ─word, pause─► human                    (told, over)
 *    │ └───time────────► not-sure                 (told, over)
 *    └─long, many words, beep, no word─► machine  (told) ─beep, silence, time─► over
 * ```
 */
import { ANSWERING_MACHINE_BOUNDS } from '../../base/answering-machine';
import type { AnsweringMachineTerms } from '../../base/answering-machine';
import { FRAME_MS } from '../codec/g711';
import { BeepDetector } from './beep-detector';
import type { Frame } from './frame-analysis';
import type { AnswerCause, AnsweredBy, Finding } from './terms';
import type { Activity } from './voice-activity';

type Terms = { readonly [Name in keyof AnsweringMachineTerms]-?: number };

type State =
  { readonly kind: 'judging' } | { readonly kind: 'greeting'; readonly forMs: number } | { readonly kind: 'over' };

const FROM_DEFAULTS = Object.fromEntries(
  Object.entries(ANSWERING_MACHINE_BOUNDS).map(([name, [, , byDefault]]) => [name, byDefault]),
) as Terms;

/** Of the tones in ITU-T E.180 that sound for long. */
const HIGHEST_PROGRESS_TONE_HZ = 520;

const given = (terms: AnsweringMachineTerms): Partial<Terms> =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));

export class AnsweringMachineDetector {
  private readonly terms: Terms;
  private readonly beeps = new BeepDetector();
  private state: State = { kind: 'judging' };
  private elapsedMs = 0;
  /** Without the time of tones: a telephone that rings on says nothing about who will answer. */
  private waitedMs = 0;
  /** Of the sound that may become a word, and of the pause within it. */
  private soundMs = 0;
  private gapMs = 0;
  private inWord = false;
  /** Since the last word; noises that are none count as quiet. */
  private quietMs = 0;
  private words = 0;
  /** Since the first word's beginning; undefined before. */
  private greetingMs: number | undefined;

  constructor(terms: AnsweringMachineTerms) {
    this.terms = { ...FROM_DEFAULTS, ...given(terms) };
  }

  get isOver(): boolean {
    return this.state.kind === 'over';
  }

  accept(frame: Frame, activity: Activity): Finding[] {
    const { state } = this;
    if (state.kind === 'over') return [];
    const beepHz = this.beepAfterWords(this.beeps.accept(frame));
    this.note(activity);
    if (state.kind === 'judging') return this.judge(activity, beepHz);
    const ended = this.greetingEnd(state, beepHz);
    if (!ended) return [];
    this.state = { kind: 'over' };
    return [ended];
  }

  /** Low tones without any word are an exchange's: ringing, busy. */
  private beepAfterWords(beepHz: number | undefined): number | undefined {
    return beepHz !== undefined && (this.words > 0 || beepHz > HIGHEST_PROGRESS_TONE_HZ) ? beepHz : undefined;
  }

  private note(activity: Activity): void {
    this.elapsedMs += FRAME_MS;
    if (activity !== 'tone') this.waitedMs += FRAME_MS;
    if (this.greetingMs !== undefined) this.greetingMs += FRAME_MS;
    this.quietMs += FRAME_MS;
    if (activity === 'sound') return this.noteSound();
    this.gapMs += FRAME_MS;
    if (this.gapMs < this.terms.betweenWordsMs) return;
    this.soundMs = 0;
    this.inWord = false;
  }

  private noteSound(): void {
    this.soundMs += FRAME_MS + (this.soundMs > 0 ? this.gapMs : 0);
    this.gapMs = 0;
    if (this.soundMs < this.terms.minWordMs) return;
    this.quietMs = 0;
    if (this.inWord) return;
    this.inWord = true;
    this.words += 1;
    this.greetingMs ??= this.soundMs;
  }

  private judge(activity: Activity, beepHz: number | undefined): Finding[] {
    const { terms, greetingMs, words } = this;
    if (beepHz !== undefined) {
      this.state = { kind: 'over' };
      return [answered('machine', 'beep'), { type: 'greeting-ended', by: 'beep', beepHz }];
    }
    if (greetingMs === undefined && this.waitedMs >= terms.initialSilenceMs) return this.machine('initial-silence');
    if (words > terms.maxWords) return this.machine('many-words');
    if (greetingMs !== undefined && activity === 'sound' && greetingMs >= terms.greetingMs)
      return this.machine('long-greeting');
    if (greetingMs !== undefined && this.quietMs >= terms.afterGreetingSilenceMs)
      return this.verdict(answered('human', 'short-greeting'));
    return this.elapsedMs >= terms.totalMs ? this.verdict(answered('not-sure', 'time-over')) : [];
  }

  private machine(cause: AnswerCause): Finding[] {
    this.state = this.terms.beepMs > 0 ? { kind: 'greeting', forMs: 0 } : { kind: 'over' };
    return [answered('machine', cause)];
  }

  private verdict(finding: Finding): Finding[] {
    this.state = { kind: 'over' };
    return [finding];
  }

  private greetingEnd(state: Extract<State, { kind: 'greeting' }>, beepHz: number | undefined): Finding | undefined {
    const forMs = state.forMs + FRAME_MS;
    this.state = { kind: 'greeting', forMs };
    if (beepHz !== undefined) return { type: 'greeting-ended', by: 'beep', beepHz };
    if (this.quietMs >= this.terms.endSilenceMs) return { type: 'greeting-ended', by: 'silence' };
    return forMs >= this.terms.beepMs ? { type: 'greeting-ended', by: 'time' } : undefined;
  }
}

const answered = (answeredBy: AnsweredBy, cause: AnswerCause): Finding => ({ type: 'answered-by', answeredBy, cause });
