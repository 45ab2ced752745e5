/** One trunk while it lives: its calls, its proxies' health, its probes, its registration. */
import type { Clock } from '../../base/clock';
import type { TypedEmitter } from '../../base/emitter';
import type { Logger } from '../../base/log';
import { CallLimiter } from './call-limits';
import type { CallDirection, CallLease, CallRefusal } from './call-limits';
import { DigestSession } from './digest-session';
import { ProxyLine, proxyName } from './proxy-line';
import { orderByPriority } from './proxy-choice';
import { Registration } from './registration';
import type { SipRequester } from './sip-requester';
import type { Trunk } from './trunk';
import { causeText } from './trunk-cause';
import type { TrunkCause } from './trunk-cause';
import { registrationTarget } from './trunk-uri';
import type { TrunkEvents, TrunkState } from './trunk-events';

export interface TrunkDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly requester: SipRequester;
  readonly events: TypedEmitter<TrunkEvents>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Counted since the trunk was set up; what metrics are made of. */
export interface TrunkCounts {
  inbound: number;
  outbound: number;
  outboundAnswered: number;
  outboundFailed: number;
  refusedByLimit: number;
}

export class TrunkLine {
  readonly digest: DigestSession | undefined;
  readonly counts: TrunkCounts;
  readonly registration: Registration | undefined;
  private readonly limiter: CallLimiter;
  private proxies: ProxyLine[];
  private lastState: TrunkState;
  private closed = false;

  /** @param predecessor the line of the same trunk before its accounts were changed: its calls go on, and count. */
  constructor(
    private current: Trunk,
    private readonly deps: TrunkDeps,
    predecessor?: TrunkLine,
  ) {
    const { settings } = current;
    this.counts = predecessor?.counts ?? newCounts();
    this.limiter = predecessor?.limiter ?? new CallLimiter(deps.clock);
    this.limiter.change(settings.limits);
    this.digest = settings.credentials ? new DigestSession(settings.credentials) : undefined;
    this.proxies = this.openProxies([]);
    this.registration = this.openRegistration();
    this.lastState = this.state;
  }

  get trunk(): Trunk {
    return this.current;
  }

  get enabled(): boolean {
    return this.current.settings.enabled !== false;
  }

  get calls(): { readonly inbound: number; readonly outbound: number } {
    return this.limiter.calls;
  }

  get proxyLines(): readonly ProxyLine[] {
    return this.proxies;
  }

  get state(): TrunkState {
    if (!this.enabled) return 'admin-down';
    const { registration } = this;
    if (registration?.state.name === 'waiting' && !registration.holds) return 'down';
    const healths = this.proxies.map((proxy) => proxy.health.name);
    if (healths.length === 0) return registration || this.current.settings.account ? 'up' : 'inbound-only';
    const down = healths.filter((name) => name === 'down').length;
    if (down === healths.length) return 'down';
    if (down > 0) return 'degraded';
    return healths.includes('up') ? 'up' : 'unknown';
  }

  /** Proxies that can be tried now, in the order of this call. */
  usableProxies(): ProxyLine[] {
    const usable = this.proxies.filter((proxy) => proxy.usable);
    return orderByPriority(usable.map(rankedProxy), this.deps.random).map(({ line }) => line);
  }

  /** A place for one more call, or the limit that refuses it. */
  take(direction: CallDirection): CallLease | CallRefusal {
    const taken = this.limiter.take(direction);
    if (taken.granted) {
      this.counts[direction] += 1;
      return taken;
    }
    this.counts.refusedByLimit += 1;
    const { trunkId } = this.current.settings;
    this.deps.log.warn({ trunkId, direction, limit: taken.limit }, 'a trunk has reached its limit');
    const atMs = this.deps.clock.nowMs();
    this.deps.events.emit('limited', { trunkId, direction, limit: taken.limit, atMs });
    return taken;
  }

  /** The place of a call that goes on, whatever the limits. */
  hold(direction: CallDirection): CallLease {
    return this.limiter.hold(direction);
  }

  /** New settings that need no new registration; calls in progress go on and count. */
  change(trunk: Trunk): void {
    this.current = trunk;
    this.limiter.change(trunk.settings.limits);
    const before = this.proxies;
    this.proxies = this.openProxies(before);
    for (const proxy of before) if (!this.proxies.includes(proxy)) proxy.close();
    this.noteState({ key: 'settings-changed', values: {} });
  }

  /** The SIP server is there, at the start or again. */
  serverConnected(): void {
    if (!this.enabled) return;
    for (const proxy of this.proxies) proxy.probeNow();
    this.registration?.start();
  }

  /** Takes our registration back. Idempotent. */
  async close(): Promise<void> {
    this.closed = true;
    for (const proxy of this.proxies.splice(0)) proxy.close();
    await this.registration?.stop();
  }

  private openProxies(before: readonly ProxyLine[]): ProxyLine[] {
    if (!this.enabled) return [];
    const { settings, healthRules, proxies } = this.current;
    return proxies.map((proxy) => {
      const kept = before.find((line) => line.name === proxyName(proxy) && line.fits(settings.probe));
      if (kept) {
        kept.change(proxy, healthRules);
        return kept;
      }
      return new ProxyLine(
        { proxy, rules: healthRules, probe: settings.probe },
        {
          ...this.deps,
          digest: this.digest,
          onChange: (line, cause) => this.onProxyChanged(line, cause),
        },
      );
    });
  }

  private openRegistration(): Registration | undefined {
    const target = this.enabled ? registrationTarget(this.current) : undefined;
    if (!target) return undefined;
    const { clock, log, requester, random, events } = this.deps;
    const { trunkId } = this.current.settings;
    return new Registration(target, {
      ...{ clock, log, requester, random, digest: this.digest },
      onChange: (state) => {
        if (state.name === 'waiting') {
          log.warn({ trunkId, why: causeText(state.cause) }, 'a registration with a carrier failed');
        }
        if (state.name === 'registered') log.info({ trunkId }, 'registered with a carrier');
        events.emit('registration', { trunkId, state, atMs: clock.nowMs() });
        if (state.name === 'waiting') this.noteState(state.cause);
        if (state.name === 'registering' || state.name === 'registered') {
          this.noteState({ key: state.name, values: {} });
        }
      },
    });
  }

  private onProxyChanged(line: ProxyLine, cause: TrunkCause): void {
    const { log } = this.deps;
    const { trunkId } = this.current.settings;
    const state = line.health.name;
    if (state === 'down') log.warn({ trunkId, proxy: line.name, why: causeText(cause) }, 'a proxy of a trunk is down');
    else log.info({ trunkId, proxy: line.name, state }, 'a proxy of a trunk has changed its state');
    this.noteState(cause);
  }

  /** Told once when the state changes; alarms are made of it. */
  private noteState(cause: TrunkCause): void {
    const { clock, log, events } = this.deps;
    const [from, to] = [this.lastState, this.state];
    // What is closed has a successor, or is gone: its state is no news.
    if (from === to || this.closed) return;
    this.lastState = to;
    const { trunkId } = this.current.settings;
    log.info({ trunkId, from, to, why: causeText(cause) }, 'a trunk has changed its state');
    events.emit('state', { trunkId, from, to, cause, atMs: clock.nowMs() });
  }
}

const newCounts = (): TrunkCounts => ({
  inbound: 0,
  outbound: 0,
  outboundAnswered: 0,
  outboundFailed: 0,
  refusedByLimit: 0,
});

const rankedProxy = (line: ProxyLine): { line: ProxyLine; priority: number; weight: number } => ({
  line,
  priority: line.proxy.priority,
  weight: line.proxy.weight,
});
