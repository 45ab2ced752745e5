/** A member of before the restart of the app is in the conference again, as it was. Pure. */
import type { Change, Moment } from './members';
import { withMember } from './members';
import { enter, waitingIn } from './let-in';
import { isInside } from './model';
import type { ConferenceEffect, ConferenceEvent, ConferenceState, Meeting, Open } from './model';

/**
 * Neither a lock nor the number of members keeps anybody out who has been let in before. Who comes back first brings the
 * conference along; where another one has begun meanwhile, all meet there. Who has waited for a meeting, comes in with it.
 */
export const comeBack = (
  moment: Moment,
  state: ConferenceState,
  { member, conference }: Extract<ConferenceEvent, { type: 'returned' }>,
): Change => {
  const open = withMember(openAgain(state, conference), member);
  if (open.kind === 'gathering') return [open, []];
  const isTakenUp = state.kind !== 'meeting';
  const back: ConferenceEffect[] = isInside(member)
    ? [
        { type: 'place', members: [member] },
        { type: 'rejoined', member },
      ]
    : [];
  const waiting = waitingIn(open);
  const [meeting, effects] =
    waiting.length === 0 ? [open, back] : enter(moment, open, { identities: waiting, before: back });
  return [meeting, isTakenUp ? takenUp(moment, meeting, effects) : effects];
};

/** Beside a mix without members no recording could go on. */
const takenUp = (
  { rules }: Moment,
  { recording, silence }: Meeting,
  effects: readonly ConferenceEffect[],
): readonly ConferenceEffect[] => [
  { type: 'open-mix' },
  ...effects,
  ...(recording || silence ? [{ type: 'resume-recording', silence, by: rules.recording.by } as const] : []),
];

const openAgain = (
  state: ConferenceState,
  conference: Extract<ConferenceEvent, { type: 'returned' }>['conference'],
): Open => {
  if (state.kind === 'meeting') return state;
  const members = state.kind === 'empty' ? new Map() : state.members;
  if (conference.kind === 'meeting') return { ...conference, members };
  return state.kind === 'empty' ? { ...conference, members } : state;
};
