/** A recording by the microphone, as a WAV file of one channel that the server takes. */
import { preferredMicrophone } from '../phone/devices';

export interface MicrophoneTake {
  /**
   * Ends the recording and lets go of the microphone.
   * @throws Error when there is nothing in it that the browser can decode.
   */
  finish(): Promise<Blob>;
  /** Lets go of the microphone; nothing is kept. Idempotent, and of no effect after `finish`. */
  drop(): void;
}

/** @throws what getUserMedia throws, such as when the microphone may not be used. */
export const beginTake = async (): Promise<MicrophoneTake> => {
  const deviceId = preferredMicrophone();
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, ...(deviceId && { deviceId: { ideal: deviceId } }) },
  });
  const letGo = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  const recorder = new MediaRecorder(stream);
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  // Ends by itself when the device is pulled out: whoever finishes it then must not wait for ever.
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => resolve(), { once: true });
  });
  recorder.start();
  return {
    async finish() {
      if (recorder.state !== 'inactive') recorder.stop();
      await stopped;
      letGo();
      return toWav(await new Blob(chunks).arrayBuffer());
    },
    drop: letGo,
  };
};

/** Whatever the browser recorded, decoded by the browser itself. */
const toWav = async (recorded: ArrayBuffer): Promise<Blob> => {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(recorded);
    return wavOf(sound.getChannelData(0), sound.sampleRate);
  } finally {
    await context.close();
  }
};

const HEADER_BYTES = 44;

/** PCM of 16 bits. */
export const wavOf = (samples: Float32Array, sampleRateHz: number): Blob => {
  const file = new DataView(new ArrayBuffer(HEADER_BYTES + samples.length * 2));
  const text = (at: number, word: string): void =>
    [...word].forEach((letter, index) => file.setUint8(at + index, letter.charCodeAt(0)));
  text(0, 'RIFF');
  file.setUint32(4, file.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, sampleRateHz, true);
  file.setUint32(28, sampleRateHz * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, 'data');
  file.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) =>
    file.setInt16(HEADER_BYTES + index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true),
  );
  return new Blob([file], { type: 'audio/wav' });
};
