/** Runs SIPp with one of our scenarios, and reads what it counts while it runs. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pause } from '../../../support/wait';
import { pinned } from '../cores';

/** What SIPp has counted so far, at the end of one of its seconds. */
export interface SippCounts {
  readonly elapsedS: number;
  readonly created: number;
  readonly current: number;
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** What the scenario counts by itself, if it does. */
  readonly counter1: number;
  readonly counter2: number;
}

export interface SippOptions {
  /** A file of test/bench/sipp, without `.xml`. */
  readonly scenario: string;
  /** Names the files that SIPp writes. */
  readonly name: string;
  readonly folder: string;
  readonly core: number | undefined;
  readonly port: number;
  /** Whether a line for each message is written, see {@link SippRun.messageLog}. */
  readonly logMessages?: boolean;
  readonly args: readonly string[];
}

const NOTHING: SippCounts = {
  elapsedS: 0,
  created: 0,
  current: 0,
  successful: 0,
  failed: 0,
  retransmissions: 0,
  counter1: 0,
  counter2: 0,
};

export class SippRun {
  readonly ended: Promise<number>;
  private readonly child: ChildProcess;
  private output = '';

  constructor(private readonly options: SippOptions) {
    const { scenario, port, core, args, logMessages } = options;
    const log = logMessages ? ['-trace_shortmsg', '-shortmessage_file', this.messageLog] : [];
    const [command, argv] = pinned(core, [
      ...['sipp', '-sf', resolve('test/bench/sipp', `${scenario}.xml`), '-i', '127.0.0.1', '-p', String(port)],
      ...['-t', 'u1', '-nostdin', '-timer_resol', '1'],
      ...['-trace_stat', '-stf', this.statFile, '-fd', '1'],
      ...['-trace_err', '-error_file', this.file('errors'), ...log, ...args],
    ]);
    this.child = spawn(command, argv, { cwd: options.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-2_000)));
    this.ended = new Promise((done) => {
      this.child.once('error', (error) => {
        this.output += error.message;
        done(-1);
      });
      this.child.once('exit', (code) => done(code ?? -1));
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  /** A line for each message, as `timesInMessageLog` reads it. */
  get messageLog(): string {
    return this.file('messages');
  }

  /** One entry for each second so far. */
  history(): SippCounts[] {
    return existsSync(this.statFile) ? parseCounts(readFileSync(this.statFile, 'utf8')) : [];
  }

  counts(): SippCounts {
    return this.history().at(-1) ?? NOTHING;
  }

  /** What SIPp has to say about what went wrong. */
  complaint(): string {
    const errors = existsSync(this.file('errors')) ? readFileSync(this.file('errors'), 'utf8') : '';
    return `${this.output}${errors}`.slice(0, 1_500);
  }

  /** Ends SIPp, with whatever calls it still has. */
  async stop(): Promise<void> {
    if (this.running) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Calls `look` with the counts of each second, until SIPp ends or `look` returns false, which ends it. */
  async watch(look: (counts: SippCounts) => boolean): Promise<void> {
    while (this.running) {
      await Promise.race([this.ended, pause(1_000)]);
      if (!look(this.counts())) return this.stop();
    }
  }

  private get statFile(): string {
    return this.file('counts');
  }

  private file(what: string): string {
    return join(this.options.folder, `${this.options.name}-${what}.csv`);
  }
}

/** Reads SIPp's statistics: a line of names, then a line for each second, separated by semicolons. */
export const parseCounts = (text: string): SippCounts[] => {
  const [head = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const names = head.split(';');
  return lines.flatMap((line) => {
    const fields = line.split(';');
    // The last line may still be on its way into the file.
    if (fields.length < names.length) return [];
    const field = (name: string): string => fields[names.indexOf(name)] ?? '';
    return [
      {
        elapsedS: secondsOf(field('ElapsedTime(C)')),
        created: Number(field('TotalCallCreated')),
        current: Number(field('CurrentCall')),
        successful: Number(field('SuccessfulCall(C)')),
        failed: Number(field('FailedCall(C)')),
        retransmissions: Number(field('Retransmissions(C)')),
        counter1: Number(field('GenericCounter1(C)')),
        counter2: Number(field('GenericCounter2(C)')),
      },
    ];
  });
};

/** `00:01:30` and `00:01:30:000000` are 90. */
const secondsOf = (time: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3_600 + minutes * 60 + seconds;
};
