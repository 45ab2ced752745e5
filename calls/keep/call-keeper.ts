/**
 * Keeps the record of every call up to date: looks at a call after each piece of work on it, and while that lasts every
 * {@link LOOK_MS}, and writes what has changed. Of one call the last record wins; what is over is removed once its history
 * is in the store.
 */
import { within } from '../../base/clock';
import type { Clock, Timer } from '../../base/clock';
import type { AgentId, CallId } from '../../base/ids';
import { KeyedSerialQueue } from '../../base/serial-queue';
import type { Call } from '../call';
import type { Stay } from '../conference/model';
import { recordCall } from './record-call';

/** Where records lie; changes of one record arrive in their order. */
export interface CallRecords {
  save(callId: CallId, record: string): void;
  /** Resolves when the latest record of this call is in the store. */
  written(callId: CallId): Promise<void>;
  remove(callId: CallId): void;
}

export interface CallKeeperDeps {
  /** Left out: nothing is written down. */
  readonly records: CallRecords | undefined;
  readonly clock: Clock;
  readonly calls: ReadonlyMap<CallId, Call>;
  /** Calls that are over and of which an agent is in wrap-up. */
  readonly wrapUps: ReadonlyMap<AgentId, Call>;
  /** How a call is in its conference. */
  readonly stayOf?: (call: Call) => Stay | undefined;
}

/** People must not wait for a store that is silent: after that calls go ahead of their records, until it answers. */
const PATIENCE_MS = 3_000;

/** A piece of work may wait for others, such as a telephone: what it has changed so far is written meanwhile. */
const LOOK_MS = 25;

export class CallKeeper {
  private readonly written = new Map<CallId, { readonly call: Call; readonly json: string }>();
  private readonly working = new Set<CallId>();
  private timer: Timer | undefined;
  private closed = false;
  private isBehind = false;

  constructor(private readonly deps: CallKeeperDeps) {}

  /** There is a record of this call from before a restart. */
  knows(call: Call): void {
    this.written.set(call.callId, { call, json: '' });
  }

  /** A record of before a restart leads to nothing any more. */
  drop(callId: CallId): void {
    this.deps.records?.remove(callId);
  }

  workBegins(callId: CallId): void {
    this.working.add(callId);
    this.timer ??= this.deps.clock.after(LOOK_MS, () => this.lookAtWork());
  }

  workEnds(callId: CallId): void {
    this.working.delete(callId);
    this.look(callId);
  }

  /** Writes the call's record if it has changed. */
  look(callId: CallId): void {
    if (this.closed) return;
    const writers = [...this.deps.wrapUps].filter(([, one]) => one.callId === callId);
    const call = this.deps.calls.get(callId) ?? writers[0]?.[1];
    const record =
      call &&
      recordCall(
        call,
        writers.map(([agentId]) => agentId),
        this.deps.stayOf?.(call),
      );
    if (!record) return this.forget(callId);
    const json = JSON.stringify(record);
    if (this.written.get(callId)?.json === json) return;
    this.written.set(callId, { call, json });
    this.deps.records?.save(callId, json);
  }

  /**
   * Resolves when the call is written down as it is now, with its history: for what people must not see before the next
   * app would go on with it. After three seconds without the store it resolves, too.
   */
  async whenWritten(call: Call): Promise<void> {
    const { records, clock } = this.deps;
    if (this.closed || !records) return;
    this.look(call.callId);
    let isWritten = false;
    const written = Promise.all([records.written(call.callId), call.log.settled()]).then(() => {
      isWritten = true;
      this.isBehind = false;
    });
    if (this.isBehind) return;
    await within(clock, PATIENCE_MS, written);
    this.isBehind = !isWritten;
  }

  /** Writes nothing any more: what is still open has been ended. Idempotent. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private forget(callId: CallId): void {
    const known = this.written.get(callId);
    if (!known) return;
    this.written.delete(callId);
    void known.call.log.settled().then(() => {
      // It may have become one that can be kept again.
      if (!this.written.has(callId)) this.deps.records?.remove(callId);
    });
  }

  private lookAtWork(): void {
    this.timer = undefined;
    for (const callId of this.working) this.look(callId);
    if (this.working.size > 0) this.timer = this.deps.clock.after(LOOK_MS, () => this.lookAtWork());
  }
}

/** The queue of the work on calls, which the keeper follows. */
export class KeptSerialQueue extends KeyedSerialQueue<CallId> {
  constructor(private readonly keeper: Pick<CallKeeper, 'workBegins' | 'workEnds'>) {
    super();
  }

  override run<Value>(callId: CallId, task: () => Promise<Value> | Value): Promise<Value> {
    return super.run(callId, async () => {
      this.keeper.workBegins(callId);
      try {
        return await task();
      } finally {
        this.keeper.workEnds(callId);
      }
    });
  }
}
