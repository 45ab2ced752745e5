/**
 * The tones by which fax machines and modems make themselves known, by their pitch and their shape in time.
 *
 * ```
 * CNG    1100 Hz ± 38   0.5 s on, 3 s off, ± 15 % (T.30, 4.3.3.3)
 * CED    2100 Hz ± 15   2.6 to 4 s, steady (T.30, 4.3.3.2)
 * ANSam  2100 Hz ± 1    15 Hz amplitude modulation by a fifth (V.8), phase reversed every 450 ms (V.8, V.25)
 * ```
 */
import { FRAME_MS } from '../codec/g711';
import type { Frame, FrameTone } from './frame-analysis';
import type { FaxTone } from './terms';

const CNG_HZ = 1100;
const ANSWER_HZ = 2100;
/** The analysis of a frame in noise is a few hertz off. */
const CNG_WIDTH_HZ = 46;
const ANSWER_WIDTH_HZ = 22;
const MIN_SHARE = 0.7;

/** 500 ms ± 15 %, with a frame more at the end, and less where a jitter buffer has taken delay back. */
const BURST_FRAMES = [17, 31] as const;
/** From one burst's beginning to the next one's: 3.5 s ± 15 %. */
const PERIOD_FRAMES = [145, 205] as const;
/** How far the line has to be below a burst, before and after it, for it to be no part of something else. */
const QUIETER_DB = 8;
const QUIET_FRAMES = 12;
/** A packet may be lost in the middle. */
const MAX_GAP_FRAMES = 2;

/** What is told is looked back on from here: frames behind the burst. */
const AFTER_FRAMES = QUIET_FRAMES + MAX_GAP_FRAMES;

interface Burst {
  readonly begin: number;
  /** Of its last frame of tone. */
  readonly end: number;
  readonly levelDbm0: number;
}

/** Bursts of CNG: one that stands alone, or two that are less clean at their distance. */
export class CngDetector {
  private at = 0;
  private run: Burst | undefined;
  /** A burst of the right length, until what follows it is known. */
  private waiting: (Burst & { readonly quietBefore: boolean }) | undefined;
  /** Beginning of the last burst that did not stand alone. */
  private suspectBegin = -Infinity;
  /** Newest last. */
  private readonly levels: number[] = [];

  /** True with the frame that makes a burst certain. */
  accept(frame: Frame): boolean {
    this.at += 1;
    const isTone = isNear(frame.tone, CNG_HZ, CNG_WIDTH_HZ);
    const { run } = this;
    if (isTone) this.run = { begin: run?.begin ?? this.at, end: this.at, levelDbm0: louder(run, frame) };
    else if (run && this.at - run.end > MAX_GAP_FRAMES) this.endOf(run);
    this.levels.push(frame.levelDbm0);
    // As much as lies between the quiet before a burst and the moment of its end.
    if (this.levels.length > QUIET_FRAMES + BURST_FRAMES[1] + AFTER_FRAMES) this.levels.shift();
    const { waiting } = this;
    if (!waiting || this.at - waiting.end < AFTER_FRAMES) return false;
    this.waiting = undefined;
    return this.judge(waiting);
  }

  private endOf(run: Burst): void {
    this.run = undefined;
    const length = run.end - run.begin + 1;
    if (length < BURST_FRAMES[0] || length > BURST_FRAMES[1]) return;
    this.waiting = { ...run, quietBefore: this.isQuiet(run, run.begin - 2 - QUIET_FRAMES) };
  }

  private judge(burst: Burst & { readonly quietBefore: boolean }): boolean {
    const alone = burst.quietBefore && this.isQuiet(burst, burst.end + 2);
    const distance = burst.begin - this.suspectBegin;
    const inRhythm = distance >= PERIOD_FRAMES[0] && distance <= PERIOD_FRAMES[1];
    this.suspectBegin = burst.begin;
    return alone || inRhythm;
  }

  /** Whether the line was well below the burst from that frame on. The beginning of listening counts as quiet. */
  private isQuiet({ levelDbm0 }: Burst, from: number): boolean {
    const offset = this.at - this.levels.length + 1;
    const levels = this.levels.slice(Math.max(0, from - offset), Math.max(0, from - offset + QUIET_FRAMES));
    return levels.every((level) => level <= levelDbm0 - QUIETER_DB);
  }
}

const louder = (run: Burst | undefined, { levelDbm0 }: Frame): number =>
  Math.max(run?.levelDbm0 ?? -Infinity, levelDbm0);

const isNear = (tone: FrameTone | undefined, hz: number, width: number): tone is FrameTone =>
  tone !== undefined && tone.share >= MIN_SHARE && Math.abs(tone.frequencyHz - hz) <= width;

/** Long enough for a reversal to have come: no note of music is so long and so pure. */
const CERTAIN_FRAMES = 700 / FRAME_MS;
/** In radians: half a turn but for noise. */
const REVERSED = 2.3;
const MODULATION_HZ = 15;
/** V.8 has 0.2; half of it is more than a steady tone's unevenness. */
const MIN_MODULATION = 0.1;

interface AnswerRun {
  frames: number;
  gap: number;
  reversals: number;
  told: boolean;
  readonly peaks: number[];
  last: FrameTone;
}

/** 2100 Hz, with or without what newer machines add to it. */
export class AnswerToneDetector {
  private run: AnswerRun | undefined;

  /** The kind of tone with the frame that makes it certain; once for each tone. */
  accept({ tone }: Frame): Exclude<FaxTone, 'cng'> | undefined {
    const { run } = this;
    if (!isNear(tone, ANSWER_HZ, ANSWER_WIDTH_HZ)) {
      if (!run) return undefined;
      // At a reversal a frame holds as much of the one phase as of the other: nothing is left.
      run.gap += 1;
      run.frames += 1;
      if (run.gap > MAX_GAP_FRAMES) this.run = undefined;
      return undefined;
    }
    if (!run) {
      this.run = { frames: 1, gap: 0, reversals: 0, told: false, peaks: [...tone.peaks], last: tone };
      return undefined;
    }
    if (isReversed(run, tone)) run.reversals += 1;
    run.frames += 1;
    run.gap = 0;
    run.last = tone;
    if (run.told) return undefined;
    run.peaks.push(...tone.peaks);
    if (run.frames < CERTAIN_FRAMES) return undefined;
    run.told = true;
    return run.reversals > 0 || modulationOf(run.peaks) >= MIN_MODULATION ? 'ansam' : 'ced';
  }
}

/** Whether the phase has gone on by half a turn more, or less, than the frequency says. */
function isReversed({ last, gap }: AnswerRun, now: FrameTone): boolean {
  const frequencyHz = (last.frequencyHz + now.frequencyHz) / 2;
  const turns = (frequencyHz * (gap + 1) * FRAME_MS) / 1000;
  const off = now.phase - last.phase - 2 * Math.PI * turns;
  return Math.abs(Math.atan2(Math.sin(off), Math.cos(off))) > REVERSED;
}

/** How much of the amplitude swings with 15 Hz: peaks come every 10 ms. */
function modulationOf(peaks: readonly number[]): number {
  const mean = peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length;
  let [real, imaginary] = [0, 0];
  peaks.forEach((peak, index) => {
    const angle = (2 * Math.PI * MODULATION_HZ * index * FRAME_MS) / 2000;
    real += (peak - mean) * Math.cos(angle);
    imaginary += (peak - mean) * Math.sin(angle);
  });
  return (2 * Math.hypot(real, imaginary)) / (peaks.length * mean);
}
