/** Which music is a stream, and what is raised about one that is away. */
import { SimulatedClock } from '../../../base/clock';
import type { NewAlarm } from '../../../base/alarms';
import type { MediaEvent } from '../../../media/ports';
import { streamOf, watchStreams } from '../../../main/music-streams';

const URL = 'https://radio.example/live.mp3';

it('music of the name of a stream is that stream, as it is set now', () => {
  let settings = [{ _id: 'lobby', url: URL, gainDb: -10 }];
  const stream = streamOf(() => settings);
  expect([stream('lobby'), stream('default')]).toEqual([{ url: URL, gainDb: -10 }, undefined]);
  settings = [];
  expect(stream('lobby')).toBeUndefined();
});

it('a stream that several processes miss is one alarm, and its return another', async () => {
  const clock = new SimulatedClock();
  const raised: NewAlarm[] = [];
  let hear: (event: MediaEvent) => void = () => undefined;
  const onEvent = (listener: (event: MediaEvent) => void): (() => void) => {
    hear = listener;
    return () => (hear = () => undefined);
  };
  const stop = watchStreams({ onEvent }, { alarms: { raise: (alarm) => void raised.push(alarm) }, clock });
  const away = { type: 'stream-changed', url: URL, state: 'away', detail: 'the server answers 503' } as const;
  hear(away);
  hear(away);
  hear({ ...away, state: 'back', detail: '' });
  expect(raised.map(({ kind, severity }) => [kind, severity])).toEqual([
    ['music-stream-away', 'warning'],
    ['music-stream-back', 'info'],
  ]);
  expect(raised[0]?.details).toEqual({ url: URL, why: 'the server answers 503' });
  // Away again: the last alarm must not say that it is heard.
  hear(away);
  hear(away);
  expect(raised).toHaveLength(3);
  await clock.advanceAsync(60_000);
  hear(away);
  expect(raised).toHaveLength(4);
  stop();
  hear(away);
  expect(raised).toHaveLength(4);
});
