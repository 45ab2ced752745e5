/**
 * Where a SIP URI leads (RFC 3263, 4): NAPTR says by which transport, SRV to which servers, A and AAAA where they are.
 *
 * ```
 *  address in the URI ─────────────────────────────────────────────► itself
 *  port in the URI ──────────────────────────────────────► A, AAAA
 *  transport in the URI, or sips ─────────► SRV (else) ──► A, AAAA
 *  neither ──► NAPTR ──► SRV (else SRV of each transport, else) A, AAAA
 * ```
 */
import type { NaptrRecord, SrvRecord } from 'node:dns';
import { BoundedMap } from '../../base/bounded-map';
import type { Clock } from '../../base/clock';
import type { SipUri } from '../sip/uri';
import { numericHost } from './transport/address';

export interface Target {
  readonly transport: string;
  readonly address: string;
  readonly port: number;
}

/** The questions that are put to the DNS. Each @throws when there is no answer. */
export interface DnsClient {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** IPv4 addresses. */
  a(name: string): Promise<readonly string[]>;
  /** IPv6 addresses. */
  aaaa(name: string): Promise<readonly string[]>;
  /** What the machine itself knows, as from its hosts file. */
  local(name: string): Promise<readonly string[]>;
}

export interface ResolverDependencies {
  readonly clock: Clock;
  readonly dns: DnsClient;
  /** Whether we can speak TLS. */
  readonly tls: boolean;
  /** From 0 to 1, for the weights of SRV records. */
  readonly random: () => number;
}

/** Node tells no TTL of NAPTR and SRV records: all answers are kept for this long, and misses for a third of it. */
const KEEP_MS = 60_000;
const MAX_KEPT = 5_000;
const MAX_TARGETS = 20;

/** NAPTR services that we can use (RFC 3263, 4.1). */
const SERVICES: Readonly<Record<string, string>> = { 'SIP+D2U': 'udp', 'SIP+D2T': 'tcp', 'SIPS+D2T': 'tls' };

/** The SRV name of each transport. */
const SRV_PREFIX: Readonly<Record<string, string>> = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' };

export class Resolver {
  private readonly kept = new BoundedMap<string, { untilMs: number; answer: Promise<readonly unknown[]> }>(MAX_KEPT);

  constructor(private readonly deps: ResolverDependencies) {}

  /** The targets in the order in which they are to be tried; none when the host is unknown. */
  async resolve(uri: SipUri): Promise<Target[]> {
    const secure = uri.scheme === 'sips';
    const named = uri.params.get('transport')?.toLowerCase();
    const transport = secure && !named?.startsWith('ws') ? 'tls' : named;
    const address = numericHost(uri.host);
    const port = uri.port ?? defaultPort(transport ?? 'udp');
    if (address !== undefined) return [{ transport: transport ?? 'udp', address, port }];
    // A browser's host, a name without a dot, and an explicit port have no SRV (RFC 3263, 4.2).
    const plain =
      uri.port !== undefined || !uri.host.includes('.') || (transport !== undefined && !SRV_PREFIX[transport]);
    if (!plain) {
      const found = transport === undefined ? await this.byNaptr(uri.host) : await this.bySrv(uri.host, transport);
      if (found.length > 0) return found.slice(0, MAX_TARGETS);
    }
    return this.addresses(uri.host, { transport: transport ?? 'udp', port });
  }

  private async byNaptr(host: string): Promise<Target[]> {
    const records = await this.ask<NaptrRecord>('naptr', host);
    const usable = records
      .flatMap((record) => {
        const transport = SERVICES[record.service.toUpperCase()];
        return transport === undefined || !this.speaks(transport) ? [] : [{ ...record, transport }];
      })
      .toSorted((one, other) => one.order - other.order || one.preference - other.preference);
    const targets: Target[] = [];
    for (const { replacement, transport } of usable) targets.push(...(await this.servers(replacement, transport)));
    if (targets.length > 0) return targets;
    for (const transport of ['udp', 'tcp']) {
      const found = await this.bySrv(host, transport);
      if (found.length > 0) return found;
    }
    return [];
  }

  private bySrv(host: string, transport: string): Promise<Target[]> {
    return this.servers(`${SRV_PREFIX[transport]}.${host}`, transport);
  }

  private async servers(name: string, transport: string): Promise<Target[]> {
    const records = await this.ask<SrvRecord>('srv', name);
    const targets: Target[] = [];
    for (const { name: host, port } of inOrder(records, this.deps.random)) {
      targets.push(...(await this.addresses(host, { transport, port })));
    }
    return targets;
  }

  private async addresses(host: string, to: { transport: string; port: number }): Promise<Target[]> {
    const asked = host.includes('.')
      ? [await this.ask<string>('a', host), await this.ask<string>('aaaa', host)].flat()
      : [];
    const found = asked.length > 0 ? asked : await this.ask<string>('local', host);
    return found.map((address) => ({ transport: to.transport, address, port: to.port }));
  }

  private speaks(transport: string): boolean {
    return transport !== 'tls' || this.deps.tls;
  }

  /** The answer, from memory where it is fresh; a failure is an empty answer that is forgotten sooner. */
  private ask<Answer>(question: keyof DnsClient, name: string): Promise<readonly Answer[]> {
    const { clock, dns } = this.deps;
    const key = `${question} ${name.toLowerCase()}`;
    const known = this.kept.get(key);
    if (known && known.untilMs > clock.monotonicMs()) return known.answer as Promise<readonly Answer[]>;
    const entry = {
      untilMs: clock.monotonicMs() + KEEP_MS,
      answer: (dns[question](name) as Promise<readonly unknown[]>).catch(() => {
        entry.untilMs = clock.monotonicMs() + KEEP_MS / 3;
        return [];
      }),
    };
    this.kept.set(key, entry);
    return entry.answer as Promise<readonly Answer[]>;
  }
}

const defaultPort = (transport: string): number => (transport === 'tls' ? 5061 : 5060);

/** RFC 2782: by priority; among equals drawn at random, the heavier the more often first. */
const inOrder = (records: readonly SrvRecord[], random: () => number): SrvRecord[] => {
  const rest = records.toSorted((one, other) => one.priority - other.priority || one.weight - other.weight);
  const ordered: SrvRecord[] = [];
  while (rest.length > 0) {
    const equals = rest.filter(({ priority }) => priority === rest[0]?.priority);
    let drawn = random() * equals.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = equals.find(({ weight }) => (drawn -= weight) <= 0) ?? equals[0];
    if (!chosen) break;
    ordered.push(chosen);
    rest.splice(rest.indexOf(chosen), 1);
  }
  return ordered;
};
