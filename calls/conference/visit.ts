/** A call's way through a conference room, beside the conference's own state. */
import type { ConferenceRole, ConferenceRoom } from '../../store/conference-rooms';
import type { Call } from '../call';

/** Whoever was called into a room is the called party of a call that nobody dialled. */
export const wasInvited = ({ conferenceRoomId, identity }: Call): boolean =>
  conferenceRoomId !== undefined && identity.dialledBy === undefined;

/** Why a caller was not let in, and what the caller hears of it. */
export const REFUSAL_PROMPTS = {
  'not-found': ['conference-not-found'],
  locked: ['conference-locked'],
  full: ['conference-full'],
  'wrong-pin': ['conference-wrong-pin', 'goodbye'],
  'locked-out': ['conference-locked-out', 'goodbye'],
} as const satisfies Record<string, readonly string[]>;

export type Refusal = keyof typeof REFUSAL_PROMPTS;

/** How a stay ended. */
export type Departure = 'left' | 'removed' | 'ended';

/**
 * ```
 * asking ─right PIN─► member ─left, removed, ended─► leaving ─► the flow goes on, or the call ends
 *   │  confirming ─1─►                                  ▲
 *   └──────────────────not let in──────────────────────┘
 * ```
 */
export type Visit =
  | { readonly kind: 'asking'; readonly room: ConferenceRoom; readonly attempt: number; readonly digits: string }
  /** Has answered an invitation and is to press 1. */
  | {
      readonly kind: 'confirming';
      readonly room: ConferenceRoom;
      readonly role: ConferenceRole;
      readonly asked: number;
    }
  | {
      readonly kind: 'member';
      readonly room: ConferenceRoom;
      readonly role: ConferenceRole;
      /** When `*` was pressed. */
      readonly starAtMs: number | undefined;
    }
  /** Hears why. */
  | { readonly kind: 'leaving'; readonly end: VisitEnd };

export type VisitEnd =
  { readonly kind: 'refused'; readonly why: Refusal } | { readonly kind: 'departed'; readonly how: Departure };
