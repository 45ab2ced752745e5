/**
 * Edge and store as processes of the run's own, with relays between them and the app, so that the ways between them can
 * be parted. The product is started with their addresses, as if they were on machines of their own.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newToken } from '../../base/ids';
import type { FromChild, Roles } from '../../main/child-messages';
import { parseConfig } from '../../main/config';
import { edgeStart } from '../../main/supervisor';
import { freePort } from '../support/free-port';
import { Relay } from './relay';

const DIST = resolve(process.cwd(), 'dist');

/** One process, started again by whoever kills it. */
class OwnProcess<Name extends 'edge' | 'store'> {
  private child: ChildProcess | undefined;
  output = '';

  constructor(
    private readonly name: Name,
    private readonly config: Roles[Name]['start'],
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<Roles[Name]['ready']> {
    const child = fork(join(DIST, `${this.name}.js`), [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += String(data)));
    child.send({ type: 'start', config: this.config });
    const [message] = (await once(child, 'message')) as [FromChild<Name>];
    if (message.type !== 'ready') throw new Error(`the ${this.name} did not start: ${JSON.stringify(message)}`);
    return message.info;
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
    await this.start();
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

export class Outside {
  private readonly relays: Record<'control' | 'ws' | 'store', Relay>;
  private readonly secret = newToken();
  private edge: OwnProcess<'edge'> | undefined;
  private store: OwnProcess<'store'> | undefined;
  private env: Record<string, string> = {};

  private constructor(private readonly ports: Readonly<Record<'sip' | 'ws' | 'control' | 'store', number>>) {
    const { control, ws, store } = ports;
    this.relays = { control: new Relay(control), ws: new Relay(ws), store: new Relay(store) };
  }

  static async open(): Promise<Outside> {
    const [sip, ws, control, store] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const outside = new Outside({ sip, ws, control, store });
    for (const relay of Object.values(outside.relays)) await relay.listen();
    return outside;
  }

  /** More lines of the product's configuration. */
  get config(): string {
    return `drachtio: {webSocketPort: ${this.relays.ws.ownPort}}\n`;
  }

  /** Of the product; complete when they have started. */
  get environment(): Readonly<Record<string, string>> {
    return this.env;
  }

  get sipPort(): number {
    return this.ports.sip;
  }

  get output(): string {
    return `${this.edge?.output}${this.store?.output}`;
  }

  /** @param home the folder of the product's data. */
  async start(home: string, config: string): Promise<void> {
    const { sip, ws, control, store } = this.ports;
    const env = { SIP_PORT: String(sip), SWITCHROOM_HOME: home };
    const parsed = parseConfig({ path: 'faults', text: config, env });
    if (!parsed.ok) throw new Error(parsed.fault.message);
    mkdirSync(join(home, 'edge'), { recursive: true });
    const { logLevel, bindAddress, publicAddress } = parsed.value;
    const common = { logLevel, bindAddress, publicAddress };
    const last = { controlPort: control, wsPort: ws };
    this.edge = new OwnProcess('edge', edgeStart(parsed.value, { last, secret: this.secret }));
    this.store = new OwnProcess('store', { ...common, dataDir: join(home, 'store'), port: store });
    const [{ uri }] = await Promise.all([this.store.start(), this.edge.start()]);
    this.env = {
      ...{ SIP_PORT: String(sip), DRACHTIO_HOST: '127.0.0.1', DRACHTIO_SECRET: this.secret },
      DRACHTIO_PORT: String(this.relays.control.ownPort),
      MONGODB_URI: uri.replace(`:${store}`, `:${this.relays.store.ownPort}`),
    };
  }

  pidOf(name: 'edge' | 'store'): number | undefined {
    return this[name]?.pid;
  }

  async kill(name: 'edge' | 'store'): Promise<void> {
    await this[name]?.kill();
  }

  /** @param parted between the app and which of them. */
  part(parted: readonly ('edge' | 'store')[]): void {
    const { control, ws, store } = this.relays;
    for (const name of parted) for (const relay of name === 'edge' ? [control, ws] : [store]) relay.part();
  }

  /** @param forgets the connections that were parted are gone. */
  heal(forgets: boolean): void {
    for (const relay of Object.values(this.relays)) relay.heal(forgets);
  }

  /** After the product has ended. */
  async close(): Promise<void> {
    await Promise.all([this.edge?.end('SIGKILL'), this.store?.end('SIGKILL')]);
    await Promise.all(Object.values(this.relays).map((relay) => relay.close()));
  }
}
