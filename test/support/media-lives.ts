/** Media processes, and an app that uses them and may be killed: each in a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { systemClock as clock } from '../../base/clock';
import { newToken } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { MediaClient } from '../../media/client';
import type { AppLife } from '../../media/keeping/terms';
import { MediaPool } from '../../media/pool/pool';
import type { MediaEvent, MediaPort } from '../../media/ports';
import { SOUNDS } from './media-bench';
import { findMediasoupWorker } from './mediasoup-worker';
import { until } from './wait';

const ROOT = join(__dirname, '../..');
const FIRST_PORT = 43_500;
const PORTS_EACH = 40;
const log = silentLogger();

/** A pool in another process. */
export interface AppProcess {
  readonly pool: MediaPort;
  readonly events: readonly MediaEvent[];
  /** kill -9. */
  kill(): Promise<void>;
}

export class MediaLives {
  readonly folder = mkdtempSync(join(tmpdir(), 'switchroom-lives-'));
  readonly recordingsDir = join(this.folder, 'recordings');
  private readonly programs: Readonly<Record<'media' | 'app', string>>;
  private readonly media = new Map<string, ChildProcess>();
  private readonly apps: ChildProcess[] = [];
  private readonly pools: MediaPool[] = [];

  /** @param keepMs how long each process keeps what an app that was killed had open. */
  constructor(private readonly keepMs: Readonly<Record<string, number>>) {
    const built = (name: string): string => {
      const outfile = join(ROOT, '.cache', `${name}-${process.pid}.cjs`);
      const entryPoints = [join(ROOT, 'test/support', `${name}.ts`)];
      buildSync({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile, packages: 'external' });
      return outfile;
    };
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    this.programs = { media: built('media-program'), app: built('media-app-program') };
  }

  async start(): Promise<void> {
    await Promise.all(Object.keys(this.keepMs).map((name) => this.startMedia(name)));
  }

  async startMedia(name: string): Promise<void> {
    const index = Object.keys(this.keepMs).indexOf(name);
    const firstPort = FIRST_PORT + index * PORTS_EACH;
    const args = [this.folder, this.socketPath(name), SOUNDS, findMediasoupWorker(), firstPort, this.keepMs[name] ?? 0];
    const child = spawn(process.execPath, [this.programs.media, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.media.set(name, child);
    let ready = false;
    child.stdout.on('data', () => (ready = true));
    await until(`${name} to be ready`, () => ready, 60_000);
  }

  async killMedia(name: string): Promise<void> {
    await killed(this.media.get(name));
  }

  /** @param names of the processes that it uses. */
  async startApp(appId: string, names: readonly string[]): Promise<AppProcess> {
    const sockets = names.flatMap((name) => [name, this.socketPath(name)]);
    const args = [this.programs.app, appId, newToken(), ...sockets];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.apps.push(child);
    const events: MediaEvent[] = [];
    const asked = new Map<number, (result: unknown) => void>();
    let ready = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { event?: MediaEvent; id?: number; result?: unknown; ready?: true };
      if (said.ready) ready = true;
      if (said.event) events.push(said.event);
      if (said.id !== undefined) asked.get(said.id)?.(said.result);
    });
    await until('the app to be ready', () => ready, 60_000);
    const ask = (method: string, params: unknown[]): Promise<unknown> => {
      const id = asked.size;
      const answer = new Promise((resolve) => void asked.set(id, resolve));
      child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
      return answer;
    };
    const pool = new Proxy({} as MediaPort, {
      get:
        (_target, method: string) =>
        (...params: unknown[]) =>
          ask(method, params),
    });
    return { pool, events, kill: () => killed(child) };
  }

  /** A later start of an app, in this process. */
  openPool(
    app: AppLife,
    { names, secret = 'for this test' }: { readonly names: readonly string[]; readonly secret?: string },
  ): MediaPool {
    const processes = names.map((name) => ({
      name,
      port: new MediaClient({ address: { socketPath: this.socketPath(name) }, secret, app, clock, log }),
    }));
    const pool = new MediaPool({ processes, clock, log });
    this.pools.push(pool);
    return pool;
  }

  /** Ends all apps; what they had open is closed. */
  async endApps(): Promise<void> {
    for (const pool of this.pools.splice(0)) pool.close();
    await Promise.all(this.apps.splice(0).map(killed));
  }

  async close(): Promise<void> {
    await this.endApps();
    await Promise.all([...this.media.values()].map(killed));
    for (const program of Object.values(this.programs)) rmSync(program, { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private socketPath(name: string): string {
    return join(this.folder, `${name}.sock`);
  }
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => void child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
