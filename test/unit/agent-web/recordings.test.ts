import { recordingFileName } from '../../../agent-web/src/recordings/file-name';
import { formatDay } from '../../../agent-web/src/i18n/format';
import { wavOf } from '../../../agent-web/src/prompts/microphone-take';
import { readSound } from '../../../media/wav/read-sound';
import { searchedDigits } from '../../../agent-web/src/lists/filters';

/** In the time zone of whoever reads it, as the page does. */
const AT_MS = new Date(2026, 10, 22, 9, 5, 7).getTime();

describe("a downloaded recording's name", () => {
  test.each([
    [{ number: '+4930123456', n: 1 }, '2026-11-22 09-05-07 +4930123456.wav'],
    [{ number: '+4930123456', n: 2 }, '2026-11-22 09-05-07 +4930123456 (2).wav'],
    [{ number: '', n: 1 }, '2026-11-22 09-05-07.wav'],
    [{ number: '../a"b\\c:d', n: 1 }, '2026-11-22 09-05-07 ..abcd.wav'],
  ])('of %j', (of, name) => {
    expect(recordingFileName({ startedAtMs: AT_MS, ...of })).toBe(name);
  });
});

describe('a day', () => {
  const nowMs = new Date(2026, 0, 3).getTime();

  test.each([
    [new Date(2026, 0, 2), '2 Jan', '1月2日'],
    [new Date(2025, 11, 31), '31 Dec 2025', '2025年12月31日'],
  ])('%s has its year only when it is another one', (day, english, chinese) => {
    expect(formatDay(day.getTime(), 'en', nowMs)).toBe(english);
    expect(formatDay(day.getTime(), 'zh', nowMs)).toBe(chinese);
  });
});

test.each([
  ['+49 (30) 12-34', '+49301234'],
  ['４７１１', '4711'],
  ['Anna', ''],
])('%s is searched for as %j', (typed, digits) => {
  expect(searchedDigits(typed)).toBe(digits);
});

test('what the microphone has recorded is a WAV that the server reads, sample by sample', async () => {
  const samples = Float32Array.from([0, 0.5, -0.5, 1, -1, 2]);
  const wav = Buffer.from(await wavOf(samples, 48_000).arrayBuffer());
  const sound = await readSound(wav, (fileHz) => fileHz);
  if (!sound.ok) throw new Error(sound.fault.message);
  expect(sound.value.sampleRateHz).toBe(48_000);
  const read = [...sound.value.samples].map((sample) => Math.round((sample / 32_767) * 100) / 100);
  expect(read).toEqual([0, 0.5, -0.5, 1, -1, 1]);
});
