/**
 * All event sockets: tells each browser what its user may see. An agent has one browser at his desk; a second one
 * replaces the first, but during a call only when it asks for that: the first would end the call as it leaves.
 */
import type { WebSocket } from 'ws';
import type { AgentId } from '../../base/ids';
import { asId } from '../../base/ids';
import type { CallQuality, DeskEvent, Desks } from '../../calls/ports';
import type { Supervision } from '../../calls/supervision-ports';
import type { FaultBody } from '../contract/common';
import type { CallQualityView } from '../contract/quality';
import type { Command, ServerMessage } from '../contract/socket';
import type { AuditTrail } from '../http/audit-trail';
import { writeDownOf } from '../http/audit-trail';
import { faultBody } from '../http/fault-body';
import { seesAll } from '../routes/interaction-view';
import type { AcdSettingsPorts, ConferencePorts, SecurityDesk, TenantSight } from '../ports';
import type { AgentPresence } from '../sessions/agent-presence';
import type { LiveSession, SessionEnd, SessionRegistry } from '../sessions/session-registry';
import { conferenceAction, conferenceDeed } from './conference-action';
import { deskCommand } from './desk-command';
import { EventConnection } from './event-connection';

/** A supervisor's windows. */
const MAX_SOCKETS_PER_SESSION = 10;

const NOT_A_LEADER: FaultBody = { code: 'forbidden', message: 'Only supervisors direct conferences.' };
const NO_DESK: FaultBody = { code: 'forbidden', message: 'Only agents have a desk; this user is none.' };

export interface EventHubOptions extends AuditTrail {
  readonly desks: Desks;
  readonly supervision: Pick<Supervision, 'list'>;
  readonly sessions: SessionRegistry;
  readonly presence: AgentPresence;
  readonly alarms: Pick<SecurityDesk['alarms'], 'onRaised'>;
  readonly conferences: Pick<ConferencePorts['desk'], 'act' | 'onChanged'>;
  readonly viewOf: AcdSettingsPorts['viewOf'];
}

/** How a browser comes to the desk. */
export interface Arrival {
  /** The window's own name; the same again is the same window that lost its connection. */
  readonly window: string | undefined;
  /** Takes the desk from another window even while a call is open. */
  readonly takeover: boolean;
  /** Where from, for the audit. */
  readonly address: string;
}

/** Who sends a command. */
interface Sender {
  readonly session: LiveSession;
  readonly address: string;
}

/** The browser in front of an agent's desk. */
interface AtDesk {
  readonly connection: EventConnection;
  readonly window: string | undefined;
}

/** What a user's browser is told of an event; undefined when it is none of his business. */
export const messageFor = (event: DeskEvent, session: LiveSession, view?: TenantSight): ServerMessage | undefined => {
  const agentId = session.user.agent?.agentId;
  switch (event.type) {
    case 'agent': {
      const own = event.agent.agentId === agentId;
      const isSeen = seesAll(session.user) && (!view || view.sees(event.agent));
      return own || isSeen ? { type: 'agent', agent: event.agent } : undefined;
    }
    case 'call':
      return event.agentId === agentId ? { type: 'call', call: event.call } : undefined;
    case 'supervision': {
      const { supervision } = event;
      return supervision.userId === session.user.userId ? { type: 'supervision', supervision } : undefined;
    }
    case 'queues':
      return { type: 'queues', queues: view ? event.queues.filter((queue) => view.sees(queue)) : event.queues };
    case 'quality': {
      const isOwn = ({ agentIds }: CallQuality): boolean => agentIds.some((id) => id === agentId);
      const isSeen = ({ agentIds }: CallQuality): boolean => !view || agentIds.some((id) => view.sees({ agentId: id }));
      const seen = seesAll(session.user)
        ? event.calls.filter(isSeen)
        : event.calls.filter(isOwn).map(withoutSupervisors);
      return seen.length > 0 ? { type: 'quality', calls: seen.map(qualityView) } : undefined;
    }
    case 'interaction': {
      const own = agentId !== undefined && event.agentIds.includes(agentId);
      return own || seesAll(session.user) ? { type: 'interaction', interactionId: event.interactionId } : undefined;
    }
  }
};

/** Agents are not to learn by it that somebody listens. */
const withoutSupervisors = (call: CallQuality): CallQuality => ({
  ...call,
  legs: call.legs.filter(({ role }) => role !== 'supervisor'),
});

const qualityView = ({ callId, legs, fault }: CallQuality): CallQualityView => ({ callId, legs: [...legs], fault });

export class EventHub {
  private readonly connections = new Set<EventConnection>();
  private readonly atDesk = new Map<string, AtDesk>();
  private readonly unsubscribe: (() => void)[];
  private onEmpty: (() => void) | undefined;

  constructor(private readonly options: EventHubOptions) {
    this.unsubscribe = [
      options.desks.onEvent((event) => this.tell(event)),
      options.sessions.events.on('ended', (session, end) => this.onSessionEnded(session, end)),
      options.alarms.onRaised((alarm) => this.tellLeaders({ type: 'alarm', alarm })),
      options.conferences.onChanged((conference) => this.tellLeaders({ type: 'conference', conference })),
    ];
  }

  /** Serves a socket of this session until it closes; one that may not take the desk hears `bye` instead of `hello`. */
  accept(socket: WebSocket, session: LiveSession, arrival: Arrival): void {
    const agentId = session.user.agent?.agentId;
    const refused = agentId !== undefined && this.isInUse(agentId, arrival);
    const connection = new EventConnection({
      socket,
      session,
      perform: (command) => this.perform({ session, address: arrival.address }, command),
      onClosed: () => this.onClosed(connection, refused),
      clock: this.options.clock,
      log: this.options.log,
    });
    if (refused) {
      this.connections.add(connection);
      connection.bye('in-use');
      return;
    }
    this.makeRoom(session);
    this.connections.add(connection);
    if (agentId !== undefined) this.takeDesk(agentId, { connection, window: arrival.window });
    const snapshot = this.options.desks.snapshot(agentId === undefined ? undefined : asId<AgentId>(agentId));
    const { clock, supervision, viewOf } = this.options;
    const view = viewOf(session.user);
    const queues = view ? snapshot.queues.filter((queue) => view.sees(queue)) : snapshot.queues;
    const own = supervision.list().find(({ userId }) => (userId as string) === session.user.userId);
    connection.send({ type: 'hello', serverTimeMs: clock.nowMs(), ...snapshot, queues, supervision: own });
  }

  /** This session's browser stands in front of its agent's desk. */
  holdsDesk(session: LiveSession): boolean {
    const agentId = session.user.agent?.agentId;
    return agentId !== undefined && this.atDesk.get(agentId)?.connection.session.key === session.key;
  }

  /** Says goodbye to every browser; resolves when all are gone. */
  close(): Promise<void> {
    for (const off of this.unsubscribe) off();
    return new Promise((resolve) => {
      this.onEmpty = resolve;
      if (this.connections.size === 0) resolve();
      for (const connection of this.connections) connection.bye('shutting-down');
    });
  }

  private takeDesk(agentId: string, newcomer: AtDesk): void {
    const signedIn = this.options.presence.socketOpened(agentId);
    if (!signedIn.ok) this.options.log.warn({ agentId, fault: signedIn.fault.message }, 'the desk did not sign in');
    this.atDesk.get(agentId)?.connection.bye('replaced');
    this.atDesk.set(agentId, newcomer);
  }

  /** Another window stands at the desk with a call that has not ended. */
  private isInUse(agentId: string, { window, takeover }: Arrival): boolean {
    const present = this.atDesk.get(agentId);
    if (!present || takeover || (window !== undefined && present.window === window)) return false;
    const { calls } = this.options.desks.snapshot(asId<AgentId>(agentId));
    return calls.some(
      ({ state }) => state === 'ringing' || state === 'connected' || state === 'held' || state === 'consulting',
    );
  }

  private makeRoom(session: LiveSession): void {
    const own = [...this.connections].filter((connection) => connection.session.key === session.key);
    if (own.length >= MAX_SOCKETS_PER_SESSION) own[0]?.bye('replaced');
  }

  private tell(event: DeskEvent): void {
    const written = new Map<string, string>();
    for (const connection of this.connections) {
      const view = this.options.viewOf(connection.session.user);
      const message = messageFor(event, connection.session, view);
      if (!message) continue;
      // How calls sound is told to each in parts; the rest is the same for all of a tenant who are told, and written once.
      if (message.type === 'quality') {
        connection.send(message);
        continue;
      }
      const text = written.get(view?.tenant ?? '') ?? JSON.stringify(message);
      written.set(view?.tenant ?? '', text);
      connection.sendText(text);
    }
    if (event.type !== 'call') return;
    const { team } = event;
    this.tellLeaders({ type: 'team-call', call: { ...team, supervisors: [...team.supervisors] } }, team.agentId);
  }

  /** @param agentId whom it is about; those who do not see that agent are not told. */
  private tellLeaders(message: ServerMessage, agentId?: string): void {
    let text: string | undefined;
    for (const connection of this.connections) {
      const { user } = connection.session;
      if (!seesAll(user) || this.options.viewOf(user)?.sees({ agentId }) === false) continue;
      connection.sendText((text ??= JSON.stringify(message)));
    }
  }

  private async perform(sender: Sender, command: Command): Promise<FaultBody | undefined> {
    if (command.command === 'ping') return undefined;
    if (command.command === 'conference') return this.direct(sender, command);
    const { agent } = sender.session.user;
    if (!agent) return NO_DESK;
    const result = await this.options.desks.perform(asId<AgentId>(agent.agentId), deskCommand(command));
    return result.ok ? undefined : faultBody(result.fault);
  }

  private async direct(
    { session: { user }, address }: Sender,
    command: Extract<Command, { command: 'conference' }>,
  ): Promise<FaultBody | undefined> {
    if (!seesAll(user)) return NOT_A_LEADER;
    const { roomId, action } = command;
    const done = this.options.conferences.act(roomId, conferenceAction(action), user.userId);
    if (!done.ok) return faultBody(done.fault);
    const detail = conferenceDeed(roomId, action);
    await writeDownOf(this.options, { user, address, action: 'conference-directed', detail });
    return undefined;
  }

  private onClosed(connection: EventConnection, refused: boolean): void {
    this.connections.delete(connection);
    if (this.connections.size === 0) this.onEmpty?.();
    const agentId = connection.session.user.agent?.agentId;
    if (agentId === undefined || refused) return;
    if (this.atDesk.get(agentId)?.connection === connection) this.atDesk.delete(agentId);
    this.options.presence.socketClosed(agentId);
  }

  private onSessionEnded(session: LiveSession, end: SessionEnd): void {
    for (const connection of this.connections) if (connection.session.key === session.key) connection.bye(end);
  }
}
