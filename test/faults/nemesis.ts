/**
 * Does to the product's processes what machines and networks do to them: one fault at a time, by a seed. A fault is over
 * when the product says that it is whole; what it says that is lost when two come together is not asked of it.
 */
import type { SeededRandom } from '../../base/random';
import { pause } from '../support/wait';
import type { FaultKind, History, Victim } from './history';

export interface Fault {
  readonly kind: FaultKind;
  readonly victim: Victim;
}

export const faultName = ({ kind, victim }: Fault): string => `${kind}:${victim}`;

/** What can be done to the processes. */
export interface Machines {
  /** Kills it as a crash would; resolves when there is another. */
  kill(victim: Victim): Promise<void>;
  pidOf(victim: Victim): number | undefined;
  /** Parts the app from this one; the app itself from both others. */
  part(victim: Victim): void;
  heal(forgets: boolean): void;
  /** Resolves when the product is whole again. @throws Error when it does not come to that. */
  whole(): Promise<void>;
}

export interface NemesisOptions {
  readonly machines: Machines;
  readonly history: History;
  readonly random: SeededRandom;
  readonly faults: readonly Fault[];
  /** The mean time from the end of a fault to the next one. */
  readonly everyMs: number;
}

const LONGEST_PAUSE_MS = 3_000;
const LONGEST_PARTITION_MS = 5_000;

export class Nemesis {
  readonly done = new Map<string, number>();
  private stopping = false;
  private running: Promise<void> | undefined;
  private next = 0;

  constructor(private readonly options: NemesisOptions) {}

  /** Whether every fault has happened at least once. */
  get hasDoneAll(): boolean {
    return this.options.faults.every((fault) => this.done.has(faultName(fault)));
  }

  /** Until {@link Nemesis.stop}. @param onFailed called when a process has not come back, or the product is not whole. */
  start(onFailed: () => void): void {
    this.running = this.run();
    this.running.catch(onFailed);
  }

  /** Lets the fault of now come to its end. @throws Error when a process has not come back, or the product is not whole. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const { random, everyMs, history, faults } = this.options;
    while (!this.stopping) {
      await this.wait(everyMs / 2 + random.int(everyMs));
      if (this.stopping) return;
      const fault = faults[this.next++ % faults.length];
      if (!fault) return;
      history.note({ type: 'fault', ...fault, isOver: false });
      await this.perform(fault);
      await this.options.machines.whole();
      history.note({ type: 'fault', ...fault, isOver: true });
      this.done.set(faultName(fault), (this.done.get(faultName(fault)) ?? 0) + 1);
    }
  }

  private async perform({ kind, victim }: Fault): Promise<void> {
    const { machines, random } = this.options;
    if (kind === 'kill') return machines.kill(victim);
    if (kind === 'partition') {
      machines.part(victim);
      await pause(200 + random.int(LONGEST_PARTITION_MS));
      return machines.heal(random.next() < 0.5);
    }
    const pid = machines.pidOf(victim);
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    await pause(200 + random.int(LONGEST_PAUSE_MS));
    process.kill(pid, 'SIGCONT');
  }

  private async wait(forMs: number): Promise<void> {
    const untilMs = performance.now() + forMs;
    while (!this.stopping && performance.now() < untilMs) await pause(50);
  }
}
