/** A conference room as the form has it: how it becomes what is sent, and what is wrong with it, by field. Pure. */
import { HIDDEN_PIN, conferenceRoomSchema } from '../../../api/contract/conferences';
import type { ConferenceRoomBody, ConferenceRoomView } from '../../../api/contract/conferences';
import { settingId } from '../../../api/contract/routing';

/** The form's fields: those of the room, and the id by which it is known to flows and programs. */
export interface RoomDraft extends Omit<ConferenceRoomBody, 'language' | 'nameZh'> {
  readonly id: string;
  readonly nameZh: string;
  /** `both`: callers who have chosen none hear both. */
  readonly language: 'en' | 'zh-CN' | 'both';
}

export type RoomField = keyof RoomDraft;

/** A word of the dictionary for each thing that can be wrong. */
export type RoomFault =
  'id' | 'idTaken' | 'name' | 'numbers' | 'numberTaken' | 'pin' | 'pinsEqual' | 'noEntry' | 'maxMembers' | 'music';

export const PIN_FIELDS = ['moderatorPin', 'participantPin', 'listenerPin'] as const;
export type PinField = (typeof PIN_FIELDS)[number];

export const NEW_ROOM: RoomDraft = {
  ...{ id: '', name: '', nameZh: '', numbers: [], withoutPin: 'refused', maxMembers: 50, language: 'both' },
  ...{ tones: true, waitForModerator: false, endWithModerator: false, record: false, locked: false, music: 'default' },
};

export const draftOf = (room: ConferenceRoomView): RoomDraft => ({
  ...room,
  nameZh: room.nameZh ?? '',
  language: room.language ?? 'both',
});

/** What is sent: an empty PIN is none, the hidden one stays as it is. */
export const bodyOf = ({ id: _id, nameZh, language, ...draft }: RoomDraft): ConferenceRoomBody => {
  const chinese = nameZh.trim();
  const pins = PIN_FIELDS.map((field) => [field, draft[field] === '' ? undefined : draft[field]] as const);
  return {
    ...draft,
    ...Object.fromEntries(pins),
    name: draft.name.trim(),
    numbers: draft.numbers.map(plainNumber),
    ...(chinese !== '' && { nameZh: chinese }),
    ...(language !== 'both' && { language }),
  };
};

/** As people write numbers, with spaces, brackets and the like. */
const plainNumber = (number: string): string => number.replace(/[\s()/]/g, '');

const FAULT_OF: Readonly<Partial<Record<RoomField, RoomFault>>> = {
  name: 'name',
  nameZh: 'name',
  numbers: 'numbers',
  moderatorPin: 'pin',
  participantPin: 'pin',
  listenerPin: 'pin',
  maxMembers: 'maxMembers',
  music: 'music',
};

/** @param taken ids of other rooms. */
export const faultsOf = (draft: RoomDraft, taken: readonly string[]): Partial<Record<RoomField, RoomFault>> => {
  const faults: Partial<Record<RoomField, RoomFault>> = {};
  if (!settingId.safeParse(draft.id).success) faults.id = 'id';
  else if (taken.includes(draft.id)) faults.id = 'idTaken';
  const parsed = conferenceRoomSchema.safeParse(bodyOf(draft));
  for (const { path } of parsed.error?.issues ?? []) {
    const field = path[0] as RoomField;
    const fault = FAULT_OF[field];
    if (fault) faults[field] ??= fault;
  }
  const twice = repeatedPin(draft);
  if (twice) faults[twice] ??= 'pinsEqual';
  if (!hasEntry(draft)) faults.withoutPin = 'noEntry';
  return faults;
};

/** The later one of two that are the same; those that are hidden are the server's to compare. */
const repeatedPin = (draft: RoomDraft): PinField | undefined =>
  PIN_FIELDS.find((field, index) => {
    const pin = draft[field];
    return pin && pin !== HIDDEN_PIN && PIN_FIELDS.slice(0, index).some((other) => draft[other] === pin);
  });

const hasEntry = ({ numbers, withoutPin, ...pins }: RoomDraft): boolean =>
  numbers.length === 0 || withoutPin !== 'refused' || PIN_FIELDS.some((field) => pins[field]);

/** What the server has against the room, by field; undefined for what is no field's fault. */
export const faultOfServer = (key: string | undefined): readonly [RoomField, RoomFault] | undefined => {
  switch (key) {
    case 'number-taken':
      return ['numbers', 'numberTaken'];
    case 'room-pins-equal':
      return ['moderatorPin', 'pinsEqual'];
    case 'room-without-entry':
      return ['withoutPin', 'noEntry'];
    default:
      return undefined;
  }
};
