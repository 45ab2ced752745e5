/**
 * Sound for the detectors, made the same from the same seed: espeak-ng's voices as people and as machines, tones, music
 * and noise, through a telephone line. All of it is synthetic; how detectors fare with it says how they fare with it.
 */
import { execFileSync } from 'node:child_process';
import type { SeededRandom } from '../../base/random';
import { decodeG711, encodeG711 } from '../../media/codec/g711';
import { resample } from '../../media/wav/resample';
import { channelSamples, readWav } from '../../media/wav/wav-reader';

const RATE_HZ = 8000;
/** Peak of a sine of 0 dBm0 in 16-bit samples (G.711, table 5). */
const PEAK_OF_0_DBM0 = 22_470;

export type Sound = Float64Array;

export const samplesIn = (ms: number): number => Math.round((ms * RATE_HZ) / 1000);
export const silence = (ms: number): Sound => new Float64Array(samplesIn(ms));
const amplitudeOf = (dbm0: number): number => PEAK_OF_0_DBM0 * 10 ** (dbm0 / 20);
export const between = (random: SeededRandom, low: number, high: number): number => low + random.next() * (high - low);

export const joined = (...parts: readonly Sound[]): Sound => {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const mixed = (one: Sound, other: Sound): Sound => one.map((sample, index) => sample + (other[index] ?? 0));

export const sine = (hz: number, ms: number, dbm0: number): Sound =>
  Float64Array.from(
    { length: samplesIn(ms) },
    (_, at) => amplitudeOf(dbm0) * Math.sin((2 * Math.PI * hz * at) / RATE_HZ),
  );

/** The answer tone of newer machines: phase reversed every 450 ms, and modulated with 15 Hz where `depth` says so. */
export const ansam = (ms: number, dbm0: number, depth: number): Sound =>
  sine(2100, ms, dbm0).map((sample, at) => {
    const swing = 1 + depth * Math.sin((2 * Math.PI * 15 * at) / RATE_HZ);
    return (Math.floor(at / samplesIn(450)) % 2 === 0 ? 1 : -1) * swing * sample;
  });

const spoken = new Map<string, Sound>();

/** A voice of espeak-ng, without the silence around it, as loud as a telephone voice is. */
export const speech = (voice: string, words: string, speed = 165): Sound => {
  const key = `${voice} ${speed} ${words}`;
  const known = spoken.get(key);
  if (known) return known;
  const wav = readWav(
    execFileSync('espeak-ng', ['-v', voice, '-s', String(speed), '--stdout', words], { maxBuffer: 50_000_000 }),
  );
  if (!wav.ok) throw new Error(wav.fault.message);
  const made = trimmed(Float64Array.from(resample(channelSamples(wav.value, 0), wav.value.sampleRateHz, RATE_HZ)));
  spoken.set(key, made);
  return made;
};

const trimmed = (sound: Sound): Sound => {
  const loud = 200;
  const first = sound.findIndex((sample) => Math.abs(sample) > loud);
  const last = sound.findLastIndex((sample) => Math.abs(sample) > loud);
  return sound.slice(Math.max(0, first), last + 1);
};

/** Power of what is louder than a tenth of the loudest: the pauses do not count. */
const activePower = (sound: Sound): number => {
  const powers: number[] = [];
  for (let at = 0; at < sound.length; at += 160) {
    const piece = sound.subarray(at, at + 160);
    powers.push(piece.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, piece.length));
  }
  const loudest = Math.max(...powers);
  const active = powers.filter((power) => power > loudest / 100);
  return active.reduce((sum, power) => sum + power, 0) / Math.max(1, active.length);
};

/** The same sound with this active level. */
export const atLevel = (sound: Sound, dbm0: number): Sound => {
  const factor = amplitudeOf(dbm0) / Math.SQRT2 / Math.sqrt(activePower(sound) || 1);
  return sound.map((sample) => sample * factor);
};

const gaussian = (random: SeededRandom): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Eight seconds of white noise, of which each case begins somewhere. */
let hiss: Sound | undefined;

export const noise = (random: SeededRandom, ms: number, dbm0: number): Sound => {
  const source = (hiss ??= Float64Array.from({ length: 8 * RATE_HZ }, () => gaussian(random)));
  const rms = amplitudeOf(dbm0) / Math.SQRT2;
  const from = random.int(source.length);
  const made = new Float64Array(samplesIn(ms));
  for (let at = 0; at < made.length; at += 1) made[at] = rms * (source[(from + at) % source.length] ?? 0);
  return made;
};

/** As loud and as uneven as a voice: two pitches with harmonics, in syllables of 200 ms. */
export function syllables(ms: number): Sound {
  const syllable = (hz: number): Sound => {
    const pitch = sine(hz, 180, -20).map((sample, at) => sample * (1 + Math.sin(at / 60)));
    return joined(mixed(pitch, sine(2.1 * hz, 180, -23)), silence(20));
  };
  const both = [syllable(180), syllable(220)];
  return joined(...Array.from({ length: Math.ceil(ms / 200) }, (_, round) => both[round % 2] ?? silence(0)));
}

const SCALE = [0, 2, 4, 5, 7, 9, 11, 12];

/** Melody and chords of plucked and of held notes: harmonics, steady pitches, rhythm. */
export const music = (random: SeededRandom, ms: number, dbm0: number): Sound => {
  const song = new Float64Array(samplesIn(ms));
  const root = between(random, 110, 330);
  const beatMs = between(random, 180, 520);
  const held = random.next() < 0.5;
  const harmonics = 1 + random.int(5);
  for (let atMs = 0; atMs < ms; atMs += beatMs)
    for (let voice = 0; voice < 1 + random.int(3); voice += 1) {
      const hz = root * 2 ** ((random.pick(SCALE) + 12 * random.int(3)) / 12);
      const lengthMs = beatMs * (1 + random.int(3));
      addNote(song, { hz, harmonics, held, from: samplesIn(atMs), length: samplesIn(lengthMs) });
    }
  return atLevel(song, dbm0);
};

const addNote = (
  song: Sound,
  note: { hz: number; harmonics: number; held: boolean; from: number; length: number },
): void => {
  const { hz, harmonics, held, from, length } = note;
  for (let at = 0; at < length && from + at < song.length; at += 1) {
    const fade = held ? Math.min(1, at / 80, (length - at) / 80) : Math.exp((-4 * at) / length);
    let sample = 0;
    for (let harmonic = 1; harmonic <= harmonics && harmonic * hz < 3600; harmonic += 1)
      sample += Math.sin((2 * Math.PI * hz * harmonic * at) / RATE_HZ) / harmonic ** 1.5;
    song[from + at] = (song[from + at] ?? 0) + fade * sample;
  }
};

export const toPcm = (sound: Sound): Int16Array =>
  Int16Array.from(sound, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample))));

/** What a telephone line makes of it: the band, the law, and a beginning somewhere within a packet. */
export const overTheLine = (sound: Sound, random: SeededRandom): Int16Array => {
  const law = random.pick(['PCMA', 'PCMU'] as const);
  return decodeG711(law, encodeG711(law, toPcm(sound)));
};

/** In packets; the rest that fills none is left out. */
export const framesOf = function* (samples: Int16Array): Generator<Int16Array> {
  for (let at = 0; at + 160 <= samples.length; at += 160) yield samples.subarray(at, at + 160);
};

/** How people answer: short, and then they wait. */
export const ANSWERS: readonly (readonly [voice: string, words: string])[] = [
  ['en', 'Hello?'],
  ['en-us+f3', 'Yes, hello?'],
  ['en-gb+m7', 'Hello, John speaking.'],
  ['en-us+m3', 'Hi.'],
  ['en+f2', 'Good morning.'],
  ['en-us+f4', 'Smith.'],
  ['en-gb+f5', 'Anna Miller, hello?'],
  ['cmn', '喂？'],
  ['cmn+f3', '喂，你好。'],
  ['cmn+m3', '你好，哪位？'],
  ['cmn+f2', '您好，请讲。'],
  ['cmn+m7', '喂，谁呀？'],
  ['yue', '喂？'],
  ['de', 'Hallo?'],
  ['de+f2', 'Müller.'],
  ['de+m5', 'Ja, bitte?'],
  ['fr', 'Allô?'],
  ['fr+f4', 'Oui, allô, bonjour?'],
  ['es', '¿Diga?'],
  ['es+f3', '¿Bueno?'],
  ['ru', 'Алло?'],
  ['ja', 'もしもし'],
  ['it+f2', 'Pronto?'],
  ['pt', 'Alô?'],
];

/** How machines answer. */
export const GREETINGS: readonly (readonly [voice: string, words: string])[] = [
  ['en', 'Hello, you have reached John Smith. I am not able to take your call right now. Please leave a message.'],
  ['en-us+f3', 'The person you are trying to reach is not available. Please record your message after the tone.'],
  ['en-gb+m7', 'Hi, this is Paul. I am probably on another line, so leave your name and number and I will call back.'],
  ['en-us+f4', 'Your call has been forwarded to an automated voice messaging system.'],
  ['cmn', '您好，我现在无法接听您的电话，请在滴声后留言。'],
  ['cmn+f3', '您好，您拨打的电话暂时无人接听，请在提示音后留言。'],
  ['cmn+m3', '你好，这里是王先生的语音信箱，请留下您的姓名和电话，我会尽快给您回电。'],
  ['yue', '你好，我而家唔方便听电话，请喺嘟一声之后留低口讯。'],
  ['de', 'Guten Tag, Sie sind verbunden mit dem Anrufbeantworter der Familie Müller. Bitte sprechen Sie nach dem Ton.'],
  ['de+f2', 'Der gewünschte Teilnehmer ist zurzeit nicht erreichbar. Bitte hinterlassen Sie eine Nachricht.'],
  ['fr+f4', 'Bonjour, vous êtes bien chez Marie et Paul. Nous sommes absents, laissez un message après le bip.'],
  ['es+f3', 'Hola, en este momento no podemos atender su llamada. Por favor deje su mensaje después de la señal.'],
  ['ru', 'Здравствуйте, сейчас я не могу ответить. Пожалуйста, оставьте сообщение после сигнала.'],
  ['it+f2', 'Salve, al momento non posso rispondere. Lasciate un messaggio dopo il segnale acustico.'],
];
