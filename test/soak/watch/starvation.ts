/**
 * Whether sound could be in time at all: how long the processes that carry it have waited for a core. What is heard
 * while they wait says something about the machine, not about the product.
 */
import { readFileSync } from 'node:fs';

const LOOK_MS = 100;
const WINDOW_MS = 800;
/** Jitter buffers and ears make up for less. */
const STARVED_MS = 150;
/** The soak itself comes too late to know: what it has not taken out of its sockets yet is not heard either. */
const LATE_MS = 250;
const NANOSECONDS_PER_MS = 1e6;

interface Sample {
  readonly atMs: number;
  /** Of each process, since it began. */
  readonly waitedMs: ReadonlyMap<number, number>;
}

export class Starvation {
  private readonly samples: Sample[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly since: { starved: number; all: number } = { starved: 0, all: 0 };
  private readonly starvedAt: number[] = [];

  constructor(private readonly pids: readonly number[]) {
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** One of them has waited too long within the last moments. */
  get now(): boolean {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last) return false;
    if (performance.now() - last.atMs > LATE_MS) return true;
    return this.pids.some((pid) => (last.waitedMs.get(pid) ?? 0) - (first.waitedMs.get(pid) ?? 0) > STARVED_MS);
  }

  /** Whether there was any such moment in this time, in milliseconds since 1970. */
  within(fromMs: number, toMs: number): boolean {
    return this.starvedAt.some((atMs) => atMs >= fromMs && atMs <= toMs);
  }

  /** Of all the time. */
  get share(): number {
    return this.since.all === 0 ? 0 : this.since.starved / this.since.all;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const atMs = performance.now();
    this.samples.push({ atMs, waitedMs: new Map(this.pids.map((pid) => [pid, waitedMs(pid)])) });
    while ((this.samples[0]?.atMs ?? 0) < atMs - WINDOW_MS) this.samples.shift();
    this.since.all += 1;
    if (!this.now) return;
    this.since.starved += 1;
    this.starvedAt.push(Date.now());
  }
}

/** The second figure of schedstat: nanoseconds on a run queue (Linux). 0 of a process that has ended. */
const waitedMs = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / NANOSECONDS_PER_MS;
  } catch {
    return 0;
  }
};
