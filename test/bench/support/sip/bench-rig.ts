/** A system under test with SIPp at both of its ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../support/free-port';
import { pause } from '../../../support/wait';
import { B2BUA_ROLE } from './b2bua-app';
import { twoCores } from '../cores';
import type { SippCounts } from './sipp';
import { SippRun } from './sipp';
import { SystemUnderTest } from './system-under-test';

export interface CallLoad {
  /** Names the files. */
  readonly name: string;
  readonly callsPerSecond: number;
  readonly calls: number;
  /** From the ACK to the BYE. */
  readonly holdMs: number;
  /** Default: `caller`. */
  readonly scenario?: string;
  /** Default: the rig's. */
  readonly port?: number;
  readonly logMessages?: boolean;
  /** No run takes longer; default: three times what it should. */
  readonly timeoutS?: number;
}

export interface RigOptions {
  /** Whether the app says its name, as the product's does: the edge writes its dialogs to a file then. */
  readonly journal?: boolean | undefined;
  readonly profileFolder?: string | undefined;
  /** Whether SIPp writes a line for each message. */
  readonly logMessages?: boolean;
}

/** SIPp may open so many calls at once, whatever the load. */
const MAX_CALLS = 100_000;
const CALLEE_START_MS = 300;

export class BenchRig {
  /** Of the latest calls. */
  lastMessageLog = '';
  private runs = 0;

  private constructor(
    readonly system: SystemUnderTest,
    readonly callee: SippRun,
    readonly ports: { readonly caller: number; readonly callee: number },
    readonly folder: string,
    private readonly options: RigOptions,
  ) {}

  static async start(options: RigOptions = {}): Promise<BenchRig> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-sip-'));
    const cores = twoCores();
    const ports = { caller: await freePort(), callee: await freePort() };
    const callee = new SippRun({
      ...{ scenario: 'callee', name: 'callee', folder, core: cores?.load, port: ports.callee },
      logMessages: options.logMessages === true,
      args: [],
    });
    await pause(CALLEE_START_MS);
    if (!callee.running) throw new Error(`SIPp does not run (is it installed?): ${callee.complaint()}`);
    try {
      const { profileFolder } = options;
      const system = await SystemUnderTest.start({
        core: cores?.measured,
        app: {
          role: B2BUA_ROLE,
          config: { callee: `127.0.0.1:${ports.callee}`, appName: options.journal ? 'bench' : undefined },
        },
        profileFolder,
      });
      return new BenchRig(system, callee, ports, folder, options);
    } catch (error) {
      await callee.stop();
      throw error;
    }
  }

  /** Begins to place calls. */
  call(load: CallLoad): SippRun {
    const { host, port } = this.system.sip;
    this.runs += 1;
    const shouldTakeS = load.calls / load.callsPerSecond + load.holdMs / 1_000;
    const timeoutS = load.timeoutS ?? Math.ceil(3 * shouldTakeS + 10);
    const run = new SippRun({
      ...{ scenario: load.scenario ?? 'caller', name: `caller-${this.runs}-${load.name}`, folder: this.folder },
      port: load.port ?? this.ports.caller,
      core: twoCores()?.load,
      logMessages: load.logMessages ?? this.options.logMessages === true,
      args: [
        ...['-r', String(load.callsPerSecond), '-m', String(load.calls), '-d', String(load.holdMs)],
        ...['-l', String(MAX_CALLS), '-timeout', String(timeoutS), `${host}:${port}`],
      ],
    });
    this.lastMessageLog = run.messageLog;
    return run;
  }

  /** Places calls until all have ended; counter 1 is of those that were accepted. @throws when most were not. */
  async warmUp(load: CallLoad): Promise<SippCounts> {
    const run = this.call({ ...load, scenario: 'refusable-caller' });
    await run.ended;
    const counts = run.counts();
    if (counts.counter1 < load.calls / 2) {
      throw new Error(`${load.name}: ${counts.counter1} of ${load.calls} calls: ${run.complaint()}`);
    }
    return counts;
  }

  async stop(): Promise<void> {
    await Promise.all([this.system.stop(), this.callee.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
