/**
 * What is measured: the edge process as the supervisor starts it and a drachtio-srf app, both on one core; or, with
 * DRACHTIO_HOST set, the drachtio-server there (DRACHTIO_PORT, DRACHTIO_SECRET, DRACHTIO_SIP_PORT; DRACHTIO_PID when it
 * runs on this machine and its time is to be measured).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EdgeStart } from '../../../../main/child-messages';
import { parseConfig } from '../../../../main/config';
import { edgeStart } from '../../../../main/supervisor';
import { freePort } from '../../../support/free-port';
import type { ServerAddress } from '../../../../signaling/gateway/server-connection';
import { NodeChild } from '../node-child';
import { cpuMsOf } from '../process-time';

export interface SystemOptions {
  readonly core: number | undefined;
  /** What the app's process runs, by its word on the command line, and what it is told beside the way to the server. */
  readonly app: { readonly role: string; readonly config: object };
  readonly profileFolder?: string | undefined;
}

/** The edge, and the data folder that it was given. */
interface EdgeServer {
  readonly child: NodeChild;
  readonly home: string;
}

interface OtherServer {
  readonly pid: number | undefined;
}

const SECRET = 'benchmark';

export class SystemUnderTest {
  private constructor(
    readonly sip: { readonly host: string; readonly port: number },
    readonly app: NodeChild,
    private readonly server: EdgeServer | OtherServer,
  ) {}

  /** Undefined for a drachtio-server. */
  get edge(): NodeChild | undefined {
    return 'child' in this.server ? this.server.child : undefined;
  }

  static async start(options: SystemOptions): Promise<SystemUnderTest> {
    const { DRACHTIO_HOST: host, DRACHTIO_PORT, DRACHTIO_SECRET, DRACHTIO_SIP_PORT, DRACHTIO_PID } = process.env;
    if (host !== undefined) {
      const app = await startApp(options, {
        ...{ host, port: Number(DRACHTIO_PORT ?? 9022), secret: DRACHTIO_SECRET ?? 'cymru' },
      });
      const pid = DRACHTIO_PID === undefined ? undefined : Number(DRACHTIO_PID);
      return new SystemUnderTest({ host, port: Number(DRACHTIO_SIP_PORT ?? 5060) }, app, { pid });
    }
    const home = mkdtempSync(join(tmpdir(), 'bench-home-'));
    const config = await edgeConfig(home);
    const edge = await NodeChild.start({ ...options, argv: [join(__dirname, '../edge.js')] }, config);
    const control = { host: '127.0.0.1', port: config.controlPort, secret: SECRET };
    try {
      const app = await startApp(options, control);
      return new SystemUnderTest({ host: '127.0.0.1', port: config.sipPort }, app, { child: edge, home });
    } catch (error) {
      await edge.stop();
      rmSync(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** What the processes have used so far; NaN for a server that cannot be seen. */
  cpuMs(): { readonly edge: number; readonly app: number } {
    const { server, app } = this;
    const edge = 'child' in server ? server.child.pid : server.pid;
    return { edge: cpuMsOf(edge) ?? NaN, app: cpuMsOf(app.pid) ?? NaN };
  }

  async stop(): Promise<void> {
    await this.app.stop();
    if (!('child' in this.server)) return;
    await this.server.child.stop();
    rmSync(this.server.home, { recursive: true, force: true });
  }
}

/** What the supervisor tells the edge, with ports that are free. */
const edgeConfig = async (home: string): Promise<EdgeStart> => {
  const config = parseConfig({ path: 'defaults', text: '', env: { SWITCHROOM_HOME: home } });
  if (!config.ok) throw new Error(config.fault.message);
  return {
    ...edgeStart(config.value, { last: undefined, secret: SECRET }),
    bindAddress: '127.0.0.1',
    sipPort: await freePort(),
    controlPort: await freePort(),
    wsPort: await freePort(),
  };
};

const startApp = (options: SystemOptions, server: ServerAddress): Promise<NodeChild> =>
  NodeChild.start(
    { ...options, argv: [process.argv[1] ?? '', options.app.role] },
    { ...server, ...options.app.config },
  );
