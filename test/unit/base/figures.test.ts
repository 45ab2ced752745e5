import { Figures } from '../../../base/figures';

it('a histogram counts each value into its bucket and all above', () => {
  const figures = new Figures();
  const waits = figures.histogram('wait_seconds', { help: 'Waits.', bounds: [1, 5, 20] });
  for (const value of [0.5, 1, 4, 30]) waits.observe(value);
  expect(figures.text()).toBe(
    [
      '# HELP wait_seconds Waits.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{le="1"} 2',
      'wait_seconds_bucket{le="5"} 3',
      'wait_seconds_bucket{le="20"} 3',
      'wait_seconds_bucket{le="+Inf"} 4',
      'wait_seconds_sum 35.5',
      'wait_seconds_count 4',
      '',
    ].join('\n'),
  );
});

it('gauges and counters are read when they are asked for, and labels are escaped', () => {
  const figures = new Figures();
  let waiting = 1;
  figures.gauge('waiting', 'Who waits.', () => [{ labels: { queue: 'a "b"\\\n' }, value: waiting }]);
  figures.counter('calls_total', 'Calls.', () => [{ value: 7 }]);
  waiting = 2;
  expect(figures.text().split('\n')).toEqual(
    expect.arrayContaining(['waiting{queue="a \\"b\\"\\\\\\n"} 2', '# TYPE calls_total counter', 'calls_total 7']),
  );
});

it.each(['Waiting', '9lives', 'a-b'])('%s is no name of a figure', (name) => {
  expect(() => new Figures().gauge(name, '', () => [])).toThrow(RangeError);
});

it('two figures of one name are refused', () => {
  const figures = new Figures();
  figures.gauge('a', '', () => []);
  expect(() => figures.gauge('a', '', () => [])).toThrow(/the figure a/);
});
