/** `npm run media` on a machine of its own, as far as loopback is one; its certificates are the tests' own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestAuthority } from './certificates';
import { freePort } from './free-port';
import { descendantsOf } from './process-tree';
import { until } from './wait';

const ROOT = resolve(__dirname, '../..');
const RTP_PORTS_OF_HOST = 100;

export class MediaHost {
  private readonly authority = new TestAuthority();
  private readonly folder = mkdtempSync(join(tmpdir(), 'switchroom-media-host-'));
  private child: ChildProcess | undefined;
  private port = 0;
  private text = '';
  private silent: readonly number[] = [];

  constructor(readonly name: string) {
    for (const side of ['app', 'media']) this.authority.issue(side);
  }

  /** What the app's configuration says about it. */
  async config(): Promise<string> {
    this.port ||= await freePort();
    const host = `{ name: ${this.name}, address: 127.0.0.1, port: ${this.port} }`;
    return `media: { processes: 1, hosts: [${host}], tls: ${this.tls('app')} }\n`;
  }

  /** Starts it, as a service manager would; resolves when it is ready. @param home the folder that both sides see. */
  async start(home: string): Promise<void> {
    const file = join(this.folder, 'switchroom.config.yaml');
    const listen = `{ address: 127.0.0.1, port: ${this.port} }`;
    writeFileSync(file, `media: { listen: ${listen}, tls: ${this.tls('media')} }\n`);
    const firstRtp = 44_000 + RTP_PORTS_OF_HOST * (process.pid % 50);
    this.text = '';
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'media-host.js')], {
      env: {
        ...process.env,
        SWITCHROOM_CONFIG: file,
        SWITCHROOM_HOME: home,
        RTP_PORTS: `${firstRtp}-${firstRtp + RTP_PORTS_OF_HOST - 1}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (this.text += data.toString('utf8')));
    await until(
      'the media host to be ready',
      () => {
        if (child.exitCode !== null) throw new Error(`the media host ended at its start:\n${this.text}`);
        return this.text.includes('Media is ready at');
      },
      20_000,
    );
  }

  /** As when its machine or its network is gone: nothing comes from it any more, neither a word nor the end of one. */
  fallSilent(): void {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the media host has not started');
    this.silent = [pid, ...descendantsOf(pid)];
    for (const one of this.silent) process.kill(one, 'SIGSTOP');
  }

  /** Resolves when the process has ended, silent or not. */
  async signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    for (const pid of this.silent) process.kill(pid, 'SIGCONT');
    this.silent = [];
    await gone;
  }

  async close(): Promise<void> {
    await this.signal('SIGINT');
    this.authority.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tls(side: string): string {
    const file = (name: string): string => this.authority.file(name);
    return `{ certificate: ${file(`${side}.pem`)}, key: ${file(`${side}.key`)}, ca: ${file('ca.pem')} }`;
  }
}
