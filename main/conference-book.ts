/** Conference rooms: kept in the store, looked up by calls, changed by administrators while the product runs. */
import { ok } from '../base/result';
import type { Result } from '../base/result';
import { HIDDEN_PIN } from '../api/contract/conferences';
import type { ConferencePorts } from '../api/ports';
import type { Directory } from '../calls/context';
import type { ConferenceRoom } from '../store/conference-rooms';
import type { SettingsStore } from '../store/settings';
import { liveSettings } from './settings-editor';
import type { LiveSettings } from './settings-editor';

type RoomEditor = ConferencePorts['rooms'];

const PINS = ['moderatorPin', 'participantPin', 'listenerPin'] as const;

/** In parts as well, for forms in other languages. */
const refused = (
  code: 'bad_input' | 'conflict',
  message: string,
  { key, values = {} }: { readonly key: string; readonly values?: Readonly<Record<string, string>> },
): Result<never> => ({ ok: false, fault: { code, message, about: { key, values } } });

/** Who else may have a number. */
type OtherNumbers = Pick<Directory, 'flowOf' | 'extension'>;

export interface ConferenceBookEvents {
  readonly onChanged: (roomId: string) => void;
  readonly onRemoved: (roomId: string) => void;
}

export class ConferenceBook {
  private others: OtherNumbers | undefined;
  private events: ConferenceBookEvents = { onChanged: () => undefined, onRemoved: () => undefined };

  private constructor(private readonly settings: LiveSettings<ConferenceRoom>) {}

  static async load(store: SettingsStore<ConferenceRoom>): Promise<ConferenceBook> {
    const book: ConferenceBook = new ConferenceBook(await liveSettings(store, (room) => book.check(room)));
    return book;
  }

  /** From now on numbers are held against everybody else's, and what becomes of a room is told. */
  attach(others: OtherNumbers, events: ConferenceBookEvents): void {
    this.others = others;
    this.events = events;
  }

  list(): readonly ConferenceRoom[] {
    return this.settings.current();
  }

  get(roomId: string): ConferenceRoom | undefined {
    return this.list().find(({ _id }) => _id === roomId);
  }

  /** The room that has this number. */
  ofNumber(number: string): ConferenceRoom | undefined {
    return this.list().find(({ numbers }) => numbers.includes(number));
  }

  get editor(): RoomEditor {
    const { editor } = this.settings;
    return {
      list: () => editor.list(),
      put: async (id, value) => {
        const put = await editor.put(id, this.withPins(id, value));
        if (put.ok) this.events.onChanged(id);
        return put;
      },
      remove: async (id) => {
        const removed = await editor.remove(id);
        if (removed) this.events.onRemoved(id);
        return removed;
      },
    };
  }

  private withPins<Value extends Omit<ConferenceRoom, '_id'>>(id: string, value: Value): Value {
    const present = this.get(id);
    const kept = PINS.filter((pin) => value[pin] === HIDDEN_PIN).map((pin) => [pin, present?.[pin]] as const);
    return { ...value, ...Object.fromEntries(kept) };
  }

  private check(room: ConferenceRoom): Result<void> {
    const pins = PINS.map((pin) => room[pin]).filter((pin) => pin !== undefined);
    if (new Set(pins).size < pins.length)
      return refused('bad_input', 'Each role of a conference room needs a PIN of its own.', { key: 'room-pins-equal' });
    if (room.numbers.length > 0 && pins.length === 0 && room.withoutPin === 'refused')
      return refused(
        'bad_input',
        'Nobody could enter the room by its numbers: set a PIN, or let withoutPin say which role callers have.',
        { key: 'room-without-entry' },
      );
    const taken = room.numbers.find((number) => this.isTaken(number, room._id));
    if (taken !== undefined)
      return refused('conflict', `${taken} belongs to somebody else already; choose another number.`, {
        key: 'number-taken',
        values: { number: taken },
      });
    return ok(undefined);
  }

  private isTaken(number: string, roomId: string): boolean {
    const holder = this.ofNumber(number);
    if (holder) return holder._id !== roomId;
    return this.others?.flowOf(number) !== undefined || this.others?.extension(number) !== undefined;
  }
}
