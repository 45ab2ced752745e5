/**
 * What a message must pass before it may open a transaction: its source is not banned, does not send too much, and is no
 * stranger (or is one that the app wants to see).
 */
import { randomInt } from 'node:crypto';
import { BoundedMap } from '../../base/bounded-map';
import type { Result } from '../../base/result';
import type { Connection, TransportProtocol } from '../sip/connection';
import type { SipRequest } from '../sip/message';
import { serverKey } from '../sip/transaction/keys';
import { BANS, BanList } from './ban-list';
import type { EdgeCore } from './core';
import { leadsOn } from './proxy/pass-through';
import { sendNotice } from './notice';
import { STRANGER_EVENT, STRANGERS } from './strangers/policy';
import { StatelessReply } from './strangers/stateless-reply';
import type { Knocking } from './strangers/stranger-guard';
import { StrangerGuard } from './strangers/stranger-guard';
import type { ConnectionRefusal } from './transport/sink';

/** As long as an INVITE may come again: 64*T1, Timer B of its sender. */
const REFUSED_FOR_MS = 32_000;
const MAX_REFUSED = 20_000;

export class Screening {
  private readonly bans: BanList;
  private readonly strangers: StrangerGuard;
  private readonly stateless = new StatelessReply();
  /** INVITEs that were refused for want of room, and until when their copies are. */
  private readonly refused = new BoundedMap<string, number>(MAX_REFUSED);

  /** Adds the extensions by which apps tell about strangers and bans. */
  constructor(private readonly core: EdgeCore) {
    this.bans = new BanList(core.clock);
    this.strangers = new StrangerGuard({
      clock: core.clock,
      isKnown: (address) => core.flood.knows(address),
      isExpected: (request) => this.isExpected(request),
      onKnocking: (knocking, connection) => this.tellOf(knocking, connection),
    });
    core.extensions.add(STRANGERS, (_session, input) => this.strangers.configure(input));
    core.extensions.add(BANS, (_session, input) => this.ban(input));
  }

  /** Whether nothing is to be taken from this address, not even a connection. */
  isBanned(address: string): boolean {
    return this.bans.holds(address);
  }

  /** Why a connection from there is not taken. Browsers at the app's own door have been counted by the app. */
  connectionRefusal(address: string, protocol: TransportProtocol): ConnectionRefusal | undefined {
    if (this.isBanned(address)) return 'banned';
    const { streams, limits, flood } = this.core;
    if (streams.full) return 'too many connections';
    const isCounted = protocol !== 'ws' && !flood.knows(address) && !this.strangers.isPeer(address);
    const isTooMany = isCounted && streams.countOf(address) >= limits.maxConnectionsPerSource;
    return isTooMany ? 'too many connections of this source' : undefined;
  }

  /** Whether a request may be looked at; if not it has been refused, or dropped. */
  admits(request: SipRequest, connection: Connection): boolean {
    if (!this.isWithinLimits(connection)) return false;
    const verdict = this.strangers.judge(request, connection);
    if (verdict === 'admit') return !this.isOneCallTooMany(request, connection);
    const { method, uri } = request;
    this.core.refusals.note('a stranger', connection, { method, uri, answer: verdict });
    if (verdict === 'reply') this.stateless.send(request, connection, { status: 403 });
    return false;
  }

  /**
   * Refuses a new call when we cannot keep up: at once and without a transaction, since whatever a refusal costs is taken
   * from the calls that are let in. Callers are told different times, so that they do not all come back together. Copies
   * of what was refused are, too: the caller has heard so, and would not acknowledge an answer.
   */
  private isOneCallTooMany(request: SipRequest, connection: Connection): boolean {
    if (request.method !== 'INVITE' || request.to.tag !== undefined) return false;
    const { overload, incoming, limits, layer, refusals, clock } = this.core;
    const isFull = incoming.invites >= limits.maxPendingInvites;
    const mayPass = !isFull && overload.shareRefused === 0;
    if (mayPass && this.refused.size === 0) return false;
    const key = serverKey(request);
    const isCopy = (this.refused.get(key) ?? 0) > clock.monotonicMs();
    if (!isCopy && (mayPass || layer.holds(request) || (!isFull && !overload.refusesNext()))) return false;
    if (!isCopy) this.refused.set(key, clock.monotonicMs() + REFUSED_FOR_MS);
    refusals.note('we are overloaded', connection, { method: request.method, uri: request.uri });
    const headers = [['Retry-After', String(randomInt(2, 10))]] as const;
    this.stateless.send(request, connection, { status: 503, headers });
    return true;
  }

  /** Whether what could not be read may be answered. */
  admitsFault(connection: Connection): boolean {
    return this.isWithinLimits(connection) && !this.strangers.ignores(connection);
  }

  private isWithinLimits(connection: Connection): boolean {
    if (this.core.flood.admits(connection.remote.address)) return true;
    this.core.refusals.note('a stranger sends too much', connection);
    return false;
  }

  private isExpected(request: SipRequest): boolean {
    const { dialogs, layer } = this.core;
    if (request.to.tag !== undefined && dialogs.match(request) !== undefined) return true;
    return leadsOn(this.core, request) || layer.holds(request);
  }

  /** Connections that stand already end with the ban. */
  private ban(input: unknown): Result<void> {
    const done = this.bans.replace(input);
    for (const connection of this.core.streams.all()) {
      if (this.bans.holds(connection.remote.address)) connection.close();
    }
    return done;
  }

  private tellOf(knocking: Knocking, connection: Connection): void {
    const { control } = this.core;
    sendNotice(this.core, { event: STRANGER_EVENT, connection, body: knocking }, control.takersOf('invite'));
  }
}
