import { arrivalTimeMs } from '../../../../signaling/gateway/arrival-time';

const NOW_MS = Date.UTC(2026, 0, 2, 0, 0, 5);

it.each([
  ['the same moment', '00:00:05.000000', 0],
  ['a moment ago', '00:00:04.750123', 250],
  ['before midnight', '23:59:58.000000', 7_000],
  ['a server in Kathmandu, 5 h 45 min ahead', '05:45:02.000000', 3_000],
  ['a server in New York', '19:00:03.500000', 1_500],
  ['a clock that is a little ahead', '00:00:06.200000', 0],
])('%s', (_name, stackTime, agoMs) => {
  expect(arrivalTimeMs(stackTime, NOW_MS)).toBe(NOW_MS - agoMs);
});

it.each([undefined, '', 'noon', '1:2:3.4'])('%s tells nothing', (stackTime) => {
  expect(arrivalTimeMs(stackTime, NOW_MS)).toBeUndefined();
});
