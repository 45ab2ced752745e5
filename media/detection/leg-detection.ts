/** Everything that is listened for on one leg: each frame is analysed once, for all detectors that are wanted. */
import { AnsweringMachineDetector } from './answering-machine';
import { AnswerToneDetector, CngDetector } from './fax-tones';
import { analyseFrame } from './frame-analysis';
import type { Frame } from './frame-analysis';
import { SilenceDetector } from './silence-detector';
import type { Detection, FaxTone, Finding } from './terms';
import { VoiceActivity } from './voice-activity';

interface Fax {
  readonly calling: CngDetector;
  readonly answering: AnswerToneDetector;
}

export class LegDetection {
  private readonly voice = new VoiceActivity();
  private wanted: Detection = {};
  private fax: Fax | undefined;
  private silence: SilenceDetector | undefined;
  private machine: AnsweringMachineDetector | undefined;

  /** What is wanted as before goes on; what is new, or has other terms, begins with the next frame. */
  want(wanted: Detection): void {
    const before = this.wanted;
    this.wanted = wanted;
    if (wanted.fax !== before.fax)
      this.fax = wanted.fax ? { calling: new CngDetector(), answering: new AnswerToneDetector() } : undefined;
    if (wanted.silenceMs !== before.silenceMs)
      this.silence = wanted.silenceMs === undefined ? undefined : new SilenceDetector(wanted.silenceMs);
    if (!isSame(wanted.answeringMachine, before.answeringMachine))
      this.machine = wanted.answeringMachine && new AnsweringMachineDetector(wanted.answeringMachine);
  }

  /** Whether nothing more can come of it. */
  get isOver(): boolean {
    return !this.fax && !this.silence && (!this.machine || this.machine.isOver);
  }

  /** @param samples 160 of PCM16 at 8 kHz. */
  accept(samples: Int16Array): Finding[] {
    const frame = analyseFrame(samples);
    return [...this.faxIn(frame), ...this.speechIn(frame)];
  }

  private faxIn(frame: Frame): Finding[] {
    if (!this.fax) return [];
    const { calling, answering } = this.fax;
    const calls: FaxTone | undefined = calling.accept(frame) ? 'cng' : undefined;
    const tones = [calls, answering.accept(frame)];
    return tones.flatMap((tone) => (tone ? [{ type: 'fax-detected', tone }] : []));
  }

  private speechIn(frame: Frame): Finding[] {
    const { silence, machine } = this;
    if (!silence && !machine) return [];
    const activity = this.voice.accept(frame);
    const silent = silence?.accept(activity);
    const findings: Finding[] = silent === undefined ? [] : [{ type: 'silence-changed', silent }];
    return machine ? [...findings, ...machine.accept(frame, activity)] : findings;
  }
}

const isSame = (one: object | undefined, other: object | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
