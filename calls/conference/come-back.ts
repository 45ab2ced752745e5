/** A member of before the restart of the app is in the conference again, as it was. Pure. */
import type { Change, Moment } from './members';
import { withMember } from './members';
import { isInside } from './model';
import type { ConferenceEffect, ConferenceEvent, ConferenceState, Open } from './model';

/**
 * Neither a lock nor the number of members keeps anybody out who has been let in before. Who comes back first brings the
 * conference along; where another one has begun meanwhile, all meet there.
 */
export const comeBack = (
  { rules }: Moment,
  state: ConferenceState,
  { member, conference }: Extract<ConferenceEvent, { type: 'returned' }>,
): Change => {
  const open = openAgain(state, conference);
  const next = withMember(open, member);
  if (!isInside(member)) return [next, []];
  const isTakenUp = open.kind === 'meeting' && state.kind !== 'meeting';
  const { recording, silence } = open.kind === 'meeting' ? open : { recording: false, silence: undefined };
  const effects: ConferenceEffect[] = [
    ...(isTakenUp ? [{ type: 'open-mix' } as const] : []),
    { type: 'place', members: [member] },
    { type: 'rejoined', member },
    ...(isTakenUp && (recording || silence)
      ? [{ type: 'resume-recording', silence, by: rules.recording.by } as const]
      : []),
  ];
  return [next, effects];
};

const openAgain = (
  state: ConferenceState,
  conference: Extract<ConferenceEvent, { type: 'returned' }>['conference'],
): Open => {
  if (state.kind === 'meeting') return state;
  const members = state.kind === 'empty' ? new Map() : state.members;
  if (conference.kind === 'meeting') return { ...conference, members };
  return state.kind === 'empty' ? { ...conference, members } : state;
};
