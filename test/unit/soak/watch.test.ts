import { readOptions } from '../../soak/options';
import { bytesPerHour } from '../../soak/watch/memory';

it('the slope of a memory that grows by one byte a second is 3600 bytes an hour, whatever the noise is around it', () => {
  const samples = Array.from({ length: 100 }, (_, index) => ({
    atMs: index * 1000,
    bytes: index + (index % 2 === 0 ? 5 : -5),
  }));
  expect(bytesPerHour(samples)).toBeGreaterThan(3_500);
  expect(bytesPerHour(samples)).toBeLessThan(3_700);
  expect(bytesPerHour(samples.slice(0, 1))).toBe(0);
});

it('half an hour of 50 calls unless asked otherwise; what makes no sense is refused', () => {
  expect(readOptions([])).toMatchObject({ minutes: 30, calls: 50, json: false, memory: true });
  expect(readOptions(['--minutes', '0.5', '--calls', '3', '--seed', '7'])).toMatchObject({ seed: 7, memory: false });
  for (const wrong of [
    ['--minutes', '0'],
    ['--calls', '51'],
    ['--calls', '1.5'],
    ['--seed', 'x'],
  ])
    expect(() => readOptions(wrong)).toThrow('--');
});
