/** Conference rooms as administrators set them up, and conferences as they run. Times are milliseconds since 1970 (UTC). */
import { z } from 'zod';
import { dialledNumber } from './flows';
import { recordingRightSchema } from './recording-policies';
import { settingId } from './routing';

export const CONFERENCE_ROLES = ['moderator', 'participant', 'listener'] as const;
export const conferenceRoleSchema = z.enum(CONFERENCE_ROLES);
export type ConferenceRoleName = z.infer<typeof conferenceRoleSchema>;

/** What a list shows in the place of a PIN; sent back, it leaves the PIN as it is. */
export const HIDDEN_PIN = '***';

const pin = z
  .union([z.literal(HIDDEN_PIN), z.string().regex(/^\d{4,12}$/)], { error: 'a PIN is 4 to 12 digits' })
  .optional();

export const conferenceRoomSchema = z.strictObject({
  name: z.string().min(1).max(100),
  nameZh: z.string().min(1).max(100).optional(),
  /** Numbers and extensions by which the room is called directly. */
  numbers: z.array(dialledNumber).max(10).default([]),
  moderatorPin: pin,
  participantPin: pin,
  listenerPin: pin,
  /** The role of who enters without a PIN. */
  withoutPin: z.enum([...CONFERENCE_ROLES, 'refused']).default('refused'),
  /** At the same time; moderators enter beyond it. */
  maxMembers: z.number().int().min(2).max(900).default(50),
  /** Whether the coming and going of those who may speak is heard. */
  tones: z.boolean().default(true),
  /** Everybody hears music until a moderator is there. */
  waitForModerator: z.boolean().default(false),
  /** The conference ends when its last moderator leaves. */
  endWithModerator: z.boolean().default(false),
  music: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'music is named by lower-case letters, digits and hyphens')
    .default('default'),
  /** Every conference is recorded from its beginning. */
  record: z.boolean().default(false),
  /** A conference begins locked: until a moderator unlocks it, only moderators enter. */
  locked: z.boolean().default(false),
  /** Of announcements to callers who have chosen none; both languages when absent. */
  language: z.enum(['en', 'zh-CN']).optional(),
});
export type ConferenceRoomBody = z.infer<typeof conferenceRoomSchema>;

export const conferenceRoomListSchema = z.object({ items: z.array(conferenceRoomSchema.extend({ id: settingId })) });
/** As lists show it: PINs hidden. */
export type ConferenceRoomView = z.infer<typeof conferenceRoomListSchema>['items'][number];

export const conferenceMemberSchema = z.object({
  memberId: z.string(),
  number: z.string(),
  displayName: z.string().optional(),
  role: conferenceRoleSchema,
  /** `invited`: is being called; `waiting`: for a moderator. */
  stage: z.enum(['invited', 'waiting', 'inside']),
  sinceMs: z.number(),
  /** Of who is inside; `silenced`: only a moderator lets speak again. */
  voice: z.enum(['open', 'self-muted', 'silenced']).optional(),
  handRaisedAtMs: z.number().optional(),
  /** The member's telephone holds the conference. */
  holds: z.boolean().optional(),
});
export type ConferenceMember = z.infer<typeof conferenceMemberSchema>;

export const conferenceViewSchema = z.object({
  roomId: z.string(),
  name: z.string(),
  nameZh: z.string().optional(),
  numbers: z.array(z.string()),
  /** `empty`: nobody is there; `gathering`: nobody is inside yet. */
  state: z.enum(['empty', 'gathering', 'meeting']),
  conferenceId: z.string().optional(),
  startedAtMs: z.number().optional(),
  locked: z.boolean(),
  allMuted: z.boolean(),
  recording: z.boolean(),
  /** The recording, if there is one, is silent until then; masked, keys of members reach nobody either. */
  silence: z.object({ kind: z.enum(['paused', 'masked']), untilMs: z.number() }).optional(),
  /** What supervisors may do with the recording, by its policy. */
  mayRecord: z.array(recordingRightSchema),
  members: z.array(conferenceMemberSchema),
});
export type ConferenceView = z.infer<typeof conferenceViewSchema>;

export const conferenceListSchema = z.object({ items: z.array(conferenceViewSchema) });

const memberId = z.string().min(1).max(64);
/** Instead of the policy's `resumeAfterMs`. */
const silenceMs = z.number().int().min(1_000).max(3_600_000).optional();

/** What supervisors, administrators and programs do in a conference. */
export const conferenceActionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('lock') }),
  z.strictObject({ do: z.literal('unlock') }),
  /** Everybody but moderators is silent until a moderator lets speak. */
  z.strictObject({ do: z.literal('mute-all') }),
  z.strictObject({ do: z.literal('unmute-all') }),
  z.strictObject({ do: z.literal('start-recording') }),
  z.strictObject({ do: z.literal('stop-recording') }),
  /** The recording is silent for a while; masked, keys of members reach nobody either. */
  z.strictObject({ do: z.literal('pause-recording'), maxMs: silenceMs }),
  z.strictObject({ do: z.literal('resume-recording') }),
  z.strictObject({ do: z.literal('mask-recording'), maxMs: silenceMs }),
  z.strictObject({ do: z.literal('unmask-recording') }),
  /** Gives the floor to the hand that was raised first. */
  z.strictObject({ do: z.literal('next-speaker') }),
  z.strictObject({ do: z.literal('end') }),
  /** Silences a member, or takes the floor back. */
  z.strictObject({ do: z.literal('mute'), memberId }),
  /** Lets a member speak again, or gives a listener the floor. */
  z.strictObject({ do: z.literal('unmute'), memberId }),
  z.strictObject({ do: z.literal('lower-hand'), memberId }),
  z.strictObject({ do: z.literal('remove'), memberId }),
]);
export type ConferenceActionBody = z.infer<typeof conferenceActionSchema>;

/** Who is to be called into the conference. */
export const conferenceInvitationSchema = z.strictObject({
  number: z.string().regex(/^\+?[0-9*#]{1,32}$/, 'a number is up to 32 digits'),
  role: conferenceRoleSchema.default('participant'),
});
export type ConferenceInvitation = z.infer<typeof conferenceInvitationSchema>;

export const conferenceInvitedSchema = z.object({ memberId: z.string() });

export const conferenceParamsSchema = z.strictObject({ id: settingId });
