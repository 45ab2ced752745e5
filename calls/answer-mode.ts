/** Whether a call of a queue is answered by the agent or by the agent's browser itself. */
import type { AnswerMode } from '../store/answer-modes';
import type { Call } from './call';
import type { CallContext } from './context';

export interface AnswerPolicy {
  readonly mode: AnswerMode;
  /** How long it rings before it is answered by itself. */
  readonly delayMs: number;
}

/** Where a flow names the mode and not the time: long enough for the ring to be heard. */
const DEFAULT_DELAY_MS = 1_000;

/**
 * How long the call that rings at its agent does so until the browser answers; undefined where the agent does. The
 * flow's word goes before the agent's setting, that before the queue's. What colleagues call directly, and an agent who
 * is called back after having hung up, rings until somebody answers; so does what is no browser.
 */
export const autoAnswerMs = (ctx: CallContext, call: Call): number | undefined => {
  if (call.phase.kind !== 'ringing' || call.agentLeg?.station) return undefined;
  const set = ctx.routing.answerOf({ queueId: call.queueId, agentId: call.agentLeg?.agentId });
  const { mode = set?.mode, delayMs = set?.delayMs ?? DEFAULT_DELAY_MS } = call.ownAnswer ?? {};
  return mode === 'automatic' ? delayMs : undefined;
};
