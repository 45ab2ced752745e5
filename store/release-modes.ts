/** Who ends a conversation by hanging up, as administrators set it for queues and agents. */
import type { AgentId, QueueId } from '../base/ids';

/**
 * - `either`: whoever hangs up ends the call;
 * - `caller`: the caller does; when the agent hangs up, the agent may come back;
 * - `callee`: the agent does; when the caller hangs up, the agent keeps the call and may call the caller back.
 */
export type ReleaseMode = 'either' | 'caller' | 'callee';

export interface ReleaseModeSetting {
  _id: string;
  mode: ReleaseMode;
  /** How long the other side is waited for. */
  reanswerMs: number;
  queues: QueueId[];
  agents: AgentId[];
}
