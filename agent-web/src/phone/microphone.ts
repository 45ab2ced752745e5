/**
 * The microphone: opened once and kept open while the agent may be called, so that answering is instant. Calls get
 * clones of its track, which can be silenced and stopped without touching the device.
 */
import { Observable } from '../api/observable';

/** Why there is no microphone; each has its own cure. */
export type MicrophoneProblem = 'denied' | 'missing' | 'in-use' | 'insecure' | 'failed';

export type MicrophoneState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly stream: MediaStream; readonly deviceId: string }
  | { readonly kind: 'broken'; readonly problem: MicrophoneProblem };

const PROBLEMS: Record<string, MicrophoneProblem> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
};

/** Which problem an error of getUserMedia stands for. */
export const microphoneProblemOf = (error: unknown): MicrophoneProblem =>
  (error instanceof Error ? PROBLEMS[error.name] : undefined) ?? 'failed';

const constraintsOf = (deviceId: string): MediaStreamConstraints => ({
  audio: {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: 1,
    ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
  },
});

export class Microphone {
  readonly state = new Observable<MicrophoneState>({ kind: 'closed' });
  private opening: Promise<boolean> | undefined;
  private wantedDeviceId: string;

  /** @param deviceId the device to prefer; the system's default when empty. */
  constructor(deviceId: string) {
    this.wantedDeviceId = deviceId;
  }

  /** Opens the microphone unless it is open. False when that is not possible; the state tells why. */
  open(): Promise<boolean> {
    if (this.state.get().kind === 'open') return Promise.resolve(true);
    this.opening ??= this.acquire().finally(() => (this.opening = undefined));
    return this.opening;
  }

  /** Opens another device instead. Calls in progress keep the old one until they are given a new track. */
  async choose(deviceId: string): Promise<boolean> {
    this.wantedDeviceId = deviceId;
    this.release();
    return this.open();
  }

  /** A silent clone of the track for one call; stop it when the call is over. Undefined while nothing is open. */
  trackForCall(): MediaStreamTrack | undefined {
    const state = this.state.get();
    const track = state.kind === 'open' ? state.stream.getAudioTracks()[0]?.clone() : undefined;
    // The caller must not hear the room before the agent has answered.
    if (track) track.enabled = false;
    return track;
  }

  close(): void {
    if (this.state.get().kind === 'closed') return;
    this.release();
    this.state.set({ kind: 'closed' });
  }

  private async acquire(): Promise<boolean> {
    // Outside of HTTPS and localhost browsers hide the devices altogether.
    if (!navigator.mediaDevices) {
      this.state.set({ kind: 'broken', problem: 'insecure' });
      return false;
    }
    this.state.set({ kind: 'opening' });
    try {
      const stream = await this.capture();
      const track = stream.getAudioTracks()[0];
      track?.addEventListener('ended', () => this.lost(stream));
      this.state.set({ kind: 'open', stream, deviceId: track?.getSettings().deviceId ?? '' });
      return true;
    } catch (error) {
      this.state.set({ kind: 'broken', problem: microphoneProblemOf(error) });
      return false;
    }
  }

  private async capture(): Promise<MediaStream> {
    try {
      return await navigator.mediaDevices.getUserMedia(constraintsOf(this.wantedDeviceId));
    } catch (error) {
      // A headset that was left at home: the default device is better than none.
      if (!this.wantedDeviceId || microphoneProblemOf(error) !== 'missing') throw error;
      return navigator.mediaDevices.getUserMedia(constraintsOf(''));
    }
  }

  private lost(stream: MediaStream): void {
    const state = this.state.get();
    if (state.kind === 'open' && state.stream === stream) this.state.set({ kind: 'broken', problem: 'missing' });
  }

  private release(): void {
    const state = this.state.get();
    if (state.kind !== 'open') return;
    this.state.set({ kind: 'closed' });
    for (const track of state.stream.getTracks()) track.stop();
  }
}
