/** What lives as long as the server, joined: sessions, the agents' presence, event sockets and SIP WebSockets. */
import type { AgentId } from '../base/ids';
import { asId } from '../base/ids';
import type { Lasting } from '../base/lasting';
import type { Desks } from '../calls/ports';
import type { Supervision } from '../calls/supervision-ports';
import { EventHub } from './events/event-hub';
import type { AuditTrail } from './http/audit-trail';
import type { WithTenants } from './http/tenant-view';
import type { ConferencePorts, SecurityDesk, SipCredentials } from './ports';
import { AgentPresence } from './sessions/agent-presence';
import { SessionRegistry } from './sessions/session-registry';
import type { KeptSession, SessionRegistryOptions } from './sessions/session-registry';
import { SipAccounts } from './sessions/sip-accounts';
import type { IceSettings } from './contract/rest';
import { SipProxy } from './sip-proxy';

/** Nobody listens whose session is over. */
const endSupervisions = (supervision: Supervision, userId: string): void => {
  for (const one of supervision.list())
    if (one.userId === userId) void supervision.leave(one.supervisionId, one.userId);
};

/** Sessions that outlive the process. */
export interface SessionKeeping {
  /** Those of before the restart whose users may still sign in. */
  readonly found: readonly Lasting<KeptSession>[];
  readonly records: NonNullable<SessionRegistryOptions['records']>;
}

export interface PartsOptions extends AuditTrail, WithTenants {
  readonly desks: Desks;
  readonly supervision: Supervision;
  readonly security: SecurityDesk;
  readonly conferences: ConferencePorts;
  readonly sipCredentials: SipCredentials;
  readonly sipDomain: string;
  /** TURN servers for a user's browser; none when absent. */
  readonly iceFor?: ((userName: string) => IceSettings | undefined) | undefined;
  readonly sipWebSocketTarget: { readonly host: string; readonly port: number };
  /** Tells of the app's connection to the SIP server; returns what ends that. */
  readonly onSignaling?: ((handler: (connected: boolean) => void) => () => void) | undefined;
  readonly sessionHours: number;
  /** Left out: sessions end with the process. */
  readonly sessionKeeping?: SessionKeeping | undefined;
}

export interface Parts {
  readonly sessions: SessionRegistry;
  readonly presence: AgentPresence;
  readonly hub: EventHub;
  readonly sipProxy: SipProxy;
  readonly sipAccounts: SipAccounts;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

export const createParts = (options: PartsOptions): Parts => {
  const { clock, log, desks } = options;
  const { found = [], records } = options.sessionKeeping ?? {};
  const sessions = new SessionRegistry({ clock, log, lifetimeMs: options.sessionHours * HOUR_MS, records });
  const sipProxy = new SipProxy({ target: options.sipWebSocketTarget, clock, log });
  // Who is registered is forgotten with the connection to the SIP server: browsers come back, and register.
  const unwatch = options.onSignaling?.((connected) => {
    if (!connected) sipProxy.close();
  });
  const sipAccounts = new SipAccounts({
    credentials: options.sipCredentials,
    domain: options.sipDomain,
    iceFor: options.iceFor,
  });
  const presence = new AgentPresence({ desks, clock, log, onAbsent: (agentId) => releaseSip(agentId) });
  const hub = new EventHub({
    desks,
    supervision: options.supervision,
    sessions,
    presence,
    alarms: options.security.alarms,
    conferences: options.conferences.desk,
    viewOf: (user) => options.acdSettings.viewOf(user),
    audit: options.audit,
    clock,
    log,
  });

  /** The SIP account goes when nobody needs it: no session is left, and the desk has no call to finish. */
  function releaseSip(agentId: string): void {
    const user = sipAccounts.holder(agentId);
    if (!user || sessions.ofUser(user.userId).length > 0 || !presence.isAbsent(agentId)) return;
    sipProxy.closeOfUser(user.userName);
    sipAccounts.revoke(agentId).catch((error: unknown) => log.error({ err: error }, 'a SIP account was not revoked'));
  }

  sessions.events.on('ended', ({ key, user }, end) => {
    // The next process goes on with it.
    if (end === 'shutting-down') return;
    // An expired session's call goes on: its SIP socket is closed when the desk has been left.
    if (end === 'signed-out') sipProxy.closeOfSession(key);
    if (user.agent) releaseSip(user.agent.agentId);
    if (sessions.ofUser(user.userId).length === 0) endSupervisions(options.supervision, user.userId);
  });

  /** Agents who are to be signed out after their contact. */
  const leaving = new Set<string>();
  const offDesks = desks.onEvent((event) => {
    if (event.type !== 'agent') return;
    const { agentId, state, next, locked } = event.agent;
    // Whoever was signed out by the lock of a supervisor has to sign in anew, and finds the seat locked.
    if (state === 'signed-out' && (locked || leaving.has(agentId)))
      for (const { key } of sessions.ofAgent(agentId)) sessions.end(key, 'signed-out');
    if (next?.state === 'signed-out') leaving.add(agentId);
    else leaving.delete(agentId);
  });

  sessions.restore(found);
  const signedIn = new Set(desks.agents().flatMap(({ agentId, state }) => (state === 'signed-out' ? [] : [agentId])));
  for (const { value } of found) {
    const { agent } = value.user;
    if (!agent) continue;
    if (signedIn.has(asId<AgentId>(agent.agentId))) presence.restore(agent.agentId);
    // The telephone registers again with the password that it has.
    sipAccounts.of(value.user).catch((error: unknown) => log.error({ err: error }, 'a SIP account was not restored'));
  }

  return {
    sessions,
    presence,
    hub,
    sipProxy,
    sipAccounts,
    async close() {
      offDesks();
      await hub.close();
      sessions.close();
      presence.close();
      unwatch?.();
      sipProxy.close();
    },
  };
};
