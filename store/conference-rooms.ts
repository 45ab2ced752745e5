/** Conference rooms as administrators set them up. PINs are encrypted in the database. */

/** `moderator`: speaks and directs; `participant`: speaks; `listener`: hears, and speaks when given the floor. */
export type ConferenceRole = 'moderator' | 'participant' | 'listener';

export interface ConferenceRoom {
  _id: string;
  name: string;
  nameZh?: string | undefined;
  /** Numbers and extensions by which the room is called directly; without one a flow's step leads to it. */
  numbers: string[];
  /** Who enters with this PIN has that role. */
  moderatorPin?: string | undefined;
  participantPin?: string | undefined;
  listenerPin?: string | undefined;
  /** The role of who enters without a PIN. */
  withoutPin: ConferenceRole | 'refused';
  /** Members at the same time; moderators enter beyond it. */
  maxMembers: number;
  /** Whether the coming and going of those who may speak is heard. */
  tones: boolean;
  /** Everybody hears music until a moderator is there. */
  waitForModerator: boolean;
  /** The conference ends when its last moderator leaves. */
  endWithModerator: boolean;
  /** Music of the library for those who wait. */
  music: string;
  /** Every conference is recorded from its beginning. */
  record: boolean;
  /** A conference begins locked: until a moderator unlocks it, only moderators enter. */
  locked: boolean;
  /** Of the announcements to callers who have chosen none; both languages when absent. */
  language?: 'en' | 'zh-CN' | undefined;
}
