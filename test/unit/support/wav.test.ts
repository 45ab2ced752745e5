import { toneRecording } from '../../support/desk/recording';
import { readG711Wav } from '../../support/g711-wav';
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
  const { sampleRateHz, channels } = readG711Wav(toneRecording());
  expect([sampleRateHz, channels.length]).toEqual([8000, 2]);
  const heard = channels.map((channel) => [440, 660].map((frequencyHz) => hearsTone(channel, frequencyHz)));
  expect(heard).toEqual([
    [true, false],
    [false, true],
  ]);
});
