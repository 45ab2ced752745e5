/** Members come in to those who are inside. Pure. */
import type { Moment } from './members';
import type {
  ConferenceEffect,
  ConferencePrompt,
  InsideMember,
  Meeting,
  MemberIdentity,
  Open,
  WaitingMember,
} from './model';

/** Who has been let into the conference and is inside as soon as a meeting has begun. */
export const waitingIn = ({ members }: Open): readonly WaitingMember[] =>
  [...members.values()].filter((member) => member.stage === 'waiting');

/** @param before what comes before; with a mix that opens there, a recording begins as soon as somebody is in it. */
export const enter = (
  { nowMs, rules }: Moment,
  meeting: Meeting,
  { identities, before }: { identities: readonly Newcoming[]; before: readonly ConferenceEffect[] },
): [Meeting, ConferenceEffect[]] => {
  const members = new Map(meeting.members);
  const entering = identities.map((identity) => insideMember(identity, meeting, nowMs));
  for (const member of entering) members.set(member.memberId, member);
  // A mix without members is nowhere that a recording could be beside.
  const isToBeRecorded =
    meeting.recording &&
    before.some(({ type }) => type === 'open-mix') &&
    !before.some(({ type }) => type === 'start-recording');
  const effects: ConferenceEffect[] = [
    ...before,
    { type: 'place', members: entering } as const,
    ...(isToBeRecorded ? [{ type: 'start-recording', by: rules.recording.by } as const] : []),
    ...entering.flatMap((member): ConferenceEffect[] => [
      { type: 'joined', member },
      { type: 'tell', memberIds: [member.memberId], prompts: greeting(member, meeting) },
    ]),
  ];
  return [{ ...meeting, members }, effects];
};

/** Who has waited may hold us already. */
type Newcoming = MemberIdentity & { readonly holds?: boolean };

const insideMember = (
  { memberId, endpointId, number, displayName, role, holds = false }: Newcoming,
  { allMuted }: Meeting,
  sinceMs: number,
): InsideMember => {
  const silenced = role === 'listener' || (role === 'participant' && allMuted);
  const voice = silenced ? 'silenced' : 'open';
  return { memberId, endpointId, number, displayName, role, stage: 'inside', sinceMs, voice, holds, gainDb: 0 };
};

const greeting = ({ role, voice }: InsideMember, { recording }: Meeting): readonly ConferencePrompt[] => [
  role === 'listener' ? 'conference-listening' : 'conference-welcome',
  ...(role === 'participant' && voice === 'silenced' ? (['conference-silenced'] as const) : []),
  ...(recording ? (['conference-recorded'] as const) : []),
];
