/** Who comes into a conference and who leaves it, and what that makes of the conference. Pure. */
import type { CallId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { ConferenceRoom } from '../../store/conference-rooms';
import { isInside } from './model';
import type { ConferenceEffect, ConferenceState, Meeting, Member, Open } from './model';

export type RoomRules = Pick<
  ConferenceRoom,
  'maxMembers' | 'waitForModerator' | 'endWithModerator' | 'record' | 'locked'
>;

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

const endOfMix = ({ recording }: Meeting): ConferenceEffect[] => [
  ...(recording ? [{ type: 'stop-recording' } as const] : []),
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
