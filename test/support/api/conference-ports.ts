/** Conference rooms in memory, and conferences that a test sets. */
import type { ConferencePorts } from '../../../api/ports';
import { newId } from '../../../base/ids';
import type { CallId } from '../../../base/ids';
import { fail, ok } from '../../../base/result';
import type { ConferenceAction } from '../../../calls/conference/model';
import type { ConferenceView } from '../../../calls/conference/view';
import { ConferenceBook } from '../../../main/conference-book';
import { memorySettings } from './routing-ports';

export class ConferencesInMemory {
  readonly views = new Map<string, ConferenceView>();
  readonly actions: [roomId: string, action: ConferenceAction][] = [];
  readonly invited: [roomId: string, number: string][] = [];
  private listener: ((view: ConferenceView) => void) | undefined;

  async ports(): Promise<ConferencePorts> {
    const book = await ConferenceBook.load(memorySettings());
    const noRoom = fail('not_found', 'There is no such conference room.');
    return {
      rooms: book.editor,
      desk: {
        list: () => [...this.views.values()],
        get: (roomId) => this.views.get(roomId),
        act: (roomId, action) => {
          if (!this.views.has(roomId)) return noRoom;
          this.actions.push([roomId, action]);
          return ok(undefined);
        },
        invite: (roomId, { number }) => {
          if (!this.views.has(roomId)) return noRoom;
          this.invited.push([roomId, number]);
          return ok(newId<CallId>());
        },
        onChanged: (listener) => {
          this.listener = listener;
          return () => (this.listener = undefined);
        },
      },
    };
  }

  /** The conference is as this from now on, and everybody who watches is told. */
  change(view: ConferenceView): void {
    this.views.set(view.roomId, view);
    this.listener?.(view);
  }
}
