/**
 * {@link OutgoingCall} that goes from one attempt to the next: another proxy, another trunk.
 *
 * It goes on after silence, 408, 5xx, refused credentials and a limit of ours, not after what the called party or its
 * network has decided (486, 603, 404 and the like). Once the other side rings, only a failure of these kinds ends the attempt, not silence.
 */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import type { Fault, Result } from '../../base/result';
import { fail } from '../../base/result';
import type { OutgoingCall, OutgoingEvents, SipDialog } from '../ports';
import { responseOf, sipStatusOf } from '../srf/srf-client';
import type { CallLease } from '../trunks/call-limits';
import type { Attempt } from '../trunks/outbound-plan';
import { causeText } from '../trunks/trunk-cause';
import type { TrunkCause } from '../trunks/trunk-cause';
import type { PreparedCall } from './gateway-call';
import { traitsOf } from './invite-view';

export interface RoutedCallPlan {
  /** In the order of trial. */
  readonly attempts: readonly Attempt[];
  readonly ringTimeoutMs: number;
  /** Builds one attempt's INVITE; a fault passes the attempt over. */
  prepare(attempt: Attempt, ringTimeoutMs: number): Promise<Result<PreparedCall>>;
}

export interface RoutedCallDeps {
  readonly clock: Clock;
  readonly log: Logger;
  place(call: PreparedCall, events: OutgoingEvents): OutgoingCall;
}

/** How long a proxy may say nothing at all, not even 100. */
export const SILENCE_MS = 6_000;
/** No new attempt begins after so long. */
const SETUP_BUDGET_MS = 25_000;

/** What the carrier says of itself or of us, so that another one may do better. */
const isWorthAnother = (status: number): boolean =>
  status === 408 || status === 401 || status === 407 || (status >= 500 && status < 600);

export class RoutedCall implements OutgoingCall {
  readonly answered: Promise<Result<SipDialog>>;
  private settle: (result: Result<SipDialog>) => void = () => undefined;
  private over = false;
  private current: OutgoingCall | undefined;
  private readonly startedMs: number;

  constructor(
    private readonly plan: RoutedCallPlan,
    private readonly events: OutgoingEvents,
    private readonly deps: RoutedCallDeps,
  ) {
    this.answered = new Promise((resolve) => (this.settle = resolve));
    this.startedMs = deps.clock.monotonicMs();
    void this.run();
  }

  cancel(): void {
    if (this.over) return;
    this.finish(fail('closed', 'the call was cancelled'));
    this.current?.cancel();
  }

  private async run(): Promise<void> {
    let last: Fault = { code: 'no_route', message: 'there was no way to try' };
    try {
      for (const attempt of this.plan.attempts) {
        if (this.over) return;
        const leftMs = this.plan.ringTimeoutMs - this.elapsedMs;
        if (leftMs <= 0 || (this.elapsedMs > SETUP_BUDGET_MS && this.current)) break;
        const result = await this.tryOnce(attempt, leftMs);
        if (result === 'passed-over') continue;
        if (result.ok || !result.again)
          return this.finish(result.ok ? result.result : { ok: false, fault: result.fault });
        last = result.fault;
        const { trunkId } = attempt.line.trunk.settings;
        this.deps.log.warn({ trunkId, uri: attempt.uri, why: last.message }, 'an attempt to place a call failed');
      }
    } catch (error) {
      this.deps.log.error({ err: error }, 'placing a call threw');
      last = { code: 'internal', message: 'the call could not be placed' };
    }
    this.finish({ ok: false, fault: last });
  }

  private async tryOnce(attempt: Attempt, leftMs: number): Promise<Tried> {
    const { line, via } = attempt;
    if (via && !via.usable) return 'passed-over';
    const lease = line.take('outbound');
    if (!lease.granted) return { ok: false, again: true, fault: limitFault(attempt) };
    let released = false;
    try {
      const prepared = await this.plan.prepare(attempt, leftMs);
      if (!prepared.ok) return { ok: false, again: true, fault: prepared.fault };
      if (this.over) return 'passed-over';
      const outcome = await this.place(attempt, prepared.value);
      if (outcome.ok) {
        released = true;
        hold(outcome.result, lease);
      }
      return outcome;
    } finally {
      if (!released) lease.release();
    }
  }

  private async place(attempt: Attempt, prepared: PreparedCall): Promise<Exclude<Tried, 'passed-over'>> {
    const { line, via, routeId } = attempt;
    const traits = traitsOf(line.trunk);
    this.events.onAttempt?.({ trunkId: line.trunk.settings.trunkId, routeId, traits });
    let heard = false;
    const call: OutgoingCall = this.deps.place(
      { ...prepared, onHeard: () => (heard = true) },
      {
        onCallId: (callId) => this.events.onCallId?.(callId),
        onProgress: (status, sdp) => this.events.onProgress?.(status, traits.earlyMedia === 'pass' ? sdp : undefined),
      },
    );
    this.current = call;
    let silent = false;
    const patience: Timer = this.deps.clock.after(SILENCE_MS, () => {
      if (heard) return;
      silent = true;
      call.cancel();
    });
    const result = await call.answered;
    patience.cancel();
    if (result.ok) {
      via?.answered();
      line.counts.outboundAnswered += 1;
      return { ok: true, result };
    }
    line.counts.outboundFailed += 1;
    return this.judge(attempt, result.fault, silent);
  }

  private judge({ via }: Attempt, fault: Fault, silent: boolean): Exclude<Tried, 'passed-over'> {
    if (silent) {
      const cause: TrunkCause = { key: 'call-not-answered', values: { timeoutMs: SILENCE_MS } };
      via?.failed(cause);
      return { ok: false, again: true, fault: { code: 'timeout', message: causeText(cause) } };
    }
    const answer = sipStatusOf(fault.cause);
    if (answer === undefined) {
      // Cancelled, rung out, or the SIP server is lost; but a name that leads nowhere is the proxy's fault.
      const again = fault.cause !== undefined && fault.code === 'unavailable';
      if (again) via?.failed({ key: 'call-not-placed', values: { error: messageOf(fault.cause) } });
      return { ok: false, again, fault };
    }
    const { status } = answer;
    if (status === 408 || status === 503) via?.failed({ key: 'response', values: answer }, retryAfterOf(fault));
    else via?.answered();
    return { ok: false, again: isWorthAnother(status), fault };
  }

  private get elapsedMs(): number {
    return this.deps.clock.monotonicMs() - this.startedMs;
  }

  private finish(result: Result<SipDialog>): void {
    if (this.over) {
      if (result.ok) void result.value.hangup('SIP;cause=487');
      return;
    }
    this.over = true;
    this.settle(result);
  }
}

type Tried =
  | { readonly ok: true; readonly result: Result<SipDialog> & { readonly ok: true } }
  /** `again`: the next attempt may do better. */
  | { readonly ok: false; readonly again: boolean; readonly fault: Fault }
  | 'passed-over';

const limitFault = ({ line }: Attempt): Fault => ({
  code: 'overloaded',
  message: `the trunk "${line.trunk.settings.trunkId}" has reached its limit`,
});

/** The call keeps its place in the trunk until its dialog ends. */
const hold = (result: Result<SipDialog> & { readonly ok: true }, lease: CallLease): void =>
  result.value.onEnd(() => lease.release());

const retryAfterOf = (fault: Fault): number | undefined => {
  const text = responseOf(fault.cause)?.get('Retry-After');
  const seconds = Number.parseInt(text ?? '', 10);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
};
