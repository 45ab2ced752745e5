/** The agent's machine: the only place that assigns an agent's status. */
import { invariant } from '../../base/errors';
import type { AgentId } from '../../base/ids';
import type { AcdEffect, AcdState, Agent, AgentStatus } from './model';

type Kind = AgentStatus['kind'];

/** Every move that is legal; anything else is a bug of the core. */
const MOVES: Readonly<Record<Kind, readonly Kind[]>> = {
  'signed-out': ['not-ready'],
  'not-ready': ['signed-out', 'not-ready', 'ready', 'busy'],
  ready: ['signed-out', 'not-ready', 'offered', 'busy'],
  offered: ['ready', 'not-ready', 'busy', 'signed-out'],
  busy: ['wrap-up', 'ready', 'not-ready'],
  'wrap-up': ['ready', 'not-ready', 'busy'],
};

/** A step's working set: the state it owns, the time, and the effects it has collected. */
export interface Work {
  readonly state: AcdState;
  readonly nowMs: number;
  readonly effects: AcdEffect[];
}

export const updateAgent = (work: Work, agentId: AgentId, change: Partial<Omit<Agent, 'status' | 'sinceMs'>>): void => {
  const agent = work.state.agents.get(agentId);
  invariant(agent, `agent ${agentId} is not configured`);
  work.state.agents.set(agentId, { ...agent, ...change });
};

/** Moves an agent to a status, refusing illegal moves, and reports the change. */
export const moveAgent = (work: Work, agentId: AgentId, status: AgentStatus): void => {
  const agent = work.state.agents.get(agentId);
  invariant(agent, `agent ${agentId} is not configured`);
  const from = agent.status.kind;
  invariant(MOVES[from].includes(status.kind), `agent ${agentId} cannot go from ${from} to ${status.kind}`);
  work.state.agents.set(agentId, { ...agent, status, sinceMs: work.nowMs });
  work.effects.push({ type: 'agent-changed', agentId });
};

/** After a contact (and its wrap-up): ready or not ready, as the agent chose. */
export const moveToNext = (work: Work, agentId: AgentId): void => {
  const agent = work.state.agents.get(agentId);
  invariant(agent, `agent ${agentId} is not configured`);
  moveAgent(work, agentId, agent.next);
};
