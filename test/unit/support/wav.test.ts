import { toneRecording } from '../../support/desk/recording';
import { fromPcm16, hearsTone, tone, toPcm16 } from '../../support/spectrum';
import { pcm16Wav, readPcm16Wav } from '../../support/wav';
import { readWav } from '../../../media/wav/wav-reader';

test('what the tests write as WAV is what they and the product read', () => {
  const samples = toPcm16(tone({ frequencyHz: 440, durationMs: 200, sampleRateHz: 48_000 }));
  const file = pcm16Wav(samples, { sampleRateHz: 48_000 });
  expect(readPcm16Wav(file)).toEqual(fromPcm16(samples));
  expect(readWav(file)).toMatchObject({ value: { encoding: 'pcm16', sampleRateHz: 48_000, channels: 1 } });
});

test('the sample recording has the caller on the left and the agent on the right', () => {
  const file = toneRecording();
  expect(readWav(file)).toMatchObject({ value: { encoding: 'pcm16', sampleRateHz: 8000, channels: 2 } });
  const both = readPcm16Wav(file);
  const channel = (which: number): Float64Array => both.filter((_sample, index) => index % 2 === which);
  expect([hearsTone(channel(0), 440), hearsTone(channel(0), 660)]).toEqual([true, false]);
  expect([hearsTone(channel(1), 440), hearsTone(channel(1), 660)]).toEqual([false, true]);
});
