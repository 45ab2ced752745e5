import { SimulatedClock } from '../../../base/clock';
import { asId } from '../../../base/ids';
import type { AgentId, InteractionId } from '../../../base/ids';
import { silentLogger } from '../../../base/log';
import { InteractionLog } from '../../../calls/interaction-log';
import type { Interaction } from '../../../store/interaction';

const ann = asId<AgentId>('ann');

const setUp = (save?: (saved: Interaction[]) => Promise<void>) => {
  const clock = new SimulatedClock();
  const saved: Interaction[] = [];
  const log = new InteractionLog(
    {
      clock,
      log: silentLogger(),
      save: async (interaction) => {
        if (save) await save(saved);
        saved.push(interaction);
      },
      saved: () => undefined,
    },
    {
      _id: asId<InteractionId>('i1'),
      channel: 'voice',
      direction: 'inbound',
      startedAtMs: clock.nowMs() - 3,
      caller: { number: '1' },
      called: { number: '2' },
      digits: [],
      segments: [],
      parties: [],
      recordings: [],
    },
  );
  return { clock, saved, log };
};

describe('InteractionLog', () => {
  it('lets each segment begin where the one before ends, and the first with the call', () => {
    const { clock, log } = setUp();
    log.enter('flow');
    clock.advance(1000);
    log.enter('queue');
    clock.advance(500);
    log.finish({ result: 'abandoned', reason: 'hung-up', party: 'caller' });
    const { startedAtMs, endedAtMs, segments } = log.interaction;
    expect(segments[0]?.startedAtMs).toBe(startedAtMs);
    expect(segments[1]?.startedAtMs).toBe(segments[0]?.endedAtMs);
    expect(segments[1]?.endedAtMs).toBe(endedAtMs);
  });

  it('ends every party when the call ends, and keeps who had left before', () => {
    const { clock, log } = setUp();
    log.join('caller', '1');
    log.join('agent', ann);
    clock.advance(100);
    log.leave(ann);
    clock.advance(100);
    log.finish({ result: 'answered', reason: 'hung-up', party: 'caller' });
    expect(log.interaction.parties.map(({ leftAtMs, joinedAtMs }) => (leftAtMs ?? 0) - joinedAtMs)).toEqual([200, 100]);
  });

  it('writes several changes at once as one, and the last state always', async () => {
    const { log, saved } = setUp();
    log.enter('flow');
    log.addDigit('1');
    log.addDigit('2');
    await log.settled();
    expect(saved).toHaveLength(1);
    expect(saved[0]?.digits).toEqual(['1', '2']);
    log.addDigit('3');
    await log.settled();
    expect(saved.at(-1)?.digits).toEqual(['1', '2', '3']);
  });

  it('tries again every second while the store is away, and loses nothing', async () => {
    let away = true;
    const { clock, log, saved } = setUp(() => (away ? Promise.reject(new Error('away')) : Promise.resolve()));
    log.enter('flow');
    await clock.advanceAsync(5000, 100);
    log.addDigit('7');
    expect(saved).toEqual([]);
    away = false;
    await clock.advanceAsync(1500, 100);
    await log.settled();
    expect(saved.at(-1)?.digits).toEqual(['7']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up after two minutes, with the interaction in the log', async () => {
    const { clock, log } = setUp(() => Promise.reject(new Error('away')));
    log.enter('flow');
    await clock.advanceAsync(125_000, 500);
    await log.settled();
    expect(clock.pendingTimers).toBe(0);
  });
});
