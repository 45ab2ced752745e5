/**
 * Music on hold, composed here: slow broken chords of soft tones over a quiet pad. It is written on a circle (what rings
 * beyond the end goes on at the beginning), so the loop has no seam. All of it lies between 200 and 2000 Hz, which
 * every telephone carries.
 */
import { SAMPLE_RATE_HZ, levelled } from './sound-tools.mjs';

const BEATS_PER_MINUTE = 84;
const BEATS_PER_BAR = 4;
/** One bar each: MIDI notes, lowest first. C major, turning back to its beginning. */
const CHORDS = [
  [60, 64, 67, 71],
  [57, 60, 64, 67],
  [62, 65, 69, 72],
  [59, 62, 65, 67],
  [60, 64, 67, 74],
  [57, 64, 67, 72],
  [65, 69, 72, 76],
  [59, 65, 67, 74],
  [64, 67, 71, 74],
  [57, 60, 64, 72],
  [65, 67, 69, 72],
  [59, 62, 67, 74],
  [60, 65, 67, 72],
  [60, 64, 67, 71],
];
/** Which note of the chord sounds on each half beat; 4 is the lowest one an octave up, null a rest. */
const PATTERNS = [
  [0, 2, 1, 3, 2, 4, 3, 2],
  [0, 1, 2, null, 3, 2, 4, 1],
];
const MUSIC_DBFS = -24;

const frequencyOf = (note) => 440 * 2 ** ((note - 69) / 12);

/** A plucked tone: a sine with two quiet overtones that die away sooner than it does. */
function pluck(target, { startSample, note, amplitude }) {
  const frequency = frequencyOf(note);
  const length = Math.round(2.4 * SAMPLE_RATE_HZ);
  for (let index = 0; index < length; index += 1) {
    const seconds = index / SAMPLE_RATE_HZ;
    const attack = Math.min(1, seconds / 0.012);
    const release = Math.min(1, (2.4 - seconds) / 0.2);
    const phase = 2 * Math.PI * frequency * seconds;
    const tone =
      Math.sin(phase) * Math.exp(-1.9 * seconds) +
      0.22 * Math.sin(2 * phase) * Math.exp(-3.5 * seconds) +
      0.06 * Math.sin(3 * phase) * Math.exp(-6 * seconds);
    target[(startSample + index) % target.length] += amplitude * attack * release * tone;
  }
}

/** A chord that swells and fades across its bar and a little into the next. */
function pad(target, { startSample, note, amplitude, barSamples }) {
  const length = Math.round(barSamples * 1.4);
  for (let index = 0; index < length; index += 1) {
    const envelope = Math.sin((Math.PI * index) / length) ** 2;
    const phase = (2 * Math.PI * frequencyOf(note) * index) / SAMPLE_RATE_HZ;
    const vibrato = 0.3 * Math.sin((2 * Math.PI * 0.7 * index) / SAMPLE_RATE_HZ);
    target[(startSample + index) % target.length] += amplitude * envelope * Math.sin(phase + vibrato);
  }
}

export function holdMusic() {
  const barSamples = Math.round((BEATS_PER_BAR * 60 * SAMPLE_RATE_HZ) / BEATS_PER_MINUTE / 160) * 160;
  const music = new Float64Array(barSamples * CHORDS.length);
  CHORDS.forEach((chord, bar) => {
    const barStart = bar * barSamples;
    for (const note of chord) pad(music, { startSample: barStart, note, amplitude: 0.05, barSamples });
    const pattern = PATTERNS[bar % 4 === 3 ? 1 : 0];
    pattern.forEach((step, eighth) => {
      if (step === null) return;
      const note = step === 4 ? chord[0] + 12 : chord[step];
      const startSample = barStart + Math.round((eighth * barSamples) / pattern.length);
      pluck(music, { startSample, note, amplitude: eighth % 4 === 0 ? 0.2 : 0.14 });
    });
  });
  return levelled(music, MUSIC_DBFS);
}
