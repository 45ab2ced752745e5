/**
 * Joins trunks to the alarms: what an operator must learn of them at once. Each fault is told when it begins and when it
 * is over, however often calls and probes run into it between.
 */
import type { Alarms, AlarmSeverity } from '../../base/alarms';
import type { Clock } from '../../base/clock';
import type { TypedEmitter } from '../../base/emitter';
import { causeText } from './trunk-cause';
import type { TrunkEvents, TrunkState } from './trunk-events';

export interface TrunkAlarmDeps {
  readonly clock: Clock;
  readonly alarms: Pick<Alarms, 'raise'>;
  /** What is remembered of other trunks is forgotten. */
  readonly exists: (trunkId: string) => boolean;
}

/** What the last alarms of a trunk have said. */
interface Told {
  fault: 'none' | 'degraded' | 'down';
  registrationFailed: boolean;
  /** By direction and limit, when the alarm may be raised again. */
  readonly limitsQuietUntilMs: Map<string, number>;
}

/** A limit is told at most so often: a busy hour is one fault. */
const LIMIT_PERIOD_MS = 10 * 60_000;

export class TrunkAlarms {
  private readonly told = new Map<string, Told>();

  constructor(
    events: TypedEmitter<TrunkEvents>,
    private readonly deps: TrunkAlarmDeps,
  ) {
    events.on('state', (change) => this.onState(change));
    events.on('registration', (change) => this.onRegistration(change));
    events.on('limited', (refusal) => this.onLimited(refusal));
  }

  private onState({ trunkId, to, cause }: TrunkEvents['state'][0]): void {
    const told = this.toldOf(trunkId);
    const fault = faultOf(to);
    if (fault === undefined || fault === told.fault) return;
    told.fault = fault;
    const why = causeText(cause);
    const details = { trunkId, why };
    if (fault === 'down')
      this.raise('trunk-down', 'critical', { message: `the trunk ${trunkId} is down: ${why}`, details, cause });
    if (fault === 'degraded') {
      const message = `the trunk ${trunkId} works, but some of its proxies are down: ${why}`;
      this.raise('trunk-degraded', 'warning', { message, details, cause });
    }
    if (fault === 'none') this.raise('trunk-up', 'info', { message: `the trunk ${trunkId} is up again`, details });
  }

  private onRegistration({ trunkId, state }: TrunkEvents['registration'][0]): void {
    const told = this.toldOf(trunkId);
    if (state.name === 'waiting' && !told.registrationFailed) {
      told.registrationFailed = true;
      const { cause, retryAtMs } = state;
      const why = causeText(cause);
      const message = `the trunk ${trunkId} could not register with its carrier: ${why}`;
      this.raise('trunk-registration-failed', 'warning', { message, details: { trunkId, why, retryAtMs }, cause });
    }
    if (state.name === 'registered' && told.registrationFailed) {
      told.registrationFailed = false;
      const message = `the trunk ${trunkId} is registered with its carrier again`;
      this.raise('trunk-registered', 'info', { message, details: { trunkId } });
    }
  }

  private onLimited({ trunkId, direction, limit }: TrunkEvents['limited'][0]): void {
    const { limitsQuietUntilMs } = this.toldOf(trunkId);
    const key = `${direction} ${limit}`;
    const nowMs = this.deps.clock.monotonicMs();
    if ((limitsQuietUntilMs.get(key) ?? 0) > nowMs) return;
    limitsQuietUntilMs.set(key, nowMs + LIMIT_PERIOD_MS);
    const message = `the trunk ${trunkId} has reached its limit: ${direction} ${limit}`;
    this.raise('trunk-limit-reached', 'warning', { message, details: { trunkId, direction, limit } });
  }

  private raise(
    kind: string,
    severity: AlarmSeverity,
    what: Pick<Parameters<Alarms['raise']>[0], 'message' | 'details' | 'cause'>,
  ) {
    this.deps.alarms.raise({ kind, severity, ...what });
  }

  private toldOf(trunkId: string): Told {
    const known = this.told.get(trunkId);
    if (known) return known;
    for (const id of this.told.keys()) if (!this.deps.exists(id)) this.told.delete(id);
    const told: Told = { fault: 'none', registrationFailed: false, limitsQuietUntilMs: new Map() };
    this.told.set(trunkId, told);
    return told;
  }
}

/** Undefined while nobody can tell. */
const faultOf = (state: TrunkState): Told['fault'] | undefined => {
  switch (state) {
    case 'down':
    case 'degraded':
      return state;
    case 'up':
    case 'inbound-only':
      return 'none';
    case 'unknown':
    case 'admin-down':
      return undefined;
  }
};
