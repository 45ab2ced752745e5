import { watchFigures } from '../../../main/watch-figures';

it('counts each wait for a voice into its bucket and all above, late calls, and the alarms that stand at the moment', async () => {
  let standing = 1;
  const figures = watchFigures(() => standing);
  for (const waitMs of [90, 1_000, 20_000, 61_000]) figures.voiceHeard(waitMs);
  figures.voiceLate();
  standing = 2;
  const lines = (await figures.registry.metrics()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE switchroom_voice_answer_seconds histogram',
      'switchroom_voice_answer_seconds_bucket{le="0.1"} 1',
      'switchroom_voice_answer_seconds_bucket{le="0.5"} 1',
      'switchroom_voice_answer_seconds_bucket{le="1"} 2',
      'switchroom_voice_answer_seconds_bucket{le="20"} 3',
      'switchroom_voice_answer_seconds_bucket{le="+Inf"} 4',
      'switchroom_voice_answer_seconds_sum 82.09',
      'switchroom_voice_answer_seconds_count 4',
      '# TYPE switchroom_voice_answer_late_total counter',
      'switchroom_voice_answer_late_total 1',
      '# TYPE switchroom_alarms_standing gauge',
      'switchroom_alarms_standing 2',
    ]),
  );
});

it('tells of the process what docs/metrics.md names', async () => {
  const text = await watchFigures(() => 0).registry.metrics();
  for (const name of ['nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_size_used_bytes', 'process_cpu_seconds_total'])
    expect(text).toMatch(new RegExp(`^${name} [0-9.e-]+`, 'm'));
});
