/**
 * Keeps an agent's desk signed in as long as a browser stands in front of it.
 *
 * ```
 *            sign-in                socket opens
 *  absent ──────────► grace ◄─────────────────────► present
 *    ▲                  │           socket closes      │
 *    │  desk is free    │ 30 s pass                    │ sign-out, when the desk allows it
 *    ├──────────────────┤                              │
 *    │                  ▼ a call or wrap-up is open    │
 *    ├◄───────────── leaving ──► present: socket opens │
 *    └◄────────────────────────────────────────────────┘
 * ```
 *
 * After a restart of the app the desks of agents whose sessions live on begin with the grace, too.
 *
 * A page that is loaded again or a laptop that changes its network is back within the grace and loses nothing. After it
 * the desk is signed out; a call that is still open is left to end by itself, and the desk is signed out after it.
 */
import type { AgentId } from '../../base/ids';
import { asId } from '../../base/ids';
import type { Clock, Timer } from '../../base/clock';
import type { Logger } from '../../base/log';
import type { Result } from '../../base/result';
import { ok } from '../../base/result';
import type { DeskEvent, Desks } from '../../calls/ports';

export const BROWSER_GRACE_MS = 30_000;

type Presence =
  | { readonly state: 'present'; readonly sockets: number }
  | { readonly state: 'grace'; readonly timer: Timer }
  | { readonly state: 'leaving' };

export interface AgentPresenceOptions {
  readonly desks: Desks;
  readonly clock: Clock;
  readonly log: Logger;
  /** The agent's desk has been signed out. */
  readonly onAbsent: (agentId: string) => void;
}

export class AgentPresence {
  private readonly agents = new Map<string, Presence>();
  private readonly unsubscribe: () => void;

  constructor(private readonly options: AgentPresenceOptions) {
    this.unsubscribe = options.desks.onEvent((event) => this.onDeskEvent(event));
  }

  /** The agent has proved who he is; his browser has the grace to open the event socket. */
  signIn(agentId: string): Result<void> {
    const result = this.options.desks.signIn(asId<AgentId>(agentId));
    if (result.ok && this.agents.get(agentId)?.state !== 'present') this.startGrace(agentId);
    return result;
  }

  /** The agent's session and desk have outlived a restart: the browser has the grace to come back. */
  restore(agentId: string): void {
    if (!this.agents.has(agentId)) this.startGrace(agentId);
  }

  /** Signs the desk out now; `conflict` while a call or wrap-up is open, and then nothing changes. */
  signOut(agentId: string): Result<void> {
    if (!this.agents.has(agentId)) return ok(undefined);
    const result = this.options.desks.signOut(asId<AgentId>(agentId));
    if (result.ok) this.forget(agentId);
    return result;
  }

  socketOpened(agentId: string): Result<void> {
    const result = this.options.desks.signIn(asId<AgentId>(agentId));
    if (!result.ok) return result;
    const presence = this.agents.get(agentId);
    if (presence?.state === 'grace') presence.timer.cancel();
    const sockets = presence?.state === 'present' ? presence.sockets + 1 : 1;
    this.agents.set(agentId, { state: 'present', sockets });
    return result;
  }

  socketClosed(agentId: string): void {
    const presence = this.agents.get(agentId);
    if (presence?.state !== 'present') return;
    if (presence.sockets > 1) this.agents.set(agentId, { state: 'present', sockets: presence.sockets - 1 });
    else this.startGrace(agentId);
  }

  isAbsent(agentId: string): boolean {
    return !this.agents.has(agentId);
  }

  close(): void {
    this.unsubscribe();
    for (const presence of this.agents.values()) if (presence.state === 'grace') presence.timer.cancel();
    this.agents.clear();
  }

  private startGrace(agentId: string): void {
    const presence = this.agents.get(agentId);
    if (presence?.state === 'grace') presence.timer.cancel();
    const timer = this.options.clock.after(BROWSER_GRACE_MS, () => this.leave(agentId));
    this.agents.set(agentId, { state: 'grace', timer });
  }

  private leave(agentId: string): void {
    const { desks, log } = this.options;
    const result = desks.signOut(asId<AgentId>(agentId));
    if (result.ok) {
      log.info({ agentId }, 'the agent’s browser is gone; the desk is signed out');
      this.forget(agentId);
    } else {
      log.info({ agentId, reason: result.fault.message }, 'the agent’s browser is gone; the desk is kept for now');
      this.agents.set(agentId, { state: 'leaving' });
    }
  }

  private forget(agentId: string): void {
    const presence = this.agents.get(agentId);
    if (presence?.state === 'grace') presence.timer.cancel();
    this.agents.delete(agentId);
    this.options.onAbsent(agentId);
  }

  /** A desk that is being left may have become free. Looked at after the event, when calls has finished its step. */
  private onDeskEvent(event: DeskEvent): void {
    if (event.type !== 'agent') return;
    const { agentId } = event.agent;
    if (this.agents.get(agentId)?.state !== 'leaving') return;
    this.options.clock.after(0, () => {
      if (this.agents.get(agentId)?.state === 'leaving') this.leave(agentId);
    });
  }
}
