/** Kamailio as a carrier's proxy: what it does with a number is told by the test, what it saw is kept. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pause, until } from './wait';

export type Treatment =
  /** Goes there with the Request-URI as it came. */
  | { readonly kind: 'relay'; readonly to: string }
  /** Rings all of them at once. */
  | { readonly kind: 'fork'; readonly uris: readonly string[] }
  | { readonly kind: 'redirect'; readonly contacts: readonly string[] };

export interface KamailioOptions {
  readonly port: number;
  /** By the user of the Request-URI. */
  readonly numbers: Readonly<Record<string, Treatment>>;
}

/** A request that came by, before anything was done with it. */
export interface SeenRequest {
  readonly method: string;
  readonly sourcePort: number;
  readonly hasRoute: boolean;
}

const END_MS = 5_000;

const actionsOf = (treatment: Treatment): string[] => {
  switch (treatment.kind) {
    case 'relay':
      return [`$du = "sip:${treatment.to}";`, 't_relay();'];
    case 'fork':
      return [
        ...treatment.uris.map((uri, index) => (index === 0 ? `$ru = "${uri}";` : `append_branch("${uri}");`)),
        't_relay();',
      ];
    case 'redirect':
      return [
        ...treatment.contacts.map((contact) => `append_to_reply("Contact: ${contact}\\r\\n");`),
        't_newtran();',
        't_reply("302", "Moved Temporarily");',
      ];
  }
};

const configText = ({ port, numbers }: KamailioOptions): string =>
  [
    '#!KAMAILIO',
    ...['debug=0', 'log_stderror=yes', 'children=1', 'tcp_children=1', 'auto_aliases=no', 'dns=no', 'rev_dns=no'],
    ...['udp', 'tcp'].map((transport) => `listen=${transport}:127.0.0.1:${port}`),
    ...['tm', 'sl', 'rr', 'pv', 'corex', 'textops', 'siputils', 'xlog'].map((name) => `loadmodule "${name}.so"`),
    'request_route {',
    'xlog("L_ERR", "SEEN $rm $sp $hdr(Route)\\n");',
    'if (is_method("OPTIONS") && !has_totag()) { sl_send_reply("200", "OK"); exit; }',
    'if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }',
    'if (has_totag()) {',
    '  if (loose_route()) { t_relay(); exit; }',
    '  if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }',
    '  sl_send_reply("481", "Not Here"); exit;',
    '}',
    't_check_trans();',
    'remove_hf("Route");',
    'record_route();',
    ...Object.entries(numbers).map(([user, to]) => `if ($rU == "${user}") { ${actionsOf(to).join(' ')} exit; }`),
    'sl_send_reply("404", "Not Found");',
    '}',
    '',
  ].join('\n');

export class Kamailio {
  private log = '';
  private closing: Promise<void> | undefined;

  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.log += data.toString('utf8')));
    }
  }

  /** Resolves when it answers. @throws with its log when it does not. */
  static async start(options: KamailioOptions): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'kamailio-'));
    const config = join(folder, 'kamailio.cfg');
    await writeFile(config, configText(options));
    const args = ['-DD', '-E', '-f', config, '-m', '16', '-M', '4', '-w', folder, '-Y', folder];
    // Debian keeps it in /usr/sbin, which is not in everybody's PATH.
    const PATH = [process.env['PATH'], '/usr/sbin'].join(delimiter);
    const child = spawn('kamailio', args, { env: { ...process.env, PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
    const kamailio = new Kamailio(options.port, child, folder);
    child.on('error', ({ message }) => (kamailio.log += message));
    try {
      await until('Kamailio answers OPTIONS', () => kamailio.answers(), 10_000);
    } catch (error) {
      await kamailio.close();
      throw new Error(`Kamailio did not start: ${kamailio.log}`, { cause: error });
    }
    return kamailio;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Requests in the order of their arrival, but OPTIONS. */
  get seen(): SeenRequest[] {
    const lines = [...this.log.matchAll(/SEEN (\S+) (\d+) (.*)/g)];
    return lines
      .map(([, method = '', port, route]) => ({ method, sourcePort: Number(port), hasRoute: route !== '<null>' }))
      .filter(({ method }) => method !== 'OPTIONS');
  }

  /** Ends it and its children. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      const patience = setTimeout(() => child.kill('SIGKILL'), END_MS);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(patience);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}`);
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const answered = once(socket, 'message').then(() => true);
    const options = [
      `OPTIONS sip:${this.address} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bKready`,
      'From: <sip:test@127.0.0.1>;tag=1',
      `To: <sip:${this.address}>`,
      'Call-ID: ready',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 1',
      'Content-Length: 0',
    ];
    socket.send(`${options.join('\r\n')}\r\n\r\n`, this.port, '127.0.0.1');
    const result = await Promise.race([answered, pause(100).then(() => false)]);
    socket.close();
    return result;
  }
}
