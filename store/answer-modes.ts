/** Whether an agent's browser answers the calls of queues by itself, as administrators set it for queues and agents. */
import type { AgentId, QueueId } from '../base/ids';

/** `manual`: the agent answers by a click; `automatic`: the browser does, after it has rung for a moment. */
export type AnswerMode = 'manual' | 'automatic';

export interface AnswerModeSetting {
  _id: string;
  mode: AnswerMode;
  /** How long the browser rings before it answers by itself. */
  delayMs: number;
  queues: QueueId[];
  agents: AgentId[];
}
