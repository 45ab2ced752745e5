import { calibrate } from '../../../acd/calibration';
import { asId } from '../../../base/ids';
import type { AgentId, QueueId } from '../../../base/ids';
import { promisesIn } from '../../../store/wait-promises';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const told = { queueId: 'support', fromMs: 2 * MINUTE, toMs: 5 * MINUTE, likelyMs: 200_000 };

describe('promised waits against real ones', () => {
  it('are those of the example in docs/metrics.md', async () => {
    const rows = await calibrate(
      [240_000, 100_000, undefined].map((waitedMs) => ({ ...told, atMs: HOUR + 5, waitedMs })),
      HOUR,
    );
    expect(rows).toEqual([
      {
        ...{ queueId: 'support', fromMs: HOUR, promises: 3, kept: 2, within: 1, shorter: 1, longer: 0 },
        ...{ withinShare: 0.5, meanPromisedMs: 200_000, meanWaitedMs: 170_000, biasMs: -30_000 },
      },
    ]);
  });

  it('count in the queue and the interval in which they were made; of none kept there are no means', async () => {
    const rows = await calibrate(
      [
        { ...told, queueId: 'sales', atMs: 10, waitedMs: undefined },
        { ...told, atMs: HOUR, waitedMs: 6 * MINUTE },
        { ...told, atMs: 20, waitedMs: 2 * MINUTE },
      ],
      HOUR,
    );
    expect(rows.map(({ queueId, fromMs, kept, within, longer }) => [fromMs, queueId, kept, within, longer])).toEqual([
      [0, 'sales', 0, 0, 0],
      [0, 'support', 1, 1, 0],
      [HOUR, 'support', 1, 0, 1],
    ]);
    expect(rows[0]).not.toHaveProperty('withinShare');
  });
});

describe('promises in the history', () => {
  const queueId = asId<QueueId>('support');
  const wait = { fromMs: 0, toMs: MINUTE, likelyMs: 30_000 };
  const notes = [100, 60_100].map((atMs) => ({ kind: 'told', atMs, queueId, wait }) as const);
  const segments = [
    { kind: 'queue', startedAtMs: 50, endedAtMs: 70_000, queueId } as const,
    { kind: 'talk', startedAtMs: 75_000, endedAtMs: 90_000, agentId: asId<AgentId>('ann') } as const,
  ];

  it('are kept with the first talk with an agent after each', () => {
    const waits = promisesIn({ segments: [...segments], queueNotes: [...notes], endedAtMs: 90_000 });
    expect(waits.map(({ waitedMs }) => waitedMs)).toEqual([74_900, 14_900]);
  });

  it('are not kept when nobody came, and unknown while the call goes on', () => {
    const given = { segments: segments.slice(0, 1), queueNotes: [...notes] };
    expect(promisesIn({ ...given, endedAtMs: 70_000 }).map(({ waitedMs }) => waitedMs)).toEqual([undefined, undefined]);
    expect(promisesIn(given)).toEqual([]);
  });

  it('are none where only the place was told', () => {
    const note = { kind: 'told', atMs: 100, queueId, position: 2 } as const;
    expect(promisesIn({ segments: [...segments], queueNotes: [note], endedAtMs: 90_000 })).toEqual([]);
  });
});
