/** What an established call takes of the memory of edge and app. */
import { pause } from '../../../support/wait';
import { rounded } from '../percentiles';
import { BenchRig } from './bench-rig';
import type { MemoryUse } from '../node-child';

const CALLS = 4_000;
const CALLS_PER_SECOND = 250;
/** Transactions of the INVITE live on for 64*T1 (timers L and M); an established call has none. */
const TRANSACTIONS_MS = 34_000;
/** Longer than the measurement, whatever the machine does. */
const HOLD_MS = 180_000;
const WARM_UP = { name: 'warm-up', callsPerSecond: 200, calls: 1_000, holdMs: 100 } as const;

interface Memory {
  readonly edge: MemoryUse | undefined;
  readonly app: MemoryUse;
}

export interface MemoryFigures {
  /** Live objects of edge and app together. */
  readonly kb_per_established_call: number;
  readonly memory_kb_per_call: Readonly<Record<string, number>>;
  readonly established_calls: number;
}

/** Processes of their own, warmed up and left alone until they are measured, so that all their transactions are over. */
export class MemoryBench {
  private constructor(
    private readonly rig: BenchRig,
    private readonly restSinceMs: number,
  ) {}

  static async start(): Promise<MemoryBench> {
    const rig = await BenchRig.start();
    try {
      await rig.warmUp(WARM_UP);
      return new MemoryBench(rig, performance.now());
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  /**
   * Garbage is collected before 4,000 calls are made and again when their transactions are over.
   * @throws when calls fail.
   */
  async measure(): Promise<MemoryFigures> {
    const { rig } = this;
    await pause(Math.max(0, this.restSinceMs + TRANSACTIONS_MS - performance.now()));
    const before = await memoryNow(rig);
    const calls = rig.call({ name: 'established', callsPerSecond: CALLS_PER_SECOND, calls: CALLS, holdMs: HOLD_MS });
    await pause((CALLS / CALLS_PER_SECOND) * 1_000 + TRANSACTIONS_MS);
    const { current, failed } = calls.counts();
    if (current !== CALLS || failed > 0)
      throw new Error(`memory: ${current} of ${CALLS} calls stand, ${failed} failed`);
    const after = await memoryNow(rig);
    await calls.stop();
    return figures(before, after);
  }

  stop(): Promise<void> {
    return this.rig.stop();
  }
}

const memoryNow = async ({ system }: BenchRig): Promise<Memory> => ({
  edge: await system.edge?.memory(),
  app: await system.app.memory(),
});

const figures = (before: Memory, after: Memory): MemoryFigures => {
  const kb = (part: 'edge' | 'app', kind: keyof MemoryUse): number =>
    rounded(((after[part]?.[kind] ?? 0) - (before[part]?.[kind] ?? 0)) / 1_024 / CALLS, 2);
  const edge = kb('edge', 'liveBytes');
  const app = kb('app', 'liveBytes');
  return {
    kb_per_established_call: rounded(edge + app, 2),
    memory_kb_per_call: {
      edge,
      app,
      edge_resident: kb('edge', 'residentBytes'),
      app_resident: kb('app', 'residentBytes'),
    },
    established_calls: CALLS,
  };
};
