/** What the keys do in a conference: `*` and one more. Pure; docs/conferences.md has the table for people. */
import type { ConferenceRole } from '../../store/conference-rooms';
import type { ConferenceAction, InsideMember, Meeting } from './model';

/** The second key must follow within this time. */
export const STAR_MS = 5_000;

export type KeyOrder =
  | { readonly kind: 'action'; readonly action: ConferenceAction }
  | { readonly kind: 'help' }
  | { readonly kind: 'leave' };

/** Undefined for a key that means nothing to this member. */
export const orderOfKey = (key: string, member: InsideMember, meeting: Meeting): KeyOrder | undefined => {
  const { memberId, role, voice, handRaisedAtMs } = member;
  switch (key) {
    case '0':
      return { kind: 'help' };
    case '5':
      return role === 'moderator'
        ? action({ do: silenceAct(meeting) })
        : action({ do: handRaisedAtMs === undefined ? 'raise-hand' : 'lower-hand', memberId });
    case '6':
      return action({ do: voice === 'open' ? 'mute-self' : 'unmute-self', memberId });
    case '7':
      return action({ do: 'quieter', memberId });
    case '8':
      return action({ do: 'louder', memberId });
    case '9':
      return { kind: 'leave' };
    default:
      return role === 'moderator' ? orderOfModerator(key, meeting) : undefined;
  }
};

const orderOfModerator = (key: string, { locked, allMuted, recording }: Meeting): KeyOrder | undefined => {
  switch (key) {
    case '1':
      return action({ do: locked ? 'unlock' : 'lock' });
    case '2':
      return action({ do: allMuted ? 'unmute-all' : 'mute-all' });
    case '3':
      return action({ do: recording ? 'stop-recording' : 'start-recording' });
    case '4':
      return action({ do: 'next-speaker' });
    case '#':
      return action({ do: 'end' });
    default:
      return undefined;
  }
};

/** What the moderator wants is that nothing is kept, or that it is again. */
const silenceAct = ({ silence }: Meeting): 'mask-recording' | 'unmask-recording' | 'resume-recording' => {
  if (!silence) return 'mask-recording';
  return silence.kind === 'masked' ? 'unmask-recording' : 'resume-recording';
};

const action = (one: ConferenceAction): KeyOrder => ({ kind: 'action', action: one });

export const HELP_PROMPTS: Readonly<Record<ConferenceRole, string>> = {
  moderator: 'conference-help-moderator',
  participant: 'conference-help-participant',
  listener: 'conference-help-listener',
};
