/** The product's processes while it is soaked: what each holds, in memory and otherwise. */
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import WebSocket from 'ws';
import type { MediaProcessList } from '../../../api/contract/rest';
import { ask } from '../../bench/support/inspector';
import { cpuMsOf } from '../../bench/support/process-time';
import { processNamed, processOf } from '../../support/process-tree';
import type { Product } from '../../support/product';
import { until } from '../../support/wait';

const LISTENS = /Debugger listening on (ws:\S+)/g;
const PAGE_BYTES = 4_096;

/** One process at one moment. */
export interface ProcessReading {
  /** What live objects take after a full collection, buffers included. */
  readonly liveBytes: number;
  readonly residentBytes: number;
  readonly timers: number;
  readonly udpSockets: number;
  readonly openFiles: number;
}

export class ProductProcesses {
  private readonly inspectors = new Map<string, WebSocket>();

  private constructor(
    private readonly pids: ReadonlyMap<string, number>,
    private readonly workerPids: ReadonlyMap<string, number>,
  ) {}

  /** Finds them, and opens V8's inspector in each; the product must have been started with `--inspect-port=0`. */
  static async open(product: Product): Promise<ProductProcesses> {
    const media = await product.admin<MediaProcessList>('GET', '/media-processes');
    const pids = new Map<string, number>();
    for (const role of ['store', 'edge', 'app'] as const) pids.set(role, processOf(product.pid, role) ?? 0);
    for (const { name } of media.items) pids.set(name, processNamed(product.pid, name) ?? 0);
    const workers = media.items.map(({ name }): [string, number] => [`${name}'s worker`, product.mediaWorkerPid(name)]);
    const opened = new ProductProcesses(pids, new Map(workers));
    for (const [name, pid] of pids) opened.inspectors.set(name, await openInspector(product, pid));
    return opened;
  }

  /** Those through which sound goes: media processes, and their workers. */
  get soundPids(): number[] {
    const media = [...this.pids].filter(([name]) => name.startsWith('media'));
    return [...media.map(([, pid]) => pid), ...this.workerPids.values()];
  }

  /** The time that each has computed since it began, the soak itself among them. */
  cpuMs(): Record<string, number> {
    const pids = [['soak', process.pid] as const, ...this.pids, ...this.workerPids];
    return Object.fromEntries(pids.map(([name, pid]) => [name, cpuMsOf(pid) ?? 0]));
  }

  /** How much memory each has now, as the system counts it. */
  residentBytes(): Record<string, number> {
    return Object.fromEntries([...this.pids].map(([name, pid]) => [name, residentBytesOf(pid)]));
  }

  async readings(): Promise<Record<string, ProcessReading>> {
    const readings: Record<string, ProcessReading> = {};
    for (const [name, pid] of this.pids) readings[name] = await this.reading(name, pid);
    return readings;
  }

  close(): void {
    for (const socket of this.inspectors.values()) socket.close();
  }

  private async reading(name: string, pid: number): Promise<ProcessReading> {
    const socket = this.inspectors.get(name);
    if (!socket) throw new Error(`there is no inspector of ${name}`);
    // Finalizers of the first round free what the second one collects.
    for (let round = 0; round < 2; round += 1) await ask(socket, 'HeapProfiler.collectGarbage', {});
    const expression = 'JSON.stringify({ ...process.memoryUsage(), resources: process.getActiveResourcesInfo() })';
    const { result } = (await ask(socket, 'Runtime.evaluate', { expression })) as { result: { value: string } };
    const use = JSON.parse(result.value) as NodeJS.MemoryUsage & { resources: string[] };
    const count = (kind: string): number => use.resources.filter((one) => one === kind).length;
    return {
      liveBytes: use.heapUsed + use.external,
      residentBytes: use.rss,
      timers: count('Timeout'),
      udpSockets: count('UDPWRAP') + count('UDPWrap'),
      openFiles: readdirSync(`/proc/${pid}/fd`).length,
    };
  }
}

/** How much of a core each has used between two readings, to a tenth. */
export const corePercents = (
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  elapsedMs: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after).map(([name, cpuMs]) => [
      name,
      Math.round((1_000 * (cpuMs - (before[name] ?? 0))) / elapsedMs) / 10,
    ]),
  );

const openInspector = async (product: Product, pid: number): Promise<WebSocket> => {
  const known = [...product.output.matchAll(LISTENS)].length;
  process.kill(pid, 'SIGUSR1');
  const url = await until('the inspector listens', () => [...product.output.matchAll(LISTENS)][known]?.[1], 10_000);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
};

/** 0 when the process has ended. */
const residentBytesOf = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
};
