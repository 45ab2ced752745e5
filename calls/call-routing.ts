/** What is set about calls that arrive beyond the flow that answers them, and whom we ask about them. */
import type { Clock } from '../base/clock';
import type { AgentId, QueueId } from '../base/ids';
import { fail } from '../base/result';
import type { RedirectContact } from '../flows/document';
import type { LookUp, RemoteSite } from '../store/sites';
import type { AnswerPolicy } from './answer-mode';
import type { AskHttp } from './ask-http';
import { ContextBook } from './context-book';
import type { NumberMatch } from './number-plan';
import { chooseRecordingPolicy, chooseRoomPolicy } from './recording-policy';
import type { RecordedCall, RecordingChoice } from './recording-policy';
import type { ReleasePolicy } from './release-mode';

export interface NumberSettings {
  /** Where callers of this number are sent before anything else. */
  readonly redirect?: readonly RedirectContact[] | undefined;
  /** The look-up that is asked before the flow begins. */
  readonly lookUp?: string | undefined;
}

export interface CallRouting {
  match(dialled: string): NumberMatch;
  settingsOf(number: string): NumberSettings | undefined;
  lookUpOf(id: string): LookUp | undefined;
  /** Those that calls are handed over to. */
  sites(): readonly RemoteSite[];
  /** Who ends a conversation by hanging up; the agent's setting before the queue's. */
  releaseOf(of: { queueId: QueueId | undefined; agentId: AgentId | undefined }): ReleasePolicy | undefined;
  /** Who answers a queue's call; the agent's setting before the queue's. */
  answerOf(of: { queueId: QueueId | undefined; agentId: AgentId | undefined }): AnswerPolicy | undefined;
  /** Which recording policy a call has. */
  recordingOf(call: RecordedCall): RecordingChoice;
  /** How long recordings are kept whose policy does not say it; for ever without it. */
  readonly retentionDays?: number | undefined;
  /** Which one a conference room has. */
  recordingOfRoom(room: { readonly roomId: string; readonly numbers: readonly string[] }): RecordingChoice;
  readonly ask: AskHttp;
  readonly contexts: ContextBook;
}

/** Nothing of that: numbers are as they are dialled, and nobody is asked. */
export const plainRouting = (clock: Clock): CallRouting => ({
  match: () => ({ kind: 'unknown' }),
  settingsOf: () => undefined,
  lookUpOf: () => undefined,
  sites: () => [],
  releaseOf: () => undefined,
  answerOf: () => undefined,
  recordingOf: (call) => chooseRecordingPolicy([], call),
  recordingOfRoom: (room) => chooseRoomPolicy([], room),
  ask: () => Promise.resolve(fail('unavailable', 'nobody is to be asked')),
  contexts: new ContextBook({ clock, ranges: () => [] }),
});
