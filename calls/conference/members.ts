/** Who comes into a conference and who leaves it, and what that makes of the conference. Pure. */
import type { CallId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { ConferenceRoom } from '../../store/conference-rooms';
import type { RecordingActor } from '../../store/interaction';
import type { RecordingRight } from '../../store/recording-policies';
import { isInside } from './model';
import type { ConferenceEffect, ConferenceState, InsideMember, Meeting, Member, Open } from './model';

export interface RoomRules extends Pick<
  ConferenceRoom,
  'maxMembers' | 'waitForModerator' | 'endWithModerator' | 'locked'
> {
  readonly recording: RecordingRules;
}

/** What the recording policy of the room comes to. */
export interface RecordingRules {
  /** Whether it may be recorded at all. */
  readonly isAllowed: boolean;
  /** By itself, from the beginning. */
  readonly begins: boolean;
  /** Whose word that is. */
  readonly by: RecordingActor;
  readonly moderatorsMay: readonly RecordingRight[];
  readonly staffMay: readonly RecordingRight[];
  /** After so long a pause or a mask ends by itself. */
  readonly resumeAfterMs: number;
}

/** The machine's surroundings at this moment. */
export interface Moment {
  readonly rules: RoomRules;
  readonly nowMs: number;
}

export type Change = readonly [ConferenceState, readonly ConferenceEffect[]];

export type Step = Result<Change>;

/** Somebody leaves by hanging up or is removed; the last moderator may take everybody along. */
export const depart = (
  rules: RoomRules,
  state: Open,
  { member, farewell }: { readonly member: Member; readonly farewell: readonly ConferenceEffect[] },
): Change => {
  const [after, effects] = without(state, member.memberId);
  const parted: ConferenceEffect[] = isInside(member) ? [{ type: 'parted', member }] : [];
  const before = [...parted, ...farewell];
  return endsWith(rules, after, member) ? close(after, before) : [after, [...before, ...effects]];
};

const endsWith = (rules: RoomRules, after: ConferenceState, gone: Member): boolean =>
  rules.endWithModerator &&
  after.kind === 'meeting' &&
  gone.role === 'moderator' &&
  ![...after.members.values()].some((member) => isInside(member) && member.role === 'moderator');

/** The conference without this member; over when nobody is left, and no meeting when nobody is inside. */
const without = (state: Open, gone: CallId): Change => {
  const members = new Map(state.members);
  members.delete(gone);
  if (members.size === 0) return [{ kind: 'empty' }, state.kind === 'meeting' ? endOfMix(state) : []];
  if (state.kind === 'gathering' || [...members.values()].some(isInside)) return [{ ...state, members }, []];
  const { conferenceId, startedAtMs, locked } = state;
  return [{ kind: 'gathering', conferenceId, startedAtMs, locked, members }, endOfMix(state)];
};

const endOfMix = ({ recording, silence }: Meeting): ConferenceEffect[] => [
  ...(silence ? [{ type: 'silence', silence: undefined, by: { kind: 'system' } } as const] : []),
  ...(recording ? [{ type: 'stop-recording', by: { kind: 'system' } } as const] : []),
  { type: 'close-mix' },
];

/** Everybody is sent away. */
export const close = (state: ConferenceState, before: readonly ConferenceEffect[] = []): Change => {
  if (state.kind === 'empty') return [state, before];
  const everybody = [...state.members.values()];
  const effects: ConferenceEffect[] = [
    ...before,
    ...everybody.flatMap((member): ConferenceEffect[] => [
      ...(isInside(member) ? [{ type: 'parted', member } as const] : []),
      { type: 'dismiss', member, reason: 'ended' },
    ]),
    ...(state.kind === 'meeting' ? endOfMix(state) : []),
  ];
  return [{ kind: 'empty' }, effects];
};

export const withMember = <State extends Open>(state: State, member: Member): State => ({
  ...state,
  members: new Map(state.members).set(member.memberId, member),
});

export const inside = (state: Open): InsideMember[] => [...state.members.values()].filter(isInside);
