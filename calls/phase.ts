/** Where a call is on its way, as a machine that refuses illegal moves. */
import { InvariantError } from '../base/errors';
import type { AgentId, OfferId, QueueId } from '../base/ids';
import type { FlowState } from '../flows/interpreter';

/**
 * ```
 * flow ──► queued ◄──► ringing ──► talking ◄──► held
 *   │         │ ▲─────────│───────────┴───────────┤ (the agent's browser is gone)
 *   └─────────┴───────────┴───► ended ◄───────────┘      dialling (an agent's own call) ──► talking │ ended
 * ```
 */
export type CallPhase =
  | { readonly kind: 'flow'; readonly state: FlowState }
  | { readonly kind: 'queued'; readonly queueId: QueueId }
  | { readonly kind: 'ringing'; readonly queueId: QueueId; readonly agentId: AgentId; readonly offerId: OfferId }
  | { readonly kind: 'dialling'; readonly agentId: AgentId }
  | { readonly kind: 'talking'; readonly agentId: AgentId }
  | { readonly kind: 'held'; readonly agentId: AgentId }
  | { readonly kind: 'ended' };

const MOVES: Readonly<Record<CallPhase['kind'], readonly CallPhase['kind'][]>> = {
  flow: ['flow', 'queued', 'ended'],
  queued: ['ringing', 'ended'],
  ringing: ['queued', 'talking', 'ended'],
  dialling: ['talking', 'ended'],
  talking: ['held', 'queued', 'ended'],
  held: ['talking', 'queued', 'ended'],
  ended: [],
};

/** The phase after a move. Throws an `InvariantError` naming both ends when the move is illegal. */
export const movePhase = (from: CallPhase, to: CallPhase): CallPhase => {
  if (!MOVES[from.kind].includes(to.kind)) throw new InvariantError(`a call cannot go from ${from.kind} to ${to.kind}`);
  return to;
};
