/**
 * What an operator must learn at once: raised anywhere, written into the log, kept for a while, and told to those who
 * watch. An alarm is an event; what lasts has two of them, see `standing-alarms.ts`.
 */
import type { Clock } from './clock';
import { TypedEmitter } from './emitter';
import { newId } from './ids';
import type { Logger } from './log';

/** `info` tells that a fault is over. */
export type AlarmSeverity = 'info' | 'warning' | 'critical';

export interface Alarm {
  readonly id: string;
  readonly atMs: number;
  /** Machine-readable, lower case with hyphens, such as `source-banned`. */
  readonly kind: string;
  readonly severity: AlarmSeverity;
  /** One English sentence that names the thing. */
  readonly message: string;
  /** What a program, or a sentence in another language, can be made of. */
  readonly details: Readonly<Record<string, string | number>>;
  /** Why, where that is a sentence of its own: its English text is among the details as `why`. */
  readonly cause?: AlarmCause;
  /** Of what lasts: by this its beginning and its end are known to belong together. */
  readonly condition?: AlarmCondition;
}

export interface AlarmCondition {
  readonly key: string;
  readonly state: 'raised' | 'over';
}

/** A sentence by its key, with what stands in it. */
export interface AlarmCause {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export type NewAlarm = Omit<Alarm, 'id' | 'atMs'>;

/** Alarms that are remembered; the oldest goes first. */
const MAX_REMEMBERED = 500;

const LOG_LEVEL = { info: 'info', warning: 'warn', critical: 'error' } as const;

export class Alarms {
  private readonly remembered: Alarm[] = [];
  private readonly events: TypedEmitter<{ raised: [alarm: Alarm] }>;

  constructor(private readonly deps: { readonly clock: Clock; readonly log: Logger }) {
    this.events = new TypedEmitter(deps.log);
  }

  raise(alarm: NewAlarm): void {
    const raised: Alarm = { id: newId(), atMs: this.deps.clock.nowMs(), ...alarm };
    const { kind, severity, message, details } = raised;
    this.deps.log[LOG_LEVEL[severity]]({ alarm: kind, ...details }, message);
    this.remembered.push(raised);
    if (this.remembered.length > MAX_REMEMBERED) this.remembered.shift();
    this.events.emit('raised', raised);
  }

  /** The latest first. */
  get recent(): Alarm[] {
    return [...this.remembered].reverse();
  }

  /** Returns the function that unsubscribes. */
  onRaised(listener: (alarm: Alarm) => void): () => void {
    return this.events.on('raised', listener);
  }
}
