/** A conference as data: who is in it, what each may do, and what may happen to it. `step.ts` is its one transition. */
import type { CallId, ConferenceId, EndpointId, MixId, RecordingId } from '../../base/ids';
import type { ConferenceRole } from '../../store/conference-rooms';
import type { RecordingActor, RecordingSilence } from '../../store/interaction';

export interface MemberIdentity {
  /** A member is a call. */
  readonly memberId: CallId;
  readonly endpointId: EndpointId;
  readonly number: string;
  readonly displayName?: string | undefined;
  readonly role: ConferenceRole;
}

/**
 * Whether a member is heard: `open`, `self-muted`, or `silenced`, which only a moderator lifts. Listeners begin
 * silenced, participants when all are muted.
 */
export type Voice = 'open' | 'self-muted' | 'silenced';

/**
 * ```
 * invited ─answers─► waiting ─a moderator comes─► inside          left, removed, the end: gone
 *            └────────────────────────────────────────┘
 * ```
 */
export type Member = InvitedMember | WaitingMember | InsideMember;

/** Is being called. */
export interface InvitedMember extends MemberIdentity {
  readonly stage: 'invited';
  readonly sinceMs: number;
}

/** Hears music until a moderator is there. */
export interface WaitingMember extends MemberIdentity {
  readonly stage: 'waiting';
  readonly sinceMs: number;
  readonly holds: boolean;
}

export interface InsideMember extends MemberIdentity {
  readonly stage: 'inside';
  readonly sinceMs: number;
  readonly voice: Voice;
  /** When the hand was raised. */
  readonly handRaisedAtMs?: number | undefined;
  /** The member's telephone holds us, and would play its music to everybody. */
  readonly holds: boolean;
  /** Volume of what this member says. */
  readonly gainDb: number;
}

type Members = ReadonlyMap<CallId, Member>;

/**
 * ```
 * empty ─first who waits or is invited─► gathering ─moderator, or nobody must wait─► meeting
 *   ▲                                        ▲  │                                      │ │
 *   └────────────────────────────────────────┼──┴─────────the last one leaves──────────┘ │
 *                                            └──────only invited members are left────────┘
 * ```
 */
export type ConferenceState =
  | { readonly kind: 'empty' }
  /** Nobody is inside yet. */
  | {
      readonly kind: 'gathering';
      readonly conferenceId: ConferenceId;
      readonly startedAtMs: number;
      readonly members: Members;
      readonly locked: boolean;
    }
  | {
      readonly kind: 'meeting';
      readonly conferenceId: ConferenceId;
      readonly startedAtMs: number;
      readonly members: Members;
      readonly locked: boolean;
      /** Participants who come are silenced. */
      readonly allMuted: boolean;
      readonly recording: boolean;
      readonly silence?: RoomSilence | undefined;
    };

/** The recording, if there is one, is silent; `masked`: the keys of members reach nobody either. */
export interface RoomSilence {
  readonly kind: RecordingSilence['kind'];
  /** It ends by itself then. */
  readonly untilMs: number;
}

/** A member at this moment, and the conference beside its members: by this it is restored after the app has died. */
export interface Stay {
  readonly member: WaitingMember | InsideMember;
  readonly conference: Omit<Gathering, 'members'> | Omit<Meeting, 'members'>;
  readonly mixId?: MixId | undefined;
  readonly recordingId?: RecordingId | undefined;
}

export type Gathering = Extract<ConferenceState, { kind: 'gathering' }>;
export type Meeting = Extract<ConferenceState, { kind: 'meeting' }>;
export type Open = Gathering | Meeting;

/** What can be done in a conference, by key, at the desk and by the API. */
export type ConferenceAction =
  | { readonly do: 'lock' | 'unlock' | 'mute-all' | 'unmute-all' | 'end' }
  | RecordingAction
  /** Gives the floor to the hand that was raised first. */
  | { readonly do: 'next-speaker' }
  | { readonly do: MemberAct; readonly memberId: CallId };

export type RecordingAction =
  | { readonly do: 'start-recording' | 'stop-recording' | 'resume-recording' | 'unmask-recording' }
  /** For so long at most; as the policy has it when absent. */
  | { readonly do: 'pause-recording' | 'mask-recording'; readonly maxMs?: number | undefined };

/** `mute` silences, or takes the floor back; `unmute` lets speak, or gives the floor. */
export type MemberAct = 'mute' | 'unmute' | 'remove' | 'raise-hand' | 'lower-hand' | OwnAct;

/** About one's own voice only. */
export type OwnAct = 'mute-self' | 'unmute-self' | 'louder' | 'quieter';

export type ConferenceEvent =
  | { readonly type: 'invited'; readonly member: MemberIdentity; readonly conferenceId: ConferenceId }
  /** Has been let in, or has answered the invitation. */
  | { readonly type: 'arrived'; readonly member: MemberIdentity; readonly conferenceId: ConferenceId }
  /** Was there when the app died, and still is. */
  | ({ readonly type: 'returned' } & Pick<Stay, 'member' | 'conference'>)
  | { readonly type: 'left'; readonly memberId: CallId }
  | { readonly type: 'held'; readonly memberId: CallId; readonly holds: boolean }
  | {
      readonly type: 'act';
      readonly by: Actor;
      readonly action: ConferenceAction;
      /** Which user, of staff. */
      readonly staffId?: string | undefined;
    }
  /** The disk took the recording no more. */
  | { readonly type: 'recording-lost' }
  /** It was lost, and could be begun again. */
  | { readonly type: 'recording-back' }
  /** The time of a pause or a mask may be over. */
  | { readonly type: 'silence-due' }
  /** The room is no more. */
  | { readonly type: 'closed' };

/** `staff`: a supervisor, an administrator or a program, who may do everything. */
export type Actor = 'staff' | CallId;

/** A recorded prompt of `prompts/<language>`. */
export type ConferencePrompt =
  | 'conference-welcome'
  | 'conference-listening'
  | 'conference-waiting'
  | 'conference-muted'
  | 'conference-unmuted'
  | 'conference-silenced'
  | 'conference-floor'
  | 'conference-hand-raised'
  | 'conference-hand-lowered'
  | 'conference-hand-waits'
  | 'conference-now-locked'
  | 'conference-now-unlocked'
  | 'conference-all-muted'
  | 'conference-all-unmuted'
  | 'conference-recorded'
  | 'conference-not-recorded'
  | 'conference-recording-silent'
  | 'conference-recording-goes-on';

export type ConferenceEffect =
  | { readonly type: 'open-mix' }
  | { readonly type: 'close-mix' }
  /** Joins the mix, or has other rights in it. */
  | { readonly type: 'place'; readonly members: readonly InsideMember[] }
  /** Hears the announcement, then music. */
  | { readonly type: 'entertain'; readonly memberId: CallId }
  /** For the history: is with the others from now on. */
  | { readonly type: 'joined'; readonly member: InsideMember }
  /** Was with the others before the restart, and is again. */
  | { readonly type: 'rejoined'; readonly member: InsideMember }
  /** For the history: was with the others until now. */
  | { readonly type: 'parted'; readonly member: InsideMember }
  | { readonly type: 'tell'; readonly memberIds: readonly CallId[]; readonly prompts: readonly ConferencePrompt[] }
  /** Is told why, and goes on with the flow or is hung up. */
  | { readonly type: 'dismiss'; readonly member: Member; readonly reason: 'removed' | 'ended' }
  | { readonly type: 'start-recording'; readonly by: RecordingActor }
  /** The recording of before the restart goes on, as silent as it was. */
  | { readonly type: 'resume-recording'; readonly silence: RoomSilence | undefined; readonly by: RecordingActor }
  | { readonly type: 'stop-recording'; readonly by: RecordingActor }
  /** Holds from now on; undefined: no more. */
  | { readonly type: 'silence'; readonly silence: RoomSilence | undefined; readonly by: RecordingActor };

export const membersOf = (state: ConferenceState): readonly Member[] =>
  state.kind === 'empty' ? [] : [...state.members.values()];

export const isInside = (member: Member): member is InsideMember => member.stage === 'inside';

/** Whether this member's packets are wanted at all; who only listens costs no decoder. */
export const maySpeak = ({ voice, holds }: InsideMember): boolean => voice !== 'silenced' && !holds;
