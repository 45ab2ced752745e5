/** A process of its own with one real mediasoup worker, in a process group of its own, as a terminal would start it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { until } from './wait';

const ROOT = resolve(__dirname, '../..');

/** Ends in order when its standard input does; writes the worker's process id and then its log. */
const OWNER = `
  import { systemClock } from './base/clock';
  import { createLogger } from './base/log';
  import { createWebRtcEndpoints } from './media/webrtc/webrtc-endpoints';
  process.on('SIGINT', () => undefined);
  process.stdin.resume().once('end', () => void endpoints.then((factory) => factory.close()));
  const endpoints = createWebRtcEndpoints({
    bindAddress: '127.0.0.1',
    workerBin: process.argv[2],
    clock: systemClock,
    log: createLogger('media'),
  });
  void endpoints.then(({ workerPids }) => console.log('worker ' + workerPids[0]));
`;

export class WorkerOwner {
  private text = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly file: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.text += String(data)));
  }

  static async start(workerBin: string): Promise<WorkerOwner> {
    // Inside the repository, so that the packages are found.
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    const file = join(ROOT, '.cache', `worker-owner-${process.pid}.cjs`);
    const stdin = { contents: OWNER, resolveDir: ROOT, loader: 'ts' } as const;
    buildSync({ stdin, outfile: file, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' });
    const owner = new WorkerOwner(spawn(process.execPath, [file, workerBin], { detached: true }), file);
    await until('the worker to start', () => owner.text.includes('worker '), 15_000);
    return owner;
  }

  /** What it has written. */
  get output(): string {
    return this.text;
  }

  get workerPid(): number {
    return Number(/^worker (\d+)$/m.exec(this.text)?.[1]);
  }

  get workerIsAlive(): boolean {
    try {
      return process.kill(this.workerPid, 0);
    } catch {
      return false;
    }
  }

  /** To the whole process group, as Ctrl-C does. */
  interruptGroup(): void {
    process.kill(-(this.child.pid ?? NaN), 'SIGINT');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Lets it end in order; gives its exit code. */
  async end(): Promise<number | null> {
    const exited = new Promise<number | null>((done) => this.child.once('exit', done));
    this.child.stdin?.end();
    return exited;
  }

  /** Whatever has become of it, nothing is left. */
  cleanUp(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.kill();
    rmSync(this.file, { force: true });
  }
}
