/** A conference as supervisors and programs see it. */
import type { CallId, ConferenceId } from '../../base/ids';
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import { membersOf } from './model';
import type { RecordingRight } from '../../store/recording-policies';
import type { ConferenceState, Member, RoomSilence, Voice } from './model';

export interface ConferenceMemberView {
  readonly memberId: CallId;
  readonly number: string;
  readonly displayName?: string | undefined;
  readonly role: ConferenceRole;
  readonly stage: Member['stage'];
  readonly sinceMs: number;
  /** Of who is inside. */
  readonly voice?: Voice | undefined;
  readonly handRaisedAtMs?: number | undefined;
  readonly holds?: boolean | undefined;
}

export interface ConferenceView {
  readonly roomId: string;
  readonly name: string;
  readonly nameZh?: string | undefined;
  readonly numbers: string[];
  readonly state: ConferenceState['kind'];
  readonly conferenceId?: ConferenceId | undefined;
  readonly startedAtMs?: number | undefined;
  readonly locked: boolean;
  readonly allMuted: boolean;
  readonly recording: boolean;
  /** The recording, if there is one, is silent until then; masked, keys of members reach nobody either. */
  readonly silence?: RoomSilence | undefined;
  /** What supervisors may do with the recording, by its policy. */
  readonly mayRecord: RecordingRight[];
  readonly members: ConferenceMemberView[];
}

export const conferenceView = (
  room: ConferenceRoom,
  state: ConferenceState,
  mayRecord: readonly RecordingRight[],
): ConferenceView => ({
  roomId: room._id,
  name: room.name,
  nameZh: room.nameZh,
  numbers: [...room.numbers],
  state: state.kind,
  conferenceId: state.kind === 'empty' ? undefined : state.conferenceId,
  startedAtMs: state.kind === 'empty' ? undefined : state.startedAtMs,
  locked: state.kind === 'empty' ? room.locked : state.locked,
  allMuted: state.kind === 'meeting' && state.allMuted,
  recording: state.kind === 'meeting' && state.recording,
  ...(state.kind === 'meeting' && state.silence && { silence: state.silence }),
  mayRecord: [...mayRecord],
  members: membersOf(state).map(memberView),
});

const memberView = (member: Member): ConferenceMemberView => {
  const { memberId, number, displayName, role, stage, sinceMs } = member;
  const about = { memberId, number, displayName, role, stage, sinceMs };
  if (member.stage !== 'inside') return about;
  const { voice, handRaisedAtMs, holds } = member;
  return { ...about, voice, handRaisedAtMs, holds };
};
