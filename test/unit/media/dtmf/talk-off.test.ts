/** Speech must not be taken for keys: talk-off. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeG711, encodeG711 } from '../../../../media/codec/g711';
import { ToneDetector } from '../../../../media/dtmf/tone-detector';
import { channelSamples, readWav } from '../../../../media/wav/wav-reader';
import { describeNeeding } from '../../../support/tools';

const PROMPTS = join(__dirname, '../../../../media/sounds/prompts');

const TEXT =
  'Your card number is four seven one one, zero eight one five. Please hold the line while I look for an agent who ' +
  'speaks to you. Oh, you are in Chile? I see. Who knows the way to the moon? We are, my queen, you and I. ' +
  'The rain in Spain stays mainly in the plain. Nein, neun, ja, sieben, zwei. Un deux trois, cinq, huit. ';

/** Means of what lies in each new sample: rough, but quick. */
const at8kHz = (samples: Int16Array, rateHz: number): Int16Array =>
  Int16Array.from({ length: Math.floor((samples.length * 8000) / rateHz) }, (_, index) => {
    const [from, to] = [Math.floor((index * rateHz) / 8000), Math.ceil(((index + 1) * rateHz) / 8000)];
    const piece = samples.subarray(from, to);
    return Math.round(piece.reduce((sum, sample) => sum + sample, 0) / Math.max(1, piece.length));
  });

const keysIn = (wav: Buffer): string => {
  const read = readWav(wav);
  if (!read.ok) throw new Error(read.fault.message);
  const samples = at8kHz(channelSamples(read.value, 0), read.value.sampleRateHz);
  const pcm = decodeG711('PCMA', encodeG711('PCMA', samples));
  return new ToneDetector().accept(pcm).join('');
};

it("the product's own prompts are no keys", () => {
  for (const language of readdirSync(PROMPTS))
    for (const name of readdirSync(join(PROMPTS, language)))
      expect([name, keysIn(readFileSync(join(PROMPTS, language, name)))]).toEqual([name, '']);
});

describeNeeding('espeak-ng')('speech', () => {
  it.each(['en', 'en-us+f3', 'en+m7', 'de', 'fr+f2', 'es+f4', 'cmn'])('of the voice %s is no key', (voice) => {
    const wav = execFileSync('espeak-ng', ['-v', voice, '-s', '150', '--stdout', TEXT], { maxBuffer: 50_000_000 });
    expect(keysIn(wav)).toBe('');
  });
});
