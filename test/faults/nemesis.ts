/** Does to the product's processes what machines and networks do to them: one fault at a time, by a seed. */
import type { SeededRandom } from '../../base/random';
import { processOf } from '../support/process-tree';
import type { Product } from '../support/product';
import { pause } from '../support/wait';
import type { FaultKind, History, Victim } from './history';

export interface Fault {
  readonly kind: FaultKind;
  readonly victim: Victim;
}

export const faultName = ({ kind, victim }: Fault): string => `${kind}:${victim}`;

export interface NemesisOptions {
  readonly product: Product;
  readonly history: History;
  readonly random: SeededRandom;
  readonly faults: readonly Fault[];
  /** The mean time from the end of a fault to the next one. */
  readonly everyMs: number;
}

const LONGEST_PAUSE_MS = 3_000;
/** A machine that is busy restarts nothing quickly. */
const RESTART_TIMEOUT_MS = 60_000;

export class Nemesis {
  readonly done = new Map<string, number>();
  private stopping = false;
  private running: Promise<void> | undefined;
  private next = 0;

  constructor(private readonly options: NemesisOptions) {}

  /** Until {@link Nemesis.stop}. */
  start(): void {
    this.running = this.run();
  }

  /** Lets the fault of now come to its end. @throws Error when a process has not come back. */
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
      history.note({ type: 'fault', ...fault, isOver: true });
      this.done.set(faultName(fault), (this.done.get(faultName(fault)) ?? 0) + 1);
    }
  }

  private async perform({ kind, victim }: Fault): Promise<void> {
    const { product, random } = this.options;
    if (kind === 'kill') return product.crash(victim, RESTART_TIMEOUT_MS);
    const pid = processOf(product.pid, victim);
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
