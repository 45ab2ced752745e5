/** One proxy of a trunk while it lives: probed by OPTIONS, judged by its answers and by those of calls. */
import type { Clock, Timer } from '../../base/clock';
import type { DigestSession } from './digest-session';
import { isChallenge } from './digest-session';
import type { HealthInput, HealthRules, ProxyHealth } from './proxy-health';
import { newHealth, stepHealth } from './proxy-health';
import type { ProbeSettings } from './settings';
import type { OwnReply, SipRequester } from './sip-requester';
import type { TrunkProxy } from './trunk';
import { DEFAULT_PROBE } from './trunk';
import type { TrunkCause } from './trunk-cause';
import { proxyUri } from './trunk-uri';

export interface ProxyOptions {
  readonly proxy: TrunkProxy;
  readonly rules: HealthRules;
  readonly probe: ProbeSettings | undefined;
}

export interface ProxyDeps {
  readonly clock: Clock;
  readonly requester: SipRequester;
  readonly digest: DigestSession | undefined;
  onChange(line: ProxyLine, cause: TrunkCause): void;
}

/** What a probe or a call through a proxy came to. */
export interface LastProbe {
  readonly atMs: number;
  /** Of the answer; absent when there was none. */
  readonly status: number | undefined;
  readonly roundTripMs: number;
}

/** Longer waits of a carrier's Retry-After are cut. */
const MAX_PAUSE_S = 300;

export const proxyName = ({ host, transport }: TrunkProxy): string => `${host};transport=${transport}`;

export class ProxyLine {
  lastProbe: LastProbe | undefined;
  private options: ProxyOptions;
  private current: ProxyHealth;
  private pausedUntilMs = 0;
  private probing = false;
  private closed = false;
  private readonly timer: Timer | undefined;

  constructor(
    options: ProxyOptions,
    private readonly deps: ProxyDeps,
  ) {
    this.options = options;
    this.current = newHealth(deps.clock.nowMs());
    const { intervalS } = this.probe;
    if (intervalS > 0) this.timer = deps.clock.every(intervalS * 1_000, () => this.probeNow());
    if (intervalS > 0) this.probeNow();
  }

  get proxy(): TrunkProxy {
    return this.options.proxy;
  }

  get name(): string {
    return proxyName(this.options.proxy);
  }

  get health(): ProxyHealth {
    this.feed({ type: 'looked-at' });
    return this.current;
  }

  /** Neither down nor asking to be left alone. */
  get usable(): boolean {
    return this.health.name !== 'down' && this.deps.clock.monotonicMs() >= this.pausedUntilMs;
  }

  /** Whether these settings would probe as this line does. */
  fits(probe: ProbeSettings | undefined): boolean {
    const [ours, theirs] = [this.probe, timesOf(probe)];
    return ours.intervalS === theirs.intervalS && ours.timeoutMs === theirs.timeoutMs;
  }

  change(proxy: TrunkProxy, rules: HealthRules): void {
    this.options = { ...this.options, proxy, rules };
  }

  /** A call was answered, whatever with. */
  answered(): void {
    this.feed({ type: 'answered' });
  }

  /** A call was not answered, or by 408 or 503. @param retryAfterS what the carrier asked for. */
  failed(cause: TrunkCause, retryAfterS?: number): void {
    // RFC 3261, section 21.5.4: no other requests until then.
    if (retryAfterS !== undefined) {
      this.pausedUntilMs = this.deps.clock.monotonicMs() + Math.min(retryAfterS, MAX_PAUSE_S) * 1_000;
    }
    this.feed({ type: 'failed', cause });
  }

  /** Sends OPTIONS, unless one is on its way. */
  probeNow(): void {
    const { requester } = this.deps;
    if (this.probing || this.closed || this.probe.intervalS <= 0 || !requester.connected) return;
    this.probing = true;
    void this.askOptions().then((reply) => {
      this.probing = false;
      if (this.closed || !requester.connected) return;
      this.feed(judgeOf(reply));
    });
  }

  /** Idempotent. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private get probe(): ProbeTimes {
    return timesOf(this.options.probe);
  }

  private async askOptions(): Promise<OwnReply> {
    const { clock, requester, digest } = this.deps;
    const uri = proxyUri(this.options.proxy);
    const startedMs = clock.monotonicMs();
    const send = (): { sent: Readonly<Record<string, string>>; reply: Promise<OwnReply> } => {
      const sent = digest?.credentials({ method: 'OPTIONS', uri, body: '' }) ?? {};
      const headers = { From: '<sip:ping@localhost>', Accept: 'application/sdp', ...sent };
      return { sent, reply: requester.send({ method: 'OPTIONS', uri, headers, timeoutMs: this.probe.timeoutMs }) };
    };
    const first = send();
    let reply = await first.reply;
    // A challenge is a sign of life; it is answered for the sake of the next probe, which then needs no second round.
    if (reply.kind === 'response' && isChallenge(reply.status) && digest?.challenged(reply, first.sent).ok) {
      reply = await send().reply;
    }
    const status = reply.kind === 'response' ? reply.status : undefined;
    this.lastProbe = { atMs: clock.nowMs(), status, roundTripMs: Math.round(clock.monotonicMs() - startedMs) };
    return reply;
  }

  private feed(input: HealthInput): void {
    const from = this.current;
    const next = stepHealth(from, input, { nowMs: this.deps.clock.nowMs(), rules: this.options.rules });
    this.current = next;
    if (next.name === from.name) return;
    this.deps.onChange(this, causeOf(input));
  }
}

interface ProbeTimes {
  readonly intervalS: number;
  readonly timeoutMs: number;
}

const timesOf = ({ intervalS, timeoutMs }: ProbeSettings = {}): ProbeTimes => ({
  intervalS: intervalS ?? DEFAULT_PROBE.intervalS,
  timeoutMs: timeoutMs ?? DEFAULT_PROBE.timeoutMs,
});

const causeOf = (input: HealthInput): TrunkCause =>
  input.type === 'failed' ? input.cause : { key: input.type === 'answered' ? 'answered' : 'pause-over', values: {} };

/** Any answer is a sign of life, also 404 or 405, but for those by which a server or a gateway says that it is unable. */
const judgeOf = (reply: OwnReply): HealthInput => {
  if (reply.kind === 'silence') return { type: 'failed', cause: reply.cause };
  const { status, reason } = reply;
  const isUnable = status === 408 || status === 503 || status === 504;
  return isUnable ? { type: 'failed', cause: { key: 'response', values: { status, reason } } } : { type: 'answered' };
};
