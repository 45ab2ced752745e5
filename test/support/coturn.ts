/** coturn on loopback, as docs/nat.md says how to run it, with what loopback needs besides. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { until } from './wait';

export class Coturn {
  private child: ChildProcess | undefined;
  private log = '';

  private constructor(
    readonly port: number,
    private readonly secret: string,
    private readonly folder: string,
  ) {}

  static async prepare(secret: string): Promise<Coturn> {
    return new Coturn(await freePort(), secret, await mkdtemp(join(tmpdir(), 'switchroom-coturn-')));
  }

  get url(): string {
    return `turn:127.0.0.1:${this.port}?transport=udp`;
  }

  /** What it has written, such as which users have got a relay. */
  get output(): string {
    return this.log;
  }

  async start(): Promise<void> {
    const args = [
      ...['-n', '--use-auth-secret', `--static-auth-secret=${this.secret}`, '--realm=switchroom.test', '--fingerprint'],
      ...['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${this.port}`],
      ...['--min-port=49200', '--max-port=49299', '--no-tls', '--no-dtls', '--no-cli', '--allow-loopback-peers'],
      ...['--no-multicast-peers', '--log-file=stdout', '--verbose', `--pidfile=${join(this.folder, 'pid')}`],
      `--userdb=${join(this.folder, 'db')}`,
    ];
    this.log = '';
    const child = spawn('turnserver', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (this.log = (this.log + String(data)).slice(-200_000)));
    this.child = child;
    await until(`coturn; it said ${this.log}`, () => /UDP listener opened on: 127\.0\.0\.1/.test(this.log), 30_000);
  }

  /** As a crash would: whoever is relayed has lost the way. Idempotent. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
