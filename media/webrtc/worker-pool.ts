/**
 * Keeps one mediasoup worker alive. A worker that dies is replaced at once; one that dies again and again is replaced
 * after growing pauses, so that a broken machine is not kept busy with starting processes.
 *
 *   running ──died──► replacing ──started──► running
 *      └──────close()────► closed ◄────close()───┘
 */
import { SwitchroomError, messageOf } from '../../base/errors';
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { Timer } from '../../base/clock';
import { loadMediasoup } from './load-mediasoup';
import { WarningLimiter } from './warning-limiter';
import { WorkerHost } from './worker-host';
import type { WorkerHostOptions } from './worker-host';

export interface WorkerPoolOptions extends Omit<WorkerHostOptions, 'mediasoup'> {
  /** Path of the worker's binary. */
  readonly workerBin?: string | undefined;
}

type PoolState =
  | { readonly kind: 'running'; readonly host: WorkerHost; readonly sinceMs: number }
  | { readonly kind: 'replacing' }
  | { readonly kind: 'closed' };

/** A worker that lived so long was sound: its death does not count against the next. */
const SOUND_LIFE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Who asks for a worker during a replacement waits so long. */
const HOST_PATIENCE_MS = 3_000;

export class WorkerPool {
  private state: PoolState = { kind: 'replacing' };
  private earlyDeaths = 0;
  private pause: Timer | undefined;
  private starting: Promise<void> | undefined;
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly options: WorkerHostOptions,
    private readonly warnings: WarningLimiter,
  ) {}

  /** Throws `unavailable` when the first worker does not start, naming why. */
  static async start({ workerBin, ...options }: WorkerPoolOptions): Promise<WorkerPool> {
    const warnings = new WarningLimiter(options);
    const mediasoup = await loadMediasoup(workerBin, { log: options.log, warnings });
    const pool = new WorkerPool({ ...options, mediasoup }, warnings);
    try {
      pool.run(await WorkerHost.start(pool.options));
      return pool;
    } catch (error) {
      warnings.close();
      const where = `${options.bindAddress}${options.port === undefined ? '' : ` port ${options.port}`}`;
      const message = `the mediasoup worker ${mediasoup.workerBin} does not start on ${where}: ${messageOf(error)}`;
      throw new SwitchroomError('unavailable', message, { cause: error });
    }
  }

  /** Process ids of the live workers. */
  get pids(): number[] {
    return this.state.kind === 'running' ? [this.state.host.pid] : [];
  }

  /** A live worker; waits a little while one is being replaced. Fails with `unavailable` or `closed`. */
  async host(): Promise<Result<WorkerHost>> {
    if (this.state.kind === 'replacing') await this.stateChange();
    switch (this.state.kind) {
      case 'running':
        return ok(this.state.host);
      case 'replacing':
        return fail('unavailable', 'the mediasoup worker has died and is not back yet');
      case 'closed':
        return fail('closed', 'the browser legs of this media process are closed');
    }
  }

  /** Ends the worker; idempotent. */
  async close(): Promise<void> {
    const { state } = this;
    this.change({ kind: 'closed' });
    this.pause?.cancel();
    if (state.kind === 'running') await state.host.close();
    await this.starting;
    this.warnings.close();
  }

  private run(host: WorkerHost): void {
    this.change({ kind: 'running', host, sinceMs: this.options.clock.monotonicMs() });
    host.onDeath(() => this.replace());
  }

  private replace(): void {
    if (this.state.kind !== 'running') return;
    const livedMs = this.options.clock.monotonicMs() - this.state.sinceMs;
    this.earlyDeaths = livedMs < SOUND_LIFE_MS ? this.earlyDeaths + 1 : 0;
    this.change({ kind: 'replacing' });
    this.startLater();
  }

  private startLater(): void {
    // The first early death is replaced without a pause, each further one after twice as long.
    const pauseMs = this.earlyDeaths < 2 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.earlyDeaths - 2));
    const start = (): void => {
      this.starting = this.startAgain();
    };
    if (pauseMs === 0) start();
    else this.pause = this.options.clock.after(pauseMs, start);
  }

  private async startAgain(): Promise<void> {
    try {
      const host = await WorkerHost.start(this.options);
      if (this.state.kind === 'closed') await host.close();
      else this.run(host);
    } catch (error) {
      this.options.log.error({ err: error }, 'the mediasoup worker cannot be replaced yet');
      this.earlyDeaths += 1;
      if (this.state.kind !== 'closed') this.startLater();
    }
  }

  private change(state: PoolState): void {
    this.state = state;
    for (const wake of [...this.waiting]) wake();
  }

  private stateChange(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        patience.cancel();
        this.waiting.delete(wake);
        resolve();
      };
      const patience = this.options.clock.after(HOST_PATIENCE_MS, wake);
      this.waiting.add(wake);
    });
  }
}
