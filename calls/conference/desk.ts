/** What the api (and whoever else stands above) sees of conferences. */
import type { CallId } from '../../base/ids';
import { fail } from '../../base/result';
import type { Result } from '../../base/result';
import type { CallContext } from '../context';
import { inviteTo } from './invite';
import type { Invitation } from './invite';
import type { ConferenceAction } from './model';
import type { ConferenceView } from './view';

export interface ConferenceDesk {
  /** Every room with its conference, by id. */
  list(): readonly ConferenceView[];
  get(roomId: string): ConferenceView | undefined;
  /**
   * Errors: `not_found` for a room or a member, `conflict` when it makes no sense now, `forbidden`.
   * @param staffId the user whose doing it is, for the history.
   */
  act(roomId: string, action: ConferenceAction, staffId?: string): Result<void>;
  /** Calls somebody into the conference. Errors: those of dialling, and `busy` when it is full. */
  invite(roomId: string, invitation: Invitation): Result<CallId>;
  /** The room has been set up, changed or removed by an administrator. */
  roomChanged(roomId: string): void;
  roomRemoved(roomId: string): void;
  onChanged(listener: (view: ConferenceView) => void): () => void;
}

export const conferenceDesk = (ctx: CallContext): ConferenceDesk => ({
  list: () => ctx.conferences.views(),
  get: (roomId) => ctx.conferences.view(roomId),
  act: (roomId, action, staffId) =>
    ctx.conferences.view(roomId)
      ? ctx.conferences.act(roomId, { by: 'staff', staffId, action })
      : fail('not_found', `There is no conference room ${roomId}.`),
  invite: (roomId, invitation) => inviteTo(ctx, roomId, invitation),
  roomChanged: (roomId) => ctx.conferences.roomChanged(roomId),
  roomRemoved: (roomId) => ctx.conferences.roomRemoved(roomId),
  onChanged: (listener) => ctx.events.on('conference', listener),
});
