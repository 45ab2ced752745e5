/** Which calls are recorded, and who may change that during a call, as administrators set it. */
import type { AgentId, QueueId } from '../base/ids';

/**
 * - `always`: calls are recorded by themselves, all of them or a sample;
 * - `on-demand`: when somebody who may do so starts it;
 * - `off`: never.
 */
export type RecordingMode = 'always' | 'on-demand' | 'off';

/** `pause` is resuming as well, `mask` ending the mask. */
export type RecordingRight = 'start' | 'stop' | 'pause' | 'mask';

/** What the parties are told: nothing, a prompt when the recording begins, or a short tone every 15 s. */
export type RecordingNotice = 'none' | 'announcement' | 'beep';

export interface RecordingRule {
  mode: RecordingMode;
  /** Of a hundred calls so many are recorded, with `always`. */
  samplePercent: number;
  /** What the agent of the call may do. */
  agentMay: RecordingRight[];
  supervisorMay: RecordingRight[];
  /** After so long a pause or a mask ends by itself. */
  resumeAfterMs: number;
  notice: RecordingNotice;
  /** How long recordings are kept; left out, as the configuration says. */
  retentionDays?: number | undefined;
}

/** A rule, and the calls that it is about. */
export interface RecordingPolicy extends RecordingRule {
  _id: string;
  agents: AgentId[];
  /** Patterns of dialled numbers: ours in calls that come in, the called party's in others. */
  numbers: string[];
  queues: QueueId[];
  trunks: string[];
  /** Extensions of phones. */
  phones: string[];
  /** Ids of conference rooms. */
  rooms?: string[] | undefined;
  /** For all calls that no other policy is about. */
  default: boolean;
}
