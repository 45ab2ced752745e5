/** Where calls are heard: one audio element, on the output device of the agent's choice where the browser allows it. */
import { audioContext } from './audio-context';

const TEST_FREQUENCY_HZ = 523;
const TEST_LOUDNESS = 0.2;
const TEST_SECONDS = 0.7;

export class Speaker {
  private readonly element = new Audio();
  private heard: MediaStream | undefined;

  /** @param deviceId the device to prefer; the system's default when empty. */
  constructor(deviceId: string) {
    this.element.autoplay = true;
    this.element.muted = true;
    void this.choose(deviceId);
  }

  /** Whether an output device can be chosen (not in every browser). */
  static get selectable(): boolean {
    return 'setSinkId' in HTMLMediaElement.prototype;
  }

  /**
   * Plays a call silently, so that its jitter buffer runs before it is answered; {@link listen} makes it heard.
   * Does nothing while another call is heard.
   */
  prepare(stream: MediaStream): void {
    if (this.heard) return;
    this.element.muted = true;
    this.play(stream);
  }

  /** Makes a call heard. */
  listen(stream: MediaStream): void {
    this.heard = stream;
    this.element.muted = false;
    this.play(stream);
  }

  /** Ends the playing of this call, if it is the one that plays. */
  release(stream: MediaStream): void {
    if (this.heard === stream) this.heard = undefined;
    if (this.element.srcObject !== stream) return;
    this.element.muted = true;
    this.element.srcObject = null;
  }

  /** False when the device does not exist any more; the default is used then. */
  async choose(deviceId: string): Promise<boolean> {
    if (!Speaker.selectable) return deviceId === '';
    try {
      await this.element.setSinkId(deviceId);
      return true;
    } catch {
      return false;
    }
  }

  /** Plays a short tone on the chosen device. */
  async test(): Promise<void> {
    const context = audioContext();
    const output = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    const volume = context.createGain();
    volume.gain.value = TEST_LOUDNESS;
    tone.frequency.value = TEST_FREQUENCY_HZ;
    tone.connect(volume).connect(output);
    const element = new Audio();
    element.srcObject = output.stream;
    if (Speaker.selectable) await element.setSinkId(this.element.sinkId).catch(() => undefined);
    await element.play().catch(() => undefined);
    tone.start();
    tone.stop(context.currentTime + TEST_SECONDS);
    tone.onended = () => (element.srcObject = null);
  }

  private play(stream: MediaStream): void {
    if (this.element.srcObject !== stream) this.element.srcObject = stream;
    // Refused only when the page was never touched; the click on answer is a touch, and a new stream restarts play.
    this.element.play().catch(() => undefined);
  }
}
