/** From a number to the attempts by which it is called, in order, and the reasons for those who ask. */
import type { Clock } from '../../base/clock';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { CallParty } from '../ports';
import { escapeUser, parseUri } from '../sip/uri';
import { identityHeaders, withoutIdentityHeaders } from './caller-identity';
import { applyHeaderRules } from './header-rules';
import type { ProxyLine } from './proxy-line';
import type { RouteChoice, RouteTable, RouteVerdict } from './route-table';
import { causeText } from './trunk-cause';
import type { TrunkState } from './trunk-events';
import type { TrunkLine } from './trunk-line';
import { numberUri } from './trunk-uri';

/** Where a trunk that registers with us can be reached at the moment. */
export type RegisteredContactOf = (
  userName: string,
) => { readonly uri: string; readonly proxy: string; readonly path: readonly string[] } | undefined;

/** One try to call a number. */
export interface Attempt {
  readonly line: TrunkLine;
  readonly routeId: string | undefined;
  readonly costPerMinute: number;
  /** Request-URI. */
  readonly uri: string;
  /** Where it is sent, if not to the Request-URI. */
  readonly proxy: string | undefined;
  /** The proxies on the way to a trunk that registers with us, as Route (RFC 3327, 5.4). */
  readonly path: readonly string[];
  /** Absent for a trunk that registers with us. */
  readonly via: ProxyLine | undefined;
}

export interface OutboundCall {
  readonly caller: CallParty;
  readonly withheld: boolean;
  /** By this very trunk, not by the route table. */
  readonly direct: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** What would be tried for a number, and what would not. */
export interface RouteExplanation {
  readonly number: string;
  /** As the route table sees it. */
  readonly normalised: string;
  readonly routes: readonly RouteVerdict[];
  readonly attempts: readonly {
    readonly trunkId: string;
    readonly routeId: string | undefined;
    readonly costPerMinute: number;
    readonly uri: string;
    readonly reason: string;
  }[];
  readonly passedOver: readonly {
    readonly trunkId: string;
    readonly proxy: string | undefined;
    readonly reason: string;
  }[];
}

export interface OutboundPlannerDeps {
  readonly clock: Clock;
  readonly lines: () => readonly TrunkLine[];
  readonly line: (trunkId: string) => TrunkLine | undefined;
  readonly table: () => RouteTable;
  readonly normalise: (number: string) => string;
  readonly registeredContact: RegisteredContactOf;
}

export class OutboundPlanner {
  constructor(private readonly deps: OutboundPlannerDeps) {}

  /** Errors: `bad_input` without a number; `no_route` when no route has it; `unavailable` when all its ways are down. */
  attempts(number: string): Result<Attempt[]> {
    if (number === '') return fail('bad_input', 'the number to call is empty');
    const { choices } = this.choose(number);
    if (choices.length === 0)
      return fail('no_route', `no trunk carries calls to ${number}; an administrator can add one`);
    const attempts = choices.flatMap((choice) => this.attemptsBy(choice, number));
    if (attempts.length > 0) return ok(attempts);
    return fail('unavailable', `every trunk for ${number} is down or switched off`);
  }

  /** By one trunk, without the route table. Errors: `not_found`, `no_route`, `unavailable`, `bad_input`. */
  attemptsOfTrunk(trunkId: string, number: string): Result<Attempt[]> {
    const line = this.deps.line(trunkId);
    if (!line) return fail('not_found', `there is no trunk "${trunkId}"`);
    if (!canCallOut(line)) return fail('no_route', `the trunk "${trunkId}" has no proxy for outgoing calls`);
    if (number === '') return fail('bad_input', 'the number to call is empty');
    const attempts = this.attemptsBy({ trunkId, routeId: undefined, costPerMinute: 0 }, number);
    return attempts.length > 0 ? ok(attempts) : fail('unavailable', `the trunk "${trunkId}" is down or switched off`);
  }

  /** The first trunk that a number would go by, whether it is up or not. */
  firstTrunk(number: string): TrunkLine | undefined {
    const { choices } = this.choose(number);
    const lines = choices.flatMap(({ trunkId }) => this.deps.line(trunkId) ?? []);
    return lines.find((line) => line.enabled && line.state !== 'down') ?? lines[0];
  }

  /** By this trunk, or by the first that the number would go by; 0 when no route says it. */
  costPerMinute(number: string, trunkId: string | undefined): number {
    const { choices } = this.choose(number);
    return (choices.find((choice) => choice.trunkId === trunkId) ?? choices[0])?.costPerMinute ?? 0;
  }

  explain(number: string): RouteExplanation {
    const { choices, verdicts } = this.choose(number);
    const attempts = choices.flatMap((choice) =>
      this.attemptsBy(choice, number).map(({ line, routeId, costPerMinute, uri, via }) => ({
        trunkId: line.trunk.settings.trunkId,
        routeId,
        costPerMinute,
        uri,
        reason: reasonFor(verdicts, choice, via),
      })),
    );
    const passedOver = choices.flatMap(({ trunkId }) => passedOverOf(this.deps.line(trunkId), trunkId));
    return { number, normalised: this.deps.normalise(number), routes: verdicts, attempts, passedOver };
  }

  /** Without a route table the first trunk that can call out carries every number. */
  private choose(number: string): { choices: readonly RouteChoice[]; verdicts: readonly RouteVerdict[] } {
    const { clock, table, lines, normalise } = this.deps;
    if (!table().isEmpty) return table().plan(normalise(number), clock.nowMs());
    const first = lines().find((line) => line.enabled && canCallOut(line));
    if (!first) return { choices: [], verdicts: [] };
    return {
      choices: [{ trunkId: first.trunk.settings.trunkId, routeId: undefined, costPerMinute: 0 }],
      verdicts: [],
    };
  }

  private attemptsBy({ trunkId, routeId, costPerMinute }: RouteChoice, number: string): Attempt[] {
    const line = this.deps.line(trunkId);
    if (!line?.enabled) return [];
    const { settings, numbers, proxies } = line.trunk;
    const sent = numbers.outbound(this.deps.normalise(number));
    const common = { line, routeId, costPerMinute };
    if (proxies.length === 0) {
      const contact = settings.account && this.deps.registeredContact(settings.account.username);
      if (!contact) return [];
      const uri = parseUri(contact.uri);
      if (!uri.ok) return [];
      const called = uri.value.with({ user: escapeUser(sent) }).toString();
      return [{ ...common, uri: called, proxy: contact.proxy, path: contact.path, via: undefined }];
    }
    const direct = { ...common, proxy: undefined, path: [] };
    return line.usableProxies().map((via) => ({ ...direct, uri: numberUri(sent, via.proxy), via }));
  }
}

/** The headers of an INVITE by this trunk. */
export const headersFor = ({ trunk }: TrunkLine, call: OutboundCall): Record<string, string> => {
  const own = { ...withoutIdentityHeaders(call.headers), ...identityHeaders(trunk, call.caller, call) };
  return applyHeaderRules(own, trunk.settings.headersOut ?? []);
};

const canCallOut = ({ trunk }: TrunkLine): boolean => trunk.proxies.length > 0 || trunk.settings.account !== undefined;

const reasonFor = (verdicts: readonly RouteVerdict[], choice: RouteChoice, via: ProxyLine | undefined): string => {
  const verdict = verdicts.find(({ routeId }) => routeId === choice.routeId);
  const why = verdict ? verdict.reason : 'there is no route table; the first trunk carries every number';
  const proxy = via ? `proxy ${via.name} is ${via.health.name}` : 'it is registered here';
  return `${why}; ${proxy}`;
};

const WHY_NOT: Partial<Record<TrunkState, string>> = {
  'admin-down': 'it is switched off',
  'inbound-only': 'it has no proxy',
};

const passedOverOf = (line: TrunkLine | undefined, trunkId: string): RouteExplanation['passedOver'] => {
  const why = line && WHY_NOT[line.state];
  if (!line || why !== undefined) return [{ trunkId, proxy: undefined, reason: why ?? 'there is no such trunk' }];
  return line.proxyLines
    .filter((proxy) => !proxy.usable)
    .map((proxy) => ({
      trunkId,
      proxy: proxy.name,
      reason:
        proxy.health.name === 'down'
          ? `down: ${causeText(proxy.health.cause)}`
          : 'it asked to be left alone for a while',
    }));
};
