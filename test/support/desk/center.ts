/** The contact center that the desk's server plays: one agent's state, calls, queues and history, all in memory. */
import { randomUUID } from 'node:crypto';
import type { AgentView, CallView, ConsultView, QueueView, TransferTargetBody } from '../../../api/contract/common';
import type { InteractionView } from '../../../api/contract/rest';
import type { Command, ServerMessage } from '../../../api/contract/socket';
import type { TeamCallView } from '../../../api/contract/supervision';
import { sampleInteractions } from './sample-interactions';

type Send = (message: ServerMessage) => void;

export interface InboundCall {
  readonly number: string;
  readonly displayName?: string;
  readonly queueName?: string;
  readonly language?: string;
  readonly digits?: string[];
  readonly waitedMs?: number;
}

/** What the commands of the agent lead to, beyond the center's own state. */
export interface CenterEffects {
  readonly hangUp: (callId: string) => void;
  readonly dial: (number: string) => void;
}

const consulted = (target: TransferTargetBody, state: ConsultView['state']): ConsultView => {
  if (target.kind === 'agent') return { state, kind: 'agent', number: '1002', name: 'Tomás Rivera' };
  return target.kind === 'queue'
    ? { state: 'waiting', kind: 'queue', name: target.queueId }
    : { state, kind: 'number', number: target.number };
};

export const AGENT = { agentId: 'agent-1', displayName: '李娜 Li Na', extension: '1001' };
export const WRAP_UP_MS = 30_000;

export class DeskCenter {
  agent: AgentView = {
    ...AGENT,
    state: 'not-ready',
    notReadyReason: 'signed-in',
    sinceMs: Date.now(),
    deviceRegistered: false,
  };
  queues: QueueView[];
  readonly calls = new Map<string, CallView>();
  /** What supervisors see of the other agents' calls. */
  teamCalls: TeamCallView[] = [];
  interactions: InteractionView[] = sampleInteractions(Date.now());
  /** Every command that came, for tests. */
  readonly commands: Command[] = [];
  effects: CenterEffects = { hangUp: () => undefined, dial: () => undefined };
  private readonly listeners = new Set<Send>();

  constructor() {
    this.queues = [
      { queueId: 'support', name: 'Support', nameZh: '技术支持', waiting: 0, agentsReady: 3, agentsBusy: 5 },
      { queueId: 'sales', name: '销售咨询', waiting: 0, agentsReady: 1, agentsBusy: 2 },
    ];
  }

  subscribe(send: Send, isAgent: boolean): () => void {
    send({
      type: 'hello',
      serverTimeMs: Date.now(),
      ...(isAgent ? { agent: this.agent } : {}),
      calls: isAgent ? [...this.calls.values()] : [],
      queues: this.queues,
    });
    this.listeners.add(send);
    return () => void this.listeners.delete(send);
  }

  publish(message: ServerMessage): void {
    for (const send of this.listeners) send(message);
  }

  setAgent(change: Partial<AgentView>): void {
    const { notReadyReason: _reason, wrapUpUntilMs: _until, ...kept } = this.agent;
    this.agent = { ...kept, sinceMs: Date.now(), ...change };
    this.publish({ type: 'agent', agent: this.agent });
  }

  setDevice(registered: boolean): void {
    this.agent = { ...this.agent, deviceRegistered: registered };
    this.publish({ type: 'agent', agent: this.agent });
  }

  setQueues(queues: QueueView[]): void {
    this.queues = queues;
    this.publish({ type: 'queues', queues });
  }

  changeCall(callId: string, change: Partial<CallView>): void {
    const call = this.calls.get(callId);
    if (!call) return;
    const changed = { ...call, ...change };
    if (changed.state === 'ended') this.calls.delete(callId);
    else this.calls.set(callId, changed);
    this.publish({ type: 'call', call: changed });
  }

  /** Offers a call to the agent; returns its id. */
  offer(inbound: InboundCall): string {
    const callId = randomUUID();
    const { number, displayName, language, digits = [], waitedMs = 0, queueName = 'Support' } = inbound;
    this.begin({
      callId,
      interactionId: randomUUID(),
      direction: 'inbound',
      state: 'ringing',
      number,
      dialledNumber: '4000',
      queueId: 'support',
      queueName,
      digits,
      waitedMs,
      startedAtMs: Date.now(),
      muted: false,
      recording: false,
      ...(displayName ? { displayName } : {}),
      ...(language ? { language } : {}),
    });
    this.setAgent({ state: 'offered' });
    return callId;
  }

  /** A call that the agent has dialled. */
  outbound(number: string): string {
    const callId = randomUUID();
    this.begin({
      callId,
      interactionId: randomUUID(),
      direction: 'outbound',
      state: 'ringing',
      number,
      dialledNumber: number,
      digits: [],
      startedAtMs: Date.now(),
      muted: false,
      recording: false,
    });
    this.setAgent({ state: 'busy' });
    return callId;
  }

  answered(callId: string): void {
    this.changeCall(callId, { state: 'connected', answeredAtMs: Date.now(), recording: true });
    this.setAgent({ state: 'busy' });
  }

  /** A call that has been answered goes to wrap-up; another one is over and the agent missed it. */
  ended(callId: string): void {
    const call = this.calls.get(callId);
    if (!call || call.state === 'wrap-up') return;
    if (call.answeredAtMs === undefined) {
      this.changeCall(callId, { state: 'ended', endedAtMs: Date.now(), endReason: 'no-answer' });
      this.setAgent({ state: 'not-ready', notReadyReason: 'no-answer' });
      return;
    }
    this.setAgent({ state: 'wrap-up', wrapUpUntilMs: Date.now() + WRAP_UP_MS });
    this.changeCall(callId, { state: 'wrap-up', endedAtMs: Date.now(), recording: false });
  }

  readonly conferenceActions: Extract<Command, { command: 'conference' }>[] = [];

  /** Performs a command; the text of a refusal, or undefined. */
  perform(command: Command): string | undefined {
    this.commands.push(command);
    switch (command.command) {
      case 'ping':
        return undefined;
      case 'conference':
        this.conferenceActions.push(command);
        return undefined;
      case 'ready':
        this.setAgent({ state: 'ready' });
        return undefined;
      case 'not-ready':
        this.setAgent({ state: 'not-ready', notReadyReason: command.reason });
        return undefined;
      case 'sign-out':
        this.setAgent({ next: { state: 'signed-out' }, wrapUpUntilMs: this.agent.wrapUpUntilMs });
        return undefined;
      case 'station':
        this.setAgent({ ...this.agent, station: command.station });
        return undefined;
      case 'dial':
        this.effects.dial(command.number);
        return undefined;
      default:
        return this.performOnCall(command);
    }
  }

  private performOnCall(command: Extract<Command, { callId: string }>): string | undefined {
    const { callId } = command;
    if (!this.calls.has(callId)) return `There is no call ${callId}.`;
    switch (command.command) {
      case 'extend-wrap-up':
        this.setAgent({ wrapUpUntilMs: (this.agent.wrapUpUntilMs ?? 0) + 60_000 });
        break;
      case 'hold':
      case 'resume':
        this.changeCall(callId, { state: command.command === 'hold' ? 'held' : 'connected' });
        break;
      case 'mute':
      case 'unmute':
        this.changeCall(callId, { muted: command.command === 'mute' });
        break;
      case 'hang-up':
        this.effects.hangUp(callId);
        break;
      case 'send-digits':
      case 'announce':
      case 'merge-consult':
      case 'leave-call':
      case 'drop-party':
      case 'recording':
      case 'report-quality':
        break;
      case 'transfer':
        this.ended(callId);
        break;
      case 'consult':
        this.changeCall(callId, { state: 'consulting', consult: consulted(command.target, 'ringing') });
        break;
      case 'toggle-consult':
        this.toggle(callId);
        break;
      case 'complete-transfer':
        this.changeCall(callId, { consult: undefined });
        this.ended(callId);
        break;
      case 'cancel-consult':
        this.changeCall(callId, { state: 'connected', consult: undefined });
        break;
      case 'wrap-up-done':
        this.finish(callId, command.note, command.disposition);
        break;
    }
    return undefined;
  }

  /** The consulted party answers. */
  thirdAnswers(callId: string): void {
    const consult = this.calls.get(callId)?.consult;
    if (consult) this.changeCall(callId, { consult: { ...consult, state: 'connected' } });
  }

  private toggle(callId: string): void {
    const call = this.calls.get(callId);
    if (!call?.consult) return;
    const toCustomer = call.state === 'consulting';
    const consult = { ...call.consult, state: toCustomer ? 'held' : 'connected' } as const;
    this.changeCall(callId, { state: toCustomer ? 'connected' : 'consulting', consult });
  }

  private begin(call: CallView): void {
    this.calls.set(call.callId, call);
    this.publish({ type: 'call', call });
  }

  private finish(callId: string, note: string, disposition: CallView['endReason']): void {
    const call = this.calls.get(callId);
    if (!call) return;
    const endedAtMs = Date.now();
    const written = sampleInteractions(endedAtMs)[0];
    if (written) {
      this.interactions = [
        {
          ...written,
          id: call.interactionId,
          caller: { number: call.number },
          startedAtMs: call.startedAtMs,
          wrapUp: { note, agentId: AGENT.agentId, endedAtMs, ...(disposition ? { disposition: 'resolved' } : {}) },
        },
        ...this.interactions,
      ];
    }
    this.changeCall(callId, { state: 'ended' });
    this.setAgent({ state: 'ready' });
    this.publish({ type: 'interaction', interactionId: call.interactionId });
  }
}
