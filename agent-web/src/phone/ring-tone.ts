/** The ring: two soft strokes every three seconds, made on the spot so that no file has to load first. */
import { audioContext } from './audio-context';

const PERIOD_MS = 3_000;
const STROKES = [
  { atSeconds: 0, frequencyHz: 660 },
  { atSeconds: 0.18, frequencyHz: 880 },
  { atSeconds: 0.6, frequencyHz: 660 },
  { atSeconds: 0.78, frequencyHz: 880 },
];
const STROKE_SECONDS = 0.5;
const LOUDNESS = 0.22;

const strike = (context: AudioContext, destination: AudioNode, stroke: (typeof STROKES)[number]): void => {
  const startSeconds = context.currentTime + 0.02 + stroke.atSeconds;
  const tone = context.createOscillator();
  const envelope = context.createGain();
  tone.type = 'sine';
  tone.frequency.value = stroke.frequencyHz;
  envelope.gain.setValueAtTime(0.0001, startSeconds);
  envelope.gain.exponentialRampToValueAtTime(LOUDNESS, startSeconds + 0.015);
  envelope.gain.exponentialRampToValueAtTime(0.0001, startSeconds + STROKE_SECONDS);
  tone.connect(envelope).connect(destination);
  tone.start(startSeconds);
  tone.stop(startSeconds + STROKE_SECONDS);
};

/** Rings until the returned function is called, which silences it at once. */
export const startRinging = (): (() => void) => {
  const context = audioContext();
  const output = context.createGain();
  output.connect(context.destination);
  const ring = (): void => {
    if (context.state === 'running') for (const stroke of STROKES) strike(context, output, stroke);
  };
  ring();
  const timer = setInterval(ring, PERIOD_MS);
  return () => {
    clearInterval(timer);
    output.disconnect();
  };
};
