/** The product as a user starts it: `npm start`, with ports and a data folder of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InteractionPage, InteractionView, LoginReply } from '../../api/contract/rest';
import { freePort } from './free-port';
import { killProcessOf, processOf } from './process-tree';
import type { ProductProcess } from './process-tree';
import { until } from './wait';

const ROOT = resolve(__dirname, '../..');
export const PASSWORD = 'correct horse battery';
/** On a machine that is set up; a first start may take far longer. */
const START_TIMEOUT_MS = 90_000;
const RTP_PORTS_PER_PRODUCT = 200;
/** Above the ports of `freePort`, below those that the system gives away (from 32768). */
const FIRST_RTP_PORT = 20_000;
const RTP_RANGES = 60;

export interface ProductOptions {
  /** More lines for `switchroom.config.yaml`. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the folder of its data before it starts. */
  readonly prepare?: (home: string) => Promise<void>;
  /** The product is ended after so long, whatever the test does. Default 10 minutes. */
  readonly lifetimeMs?: number;
}

/** Resolves with the reply's JSON. @throws Error with the status when it is refused. */
export type ApiCall = <Reply = unknown>(method: string, path: string, body?: unknown) => Promise<Reply>;

type ApiRequest = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };

const requestOf = (method: string, body: unknown): ApiRequest =>
  body === undefined
    ? { method }
    : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };

/** The log lines in a text, of which the last may be unfinished. */
const linesIn = (text: string): Record<string, unknown>[] =>
  text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const replyOf = async <Reply>(response: Response, what: string): Promise<Reply> => {
  const text = await response.text();
  if (!response.ok) throw new Error(`${what}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Reply;
};

export class Product {
  private text = '';
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
    readonly ports: { readonly http: number; readonly sip: number },
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.text += data.toString('utf8')));
    }
  }

  static async start(options: ProductOptions = {}): Promise<Product> {
    const folder = await mkdtemp(join(tmpdir(), 'switchroom-product-'));
    const ports = { http: await freePort(), sip: await freePort() };
    // Of each test process its own: products run side by side.
    const firstRtp = FIRST_RTP_PORT + RTP_PORTS_PER_PRODUCT * (process.pid % RTP_RANGES);
    await writeFile(join(folder, 'switchroom.config.yaml'), options.config ?? '');
    await options.prepare?.(join(folder, 'data'));
    const child = spawn('npm', ['start'], {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        SWITCHROOM_CONFIG: join(folder, 'switchroom.config.yaml'),
        SWITCHROOM_HOME: join(folder, 'data'),
        SWITCHROOM_BOOTSTRAP_PASSWORD: PASSWORD,
        HTTP_PORT: String(ports.http),
        SIP_PORT: String(ports.sip),
        RTP_PORTS: `${firstRtp}-${firstRtp + RTP_PORTS_PER_PRODUCT - 1}`,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const product = new Product(child, folder, ports);
    const bound = setTimeout(() => void product.stop(), options.lifetimeMs ?? 600_000);
    bound.unref();
    await product.untilReady();
    return product;
  }

  /** Of `npm start`; the product's processes descend from it. */
  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the product has not started');
    return this.child.pid;
  }

  /** The folder of its data. */
  get home(): string {
    return join(this.folder, 'data');
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  /** Everything it has written to standard output and standard error. */
  get output(): string {
    return this.text;
  }

  /** The log lines of all processes, parsed. */
  get log(): Record<string, unknown>[] {
    return linesIn(this.text);
  }

  /** The mediasoup worker of now, from the log of its media process. */
  mediaWorkerPid(name: string): number {
    const line = this.log.findLast((one) => one.msg === 'a mediasoup worker has started' && one.name === name);
    if (typeof line?.pid !== 'number') throw new Error('the log names no mediasoup worker');
    return line.pid;
  }

  /** Ctrl-C, as a user would; removes the data folder. Idempotent. */
  stop(): Promise<void> {
    this.stopping ??= (async () => {
      if (this.child.exitCode === null && this.child.signalCode === null) {
        const gone = new Promise((done) => this.child.once('exit', done));
        this.child.kill('SIGINT');
        await gone;
      }
      await rm(this.folder, { recursive: true, force: true });
    })();
    return this.stopping;
  }

  /** Kills a process as a crash would; resolves when the supervisor has another one. */
  async crash(role: ProductProcess, timeoutMs = 30_000): Promise<void> {
    // Of a long run there is much to read before it.
    const from = this.text.lastIndexOf('\n') + 1;
    const before = killProcessOf(this.pid, role);
    const isBack = (line: Record<string, unknown>): boolean => line.msg === 'a process is back' && line.role === role;
    await until(`the ${role} process to be back`, () => linesIn(this.text.slice(from)).some(isBack), timeoutMs);
    const now = processOf(this.pid, role);
    if (now === undefined || now === before) throw new Error(`the ${role} process was ${before} and is ${now}`);
  }

  async signIn(userName: string): Promise<LoginReply> {
    const response = await fetch(`${this.url}/api/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`sign-in of ${userName}: ${response.status} ${await response.text()}`);
    return (await response.json()) as LoginReply;
  }

  /** The history as the supervisor sees it, newest first. */
  async history(): Promise<InteractionView[]> {
    const page = (await (await this.get('/api/v1/interactions')).json()) as InteractionPage;
    return page.items;
  }

  /** All interactions of the caller or called party with this number, newest first. */
  async historyOf(number: string): Promise<InteractionView[]> {
    const query = new URLSearchParams({ number: number.replace('+', '') });
    return ((await (await this.get(`/api/v1/interactions?${query}`)).json()) as InteractionPage).items;
  }

  /** The newest interaction that is over; waits for it. */
  endedInteraction(matches: (interaction: InteractionView) => boolean = () => true): Promise<InteractionView> {
    return until(
      'an ended interaction in the history',
      async () => (await this.history()).find((item) => item.endedAtMs !== undefined && matches(item)),
      30_000,
    );
  }

  /** The ended interaction of the caller with this number; waits for it. */
  interactionFrom(number: string): Promise<InteractionView> {
    return this.endedInteraction(({ caller }) => caller.number === number);
  }

  /** What the supervisor reads. */
  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.askAs('super1', path, { headers });
  }

  /** What the administrator does by the API, below `/api/v1`. */
  readonly admin: ApiCall = async <Reply>(method: string, path: string, body?: unknown) =>
    replyOf<Reply>(await this.askAs('admin', `/api/v1${path}`, requestOf(method, body)), `${method} ${path}`);

  /** What another system does with an API key. */
  withKey(key: string): ApiCall {
    return async <Reply>(method: string, path: string, body?: unknown) =>
      replyOf<Reply>(await this.ask(key, `/api/v1${path}`, requestOf(method, body)), `${method} ${path}`);
  }

  /** A new password of a desk phone: the one that is set has blanks, which baresip's accounts cannot have. */
  async newPhonePassword(extension: string): Promise<string> {
    return (await this.admin<{ password: string }>('POST', `/phones/${extension}/password`)).password;
  }

  private readonly tokens = new Map<string, string>();

  /** Signs in, and again when the session is over. */
  private async askAs(userName: string, path: string, request: ApiRequest): Promise<Response> {
    const known = this.tokens.get(userName);
    const response = known === undefined ? undefined : await this.ask(known, path, request);
    if (response && response.status !== 401) return response;
    const { token } = await this.signIn(userName);
    this.tokens.set(userName, token);
    return this.ask(token, path, request);
  }

  private ask(token: string, path: string, { headers, ...request }: ApiRequest): Promise<Response> {
    return fetch(this.url + path, { ...request, headers: { authorization: `Bearer ${token}`, ...headers } });
  }

  private async untilReady(): Promise<void> {
    await until(
      'the product to be ready',
      () => {
        if (this.child.exitCode !== null) throw new Error(`the product ended at its start:\n${this.text}`);
        return this.text.includes('Switchroom is ready.');
      },
      START_TIMEOUT_MS,
    ).catch(async (error: unknown) => {
      await this.stop();
      throw new Error(`${String(error)}\n${this.text}`);
    });
  }
}
