import { createProgress, elapsed, progressLine } from '../../../infra/setup/progress.mjs';

describe('progress', () => {
  test.each([
    [0, '0s'],
    [59_999, '59s'],
    [60_000, '1m00s'],
    [130_000, '2m10s'],
  ])('%d ms read as %s', (ms, text) => {
    expect(elapsed(ms)).toBe(text);
  });

  test('a line says which step of how many, what it does, for how long and how far it is', () => {
    const step = { number: 2, of: 6, title: 'mediasoup worker: building', detail: '41 of 187 files', ms: 130_000 };
    expect(progressLine(step)).toBe('[2/6] mediasoup worker: building (2m10s, 41 of 187 files)');
  });

  test('quick steps say nothing, and their results and errors pass through', async () => {
    const written: string[] = [];
    const { step } = createProgress({ stream: { write: (text: string) => written.push(text) }, of: 2 });
    expect(await step('packages', () => 42)).toBe(42);
    await expect(step('server', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(written).toEqual([]);
  });
});
