/** How a conference is recorded: the recording policy of its room, joined with what the room itself says. */
import type { ConferenceId } from '../../base/ids';
import type { ConferenceRoom } from '../../store/conference-rooms';
import type { AppliedRecordingPolicy } from '../../store/interaction';
import type { CallRouting } from '../call-routing';
import { isSampled } from '../recording-policy';
import type { RecordingChoice } from '../recording-policy';
import type { RecordingRules } from './members';

export interface RoomTerms {
  readonly choice: RecordingChoice;
  readonly rules: RecordingRules;
  /** Whether the conference is in the sample; undefined where all are recorded or none. */
  readonly sampled: boolean | undefined;
}

/** @param conferenceId by which it is decided whether the conference is in the sample. */
export const roomTerms = (
  routing: Pick<CallRouting, 'recordingOfRoom'>,
  { _id: roomId, numbers, record }: Pick<ConferenceRoom, '_id' | 'numbers' | 'record'>,
  conferenceId: ConferenceId | undefined,
): RoomTerms => {
  const choice = routing.recordingOfRoom({ roomId, numbers });
  const { mode, samplePercent, agentMay, supervisorMay, resumeAfterMs } = choice.rule;
  const sampled =
    mode === 'always' && samplePercent < 100 && conferenceId !== undefined
      ? isSampled(conferenceId, samplePercent)
      : undefined;
  const isAllowed = mode !== 'off';
  return {
    choice,
    sampled,
    rules: {
      isAllowed,
      begins: isAllowed && (record || (mode === 'always' && sampled !== false)),
      by: { kind: 'policy', ...(choice.id !== undefined && { id: choice.id }) },
      moderatorsMay: agentMay,
      staffMay: supervisorMay,
      resumeAfterMs,
    },
  };
};

/** For the history of everybody who is there. */
export const appliedTerms = ({ choice: { id, by, rule }, sampled }: RoomTerms): AppliedRecordingPolicy => ({
  ...(id !== undefined && { id }),
  by,
  mode: rule.mode,
  ...(sampled !== undefined && { sampled }),
});
