/** The supervisor's side of one child process: start it, wait until it is ready, restart it when it dies. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Clock, Timer } from '../base/clock';
import { SwitchroomError } from '../base/errors';
import type { Logger } from '../base/log';
import type { FromChild, Role, Roles, SampleAccount, ToChild } from './child-messages';

/** A process that dies again and again is restarted ever more slowly, up to this. */
const MAX_RESTART_DELAY_MS = 5000;
/** One that lived this long has recovered: the next restart is immediate. */
const STABLE_AFTER_MS = 30_000;
/** A process that does not stop by itself is ended after this. */
const STOP_TIMEOUT_MS = 8000;
const READY_TIMEOUT_MS = 60_000;

export interface SupervisedChildDeps<Name extends Role> {
  readonly role: Name;
  /** Of several of one role; also shown among the process's arguments. */
  readonly name?: string | undefined;
  /** The bundle's path. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called before each start; `last` is what the process reported when it was ready before. */
  readonly config: (last: Roles[Name]['ready'] | undefined) => Roles[Name]['start'];
  readonly onAccounts?: (accounts: readonly SampleAccount[]) => void;
}

type Ready<Name extends Role> = Roles[Name]['ready'];

export class SupervisedChild<Name extends Role> {
  private child: ChildProcess | undefined;
  private last: Ready<Name> | undefined;
  private stopping = false;
  private failures = 0;
  private restart: Timer | undefined;

  constructor(private readonly deps: SupervisedChildDeps<Name>) {}

  /** The process's id, for those who watch it. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the process and waits until it is ready. Throws with one sentence when it refuses to start. */
  async start(): Promise<Ready<Name>> {
    this.last = await this.launch();
    return this.last;
  }

  /** From now on an end of the process is no reason to start it again. */
  expectEnd(): void {
    this.stopping = true;
    this.restart?.cancel();
  }

  /** Ends the process and keeps it ended; idempotent. */
  async stop(): Promise<void> {
    this.expectEnd();
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // A process that has closed its channel is on its way out already.
    if (child.connected) this.tell(child, { type: 'stop' });
    const timer = this.deps.clock.after(STOP_TIMEOUT_MS, () => child.kill('SIGKILL'));
    await gone;
    timer.cancel();
  }

  private launch(): Promise<Ready<Name>> {
    const { role, name, file, clock, config } = this.deps;
    const child = fork(file, name === undefined ? [] : [name], {
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    const startedAtMs = clock.monotonicMs();
    return new Promise((resolve, reject) => {
      let refusal: string | undefined;
      let ready = false;
      const timer = clock.after(READY_TIMEOUT_MS, () => {
        refusal = 'it was not ready within a minute';
        child.kill('SIGKILL');
      });
      child.on('message', (message: FromChild<Name>) => {
        if (message.type === 'refused') refusal = message.reason;
        else if (message.type === 'accounts') this.deps.onAccounts?.(message.accounts);
        else {
          ready = true;
          timer.cancel();
          resolve(message.info);
        }
      });
      child.once('exit', (code, signal) => {
        timer.cancel();
        if (!ready)
          reject(new SwitchroomError('unavailable', `${name ?? role}: ${refusal ?? `it ended (${signal ?? code})`}`));
        else if (!this.stopping) {
          this.onEnded({ code, signal }, clock.monotonicMs() - startedAtMs);
        }
      });
      this.tell(child, { type: 'start', config: config(this.last) });
    });
  }

  private onEnded(how: { code: number | null; signal: NodeJS.Signals | null }, livedMs: number): void {
    const { role, name, log } = this.deps;
    if (how.code !== 0) log.error({ role, name, ...how }, 'a process died and is restarted');
    else log.info({ role, name }, 'a process has ended to be started anew');
    this.scheduleRestart(how.code === 0 ? Infinity : livedMs);
  }

  private tell(child: ChildProcess, message: ToChild<Name>): void {
    // A process that dies meanwhile is reported by its exit.
    child.send(message, () => undefined);
  }

  private scheduleRestart(livedMs: number): void {
    this.failures = livedMs > STABLE_AFTER_MS ? 0 : this.failures + 1;
    const delayMs = this.failures <= 1 ? 0 : Math.min(MAX_RESTART_DELAY_MS, 25 * 2 ** this.failures);
    this.restart = this.deps.clock.after(delayMs, () => {
      this.launch().then(
        (info) => {
          this.last = info;
          this.deps.log.info({ role: this.deps.role, name: this.deps.name, pid: this.pid }, 'a process is back');
        },
        (error: unknown) => {
          this.deps.log.error(
            { role: this.deps.role, name: this.deps.name, err: error },
            'a process could not be restarted',
          );
          if (!this.stopping) this.scheduleRestart(0);
        },
      );
    });
  }
}
