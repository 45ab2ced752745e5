/** Where a call is on its way, as a machine that refuses illegal moves. */
import { InvariantError } from '../base/errors';
import type { AgentId, OfferId, QueueId } from '../base/ids';
import type { FlowState } from '../flows/interpreter';
import type { Ending } from './outcome';

/**
 * ```
 * flow ──► queued ◄──► ringing ──► talking ◄──► held
 *   │         │ ▲─────────│───────────┴───────────┤ (the agent's browser is gone)
 *   └─────────┴───────────┴───► ended ◄───────────┘      dialling (an agent's own call) ──► talking │ ended
 *
 * talking, held ◄──► consulting           the agent asks somebody while the customer waits
 * talking, held, consulting ──► transferring ──► talking (with another agent) │ forwarded │ queued (nobody took it)
 * (an extension is called, or the flow dials) alerting ──► talking │ forwarded │ flow │ ended
 * forwarded ──► transferring │ talking │ flow     a phone has transferred it
 * talking, held ──► queued │ flow         transferred there; to the flow also when the agent has hung up
 * dialling, alerting, transferring, flow ──► failing ──► flow │ ended     nobody was reached, and a tone says so
 * ringing ──► ringing                     another of several agents who ring at once comes to the fore
 * queued ──► queued │ flow                 overflow; a fax machine goes to the step that its flow has for it
 * flow ◄──► conference ──► ended            an invited party: alerting ──► conference
 * ringing ──► dialling                     an agent has accepted a callback, and the customer is called
 * talking, held ──► reanswer ──► talking │ ended     one has hung up and may come back (`release-mode.ts`)
 * ```
 */
export type CallPhase =
  | { readonly kind: 'flow'; readonly state: FlowState }
  | { readonly kind: 'queued'; readonly queueId: QueueId }
  | { readonly kind: 'ringing'; readonly queueId: QueueId; readonly agentId: AgentId; readonly offerId: OfferId }
  | { readonly kind: 'dialling'; readonly agentId: AgentId }
  | { readonly kind: 'talking'; readonly agentId: AgentId }
  | { readonly kind: 'held'; readonly agentId: AgentId }
  /** The agent is with the third party, or waits for it; the customer hears music. */
  | { readonly kind: 'consulting'; readonly agentId: AgentId }
  /** Who had the customer has left; the third party is being reached, and the customer hears music. */
  | {
      readonly kind: 'transferring';
      readonly by: AgentId | undefined;
      /** The extension of the phone that has left, where one had transferred the call. */
      readonly phone?: string;
    }
  /** An extension or a number outside rings for the caller; `flow` is where the flow that dialled goes on if it fails. */
  | { readonly kind: 'alerting'; readonly flow: FlowState | undefined }
  /** Nobody was reached, and who has been answered already hears so by a tone; `after` is what comes then. */
  | { readonly kind: 'failing'; readonly after: AfterFailure }
  /** In a conference room, or on the way in or out; `flow` is where the caller's flow goes on afterwards. */
  | { readonly kind: 'conference'; readonly roomId: string; readonly flow: FlowState | undefined }
  /** The customer talks with a phone or a party outside, and with no agent. */
  | { readonly kind: 'forwarded' }
  /** One of the two has hung up and may come back until then; the other one is kept. */
  | {
      readonly kind: 'reanswer';
      readonly agentId: AgentId;
      readonly waitingFor: 'agent' | 'caller';
      readonly untilMs: number;
    }
  | { readonly kind: 'ended' };

export type AfterFailure =
  | { readonly then: 'flow'; readonly state: FlowState }
  /** How the call ends, whoever hangs up during the tone. */
  | { readonly then: 'end'; readonly ending: Ending };

const MOVES: Readonly<Record<CallPhase['kind'], readonly CallPhase['kind'][]>> = {
  flow: ['flow', 'queued', 'alerting', 'failing', 'conference', 'ended'],
  queued: ['queued', 'ringing', 'flow', 'ended'],
  ringing: ['ringing', 'queued', 'talking', 'dialling', 'ended'],
  dialling: ['talking', 'failing', 'ended'],
  talking: ['reanswer', 'held', 'consulting', 'transferring', 'talking', 'forwarded', 'flow', 'queued', 'ended'],
  held: ['reanswer', 'talking', 'consulting', 'transferring', 'forwarded', 'flow', 'queued', 'ended'],
  consulting: ['talking', 'held', 'transferring', 'forwarded', 'queued', 'ended'],
  transferring: ['talking', 'transferring', 'forwarded', 'queued', 'failing', 'ended'],
  alerting: ['talking', 'forwarded', 'flow', 'failing', 'conference', 'ended'],
  failing: ['flow', 'ended'],
  conference: ['flow', 'ended'],
  forwarded: ['transferring', 'forwarded', 'talking', 'flow', 'ended'],
  reanswer: ['talking', 'ended'],
  ended: [],
};

/** The phase after a move. Throws an `InvariantError` naming both ends when the move is illegal. */
export const movePhase = (from: CallPhase, to: CallPhase): CallPhase => {
  if (!MOVES[from.kind].includes(to.kind)) throw new InvariantError(`a call cannot go from ${from.kind} to ${to.kind}`);
  return to;
};
