/** A Node process that is measured: pinned to its core, told by IPC, looked into by V8's inspector. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { until } from '../../support/wait';
import { pinned } from './cores';
import { ask } from './inspector';

export interface NodeChildOptions {
  /** The script and its arguments. */
  readonly argv: readonly string[];
  readonly core: number | undefined;
  /** Where a CPU profile is written when the process ends. Left out: nowhere. */
  readonly profileFolder?: string | undefined;
  /** Called with each line that the process writes to its standard error. */
  readonly onLine?: (line: string) => void;
}

/** After a full garbage collection. */
export interface MemoryUse {
  /** What live objects take, outside of V8's heap too (buffers). */
  readonly liveBytes: number;
  readonly residentBytes: number;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 8_000;
const LISTENS = /^Debugger listening on (ws:\S+)/;

export class NodeChild {
  private inspectorUrl: string | undefined;
  private readonly lastLines: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly onLine: ((line: string) => void) | undefined,
  ) {
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => this.onText(line));
  }

  /** Starts the process, with the flags that the supervisor gives it, and sends it `config`; resolves when it is ready. */
  static async start(options: NodeChildOptions, config: object): Promise<NodeChild> {
    const profile =
      options.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`];
    const flags = ['--enable-source-maps', '--inspect-port=0', ...profile];
    const [command, args] = pinned(options.core, [process.execPath, ...flags, ...options.argv]);
    const child = spawn(command, args, {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const started = new NodeChild(child, options.onLine);
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (message: { type: string; reason?: string }) =>
        message.type === 'ready' ? resolve() : reject(new Error(message.reason)),
      );
      child.once('exit', () => reject(new Error(`${options.argv[0]} ended: ${started.lastLines.join('\n')}`)));
      child.once('error', reject);
      setTimeout(() => reject(new Error(`${options.argv[0]} was not ready in time`)), START_TIMEOUT_MS).unref();
    });
    child.send({ type: 'start', config });
    await ready;
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Collects all garbage and says what is left. The inspector is opened for this, so nothing fast comes after it. */
  async memory(): Promise<MemoryUse> {
    const socket = new WebSocket(await this.inspector());
    await once(socket, 'open');
    try {
      // Finalizers of the first round free what the second one collects.
      for (let round = 0; round < 2; round += 1) await ask(socket, 'HeapProfiler.collectGarbage', {});
      const expression = 'JSON.stringify(process.memoryUsage())';
      const { result } = (await ask(socket, 'Runtime.evaluate', { expression })) as { result: { value: string } };
      const usage = JSON.parse(result.value) as NodeJS.MemoryUsage;
      return { liveBytes: usage.heapUsed + usage.external, residentBytes: usage.rss };
    } finally {
      socket.close();
    }
  }

  /** Puts a question to the process, with what it needs to know; resolves with its answer. */
  ask(type: string, payload?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('the process has ended'));
      const onMessage = (message: { type: string; answer?: unknown }): void => {
        if (message.type !== `${type}-answer`) return;
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
        resolve(message.answer);
      };
      this.child.on('message', onMessage);
      this.child.once('exit', onExit);
      this.child.send({ type, payload });
    });
  }

  /** Asks the process to end, and makes it. Idempotent. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.child, 'exit');
    if (this.child.connected) this.child.send({ type: 'stop' });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }

  private async inspector(): Promise<string> {
    if (this.inspectorUrl === undefined) this.child.kill('SIGUSR1');
    return until('the inspector listens', () => this.inspectorUrl, 10_000);
  }

  private onText(line: string): void {
    const url = LISTENS.exec(line)?.[1];
    if (url !== undefined) this.inspectorUrl = url;
    this.lastLines.push(line);
    if (this.lastLines.length > 10) this.lastLines.shift();
    this.onLine?.(line);
  }
}
