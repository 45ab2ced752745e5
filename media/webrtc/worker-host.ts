/** One live mediasoup worker with what all its endpoints share: a WebRtcServer and the routers. */
import type { types } from 'mediasoup';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { MediasoupModule } from './load-mediasoup';
import { keyOf, routerCodecs } from './router-codecs';
import type { RouterNumbers } from './router-codecs';
import { spawnWorker } from './spawn-worker';

/** Packets between Node and a router pass through its one DirectTransport. */
export interface RouterHome {
  readonly router: types.Router;
  readonly direct: types.DirectTransport;
}

export interface WorkerHostOptions {
  readonly mediasoup: MediasoupModule;
  readonly bindAddress: string;
  /** What candidates show instead of the bind address. */
  readonly publicAddress?: string | undefined;
  /** One number for UDP and TCP; without it mediasoup picks free ones. */
  readonly port?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A worker that does not end by itself after being told to is killed. */
const CLOSE_PATIENCE_MS = 2_000;
/** Each browser's program numbers its codecs in one way or two; what is more is somebody's mischief. */
const MAX_ROUTERS = 64;
/** All browsers' packets come to one socket: 200 of them fill the usual buffer within 30 ms of a busy core. */
const RECEIVE_BUFFER_BYTES = 4 << 20;
/** A DirectTransport carries no data messages here. */
const NO_MESSAGES_BYTES = 1;

export class WorkerHost {
  private readonly routers = new Map<string, Promise<RouterHome>>();
  private readonly deathListeners = new Set<() => void>();
  private dead = false;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly worker: types.Worker,
    readonly webRtcServer: types.WebRtcServer,
    private readonly options: WorkerHostOptions,
  ) {
    worker.once('died', () => this.die());
  }

  /** Starts a worker and opens its ports. Rejects when either fails. */
  static async start(options: WorkerHostOptions): Promise<WorkerHost> {
    const worker = await spawnWorker(options.mediasoup);
    try {
      const listen = {
        ip: options.bindAddress,
        ...(options.publicAddress !== undefined && { announcedAddress: options.publicAddress }),
        ...(options.port !== undefined && { port: options.port }),
      };
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...listen, recvBufferSize: RECEIVE_BUFFER_BYTES },
          { protocol: 'tcp', ...listen },
        ],
      });
      options.log.info({ pid: worker.pid }, 'a mediasoup worker has started');
      return new WorkerHost(worker, webRtcServer, options);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  /** Process id of the worker. */
  get pid(): number {
    return this.worker.pid;
  }

  /** The router that numbers its codecs in this way; made when first asked for. Rejects when there are too many. */
  routerFor(numbers: RouterNumbers): Promise<RouterHome> {
    const key = keyOf(numbers);
    let home = this.routers.get(key);
    if (!home) {
      home = this.createRouter(numbers);
      this.routers.set(key, home);
      home.catch(() => this.routers.delete(key));
    }
    return home;
  }

  /** Calls `listener` when the worker dies by itself; at once if it is dead. Returns the function that unsubscribes. */
  onDeath(listener: () => void): () => void {
    if (this.dead) listener();
    else this.deathListeners.add(listener);
    return () => void this.deathListeners.delete(listener);
  }

  /** What the worker holds now, for tests and for looking at leaks. */
  async transportCount(): Promise<number> {
    const dump = await this.webRtcServer.dump();
    return dump.webRtcTransportIds.length;
  }

  /** Ends the worker and resolves when its process is gone; idempotent. */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async createRouter(numbers: RouterNumbers): Promise<RouterHome> {
    if (this.routers.size >= MAX_ROUTERS)
      throw new Error(`browsers have numbered their codecs in ${MAX_ROUTERS} ways already; no further one is carried`);
    const router = await this.worker.createRouter({ mediaCodecs: routerCodecs(numbers) });
    const direct = await router.createDirectTransport({ maxMessageSize: NO_MESSAGES_BYTES });
    return { router, direct };
  }

  private die(): void {
    this.dead = true;
    this.options.log.error({ pid: this.worker.pid }, 'a mediasoup worker has died');
    const listeners = [...this.deathListeners];
    this.deathListeners.clear();
    for (const listener of listeners) listener();
  }

  private async end(): Promise<void> {
    this.deathListeners.clear();
    if (this.dead || this.worker.subprocessClosed) return;
    await new Promise<void>((resolve) => {
      const patience = this.options.clock.after(CLOSE_PATIENCE_MS, () => process.kill(this.worker.pid, 'SIGKILL'));
      this.worker.once('subprocessclose', () => {
        patience.cancel();
        resolve();
      });
      this.worker.close();
    });
  }
}
