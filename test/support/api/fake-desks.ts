/** Desks without calls behind them: they keep the agents' states and remember what they were told. */
import type { AgentId, InteractionId } from '../../../base/ids';
import { asId } from '../../../base/ids';
import type { Result } from '../../../base/result';
import { fail, ok } from '../../../base/result';
import type { AgentOrder } from '../../../calls/direct-agent';
import type { RecordingOrder } from '../../../calls/recording-control';
import type { DeskAgent, DeskCall, DeskCommand, DeskEvent, DeskQueue, Desks, DeskSnapshot } from '../../../calls/ports';

export class FakeDesks implements Desks {
  readonly performed: { agentId: string; command: DeskCommand }[] = [];
  /** The desk's calls; while one is open, signing out is refused. */
  readonly calls = new Map<string, DeskCall[]>();
  queues: DeskQueue[] = [];
  /** What the next commands give; a promise lets a test keep one open. */
  answer: (command: DeskCommand) => Promise<Result<void>> = () => Promise.resolve(ok(undefined));
  private readonly known = new Map<string, DeskAgent>();
  private readonly listeners = new Set<(event: DeskEvent) => void>();

  constructor(
    agents: { agentId: string; displayName: string; displayNameZh?: string | undefined; extension: string }[],
  ) {
    for (const agent of agents) {
      this.known.set(agent.agentId, {
        ...agent,
        agentId: asId<AgentId>(agent.agentId),
        state: 'signed-out',
        sinceMs: 0,
        deviceRegistered: false,
        station: { kind: 'browser' },
        stations: ['browser'],
      });
    }
  }

  signIn(agentId: AgentId): Result<void> {
    const agent = this.known.get(agentId);
    if (!agent) return fail('not_found', `there is no agent ${agentId}`);
    if (agent.state === 'signed-out') this.change(agentId, { state: 'not-ready', notReadyReason: 'signed-in' });
    return ok(undefined);
  }

  signOut(agentId: AgentId): Result<void> {
    if ((this.calls.get(agentId) ?? []).length > 0) return fail('conflict', 'Finish the open call first.');
    this.change(agentId, { state: 'signed-out', notReadyReason: undefined });
    return ok(undefined);
  }

  perform(agentId: AgentId, command: DeskCommand): Promise<Result<void>> {
    this.performed.push({ agentId, command });
    return this.answer(command);
  }

  readonly recorded: { callId: string; order: RecordingOrder }[] = [];

  record(callId: string, order: RecordingOrder): ReturnType<Desks['record']> {
    this.recorded.push({ callId, order });
    if (callId !== 'call-1') return Promise.resolve(fail('not_found', `There is no call ${callId}.`));
    return Promise.resolve(ok({ interactionId: asId<InteractionId>('interaction-1') }));
  }

  readonly directed: { agentId: string; order: AgentOrder }[] = [];

  direct(agentId: AgentId, order: AgentOrder): Promise<Result<void>> {
    if (!this.known.has(agentId)) return Promise.resolve(fail('not_found', `There is no agent ${agentId}.`));
    this.directed.push({ agentId, order });
    if (order.do === 'unlock') this.change(agentId, { locked: undefined });
    if (order.do === 'lock') this.change(agentId, { locked: true, notReadyReason: 'locked' });
    if (order.do === 'lock' && order.session === 'ends') this.change(agentId, { state: 'signed-out' });
    return Promise.resolve(ok(undefined));
  }

  snapshot(agentId: AgentId | undefined): DeskSnapshot {
    const own = agentId === undefined ? undefined : this.known.get(agentId);
    return { agent: own, calls: agentId === undefined ? [] : (this.calls.get(agentId) ?? []), queues: this.queues };
  }

  agents(): DeskAgent[] {
    return [...this.known.values()];
  }

  onEvent(listener: (event: DeskEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  stateOf(agentId: string): DeskAgent['state'] | undefined {
    return this.known.get(agentId)?.state;
  }

  change(agentId: string, change: Partial<DeskAgent>): void {
    const agent = this.known.get(agentId);
    if (!agent) throw new Error(`no agent ${agentId}`);
    const changed = { ...agent, ...change };
    this.known.set(agentId, changed);
    this.emit({ type: 'agent', agent: changed });
  }

  emit(event: DeskEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
