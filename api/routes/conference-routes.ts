/** Conference rooms, for administrators; conferences as they run, for supervisors too. */
import {
  HIDDEN_PIN,
  conferenceActionSchema,
  conferenceInvitationSchema,
  conferenceInvitedSchema,
  conferenceListSchema,
  conferenceParamsSchema,
  conferenceRoomSchema,
  conferenceViewSchema,
} from '../contract/conferences';
import { conferenceAction, conferenceDeed } from '../events/conference-action';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { ConferencePorts } from '../ports';
import { LEADERS } from './roles';
import { settingsRoutes } from './settings-routes';

const MAX_ROOMS = 1_000;

export interface ConferenceRoutesOptions extends AuditTrail {
  readonly conferences: ConferencePorts;
}

const hidden = (pin: string | undefined): string | undefined => (pin === undefined ? undefined : HIDDEN_PIN);

export const conferenceRoutes = (options: ConferenceRoutesOptions): Route[] => [
  ...settingsRoutes(options, {
    name: 'conference-rooms',
    noun: 'conference room',
    body: conferenceRoomSchema,
    editor: options.conferences.rooms,
    limit: MAX_ROOMS,
    shown: ({ moderatorPin, participantPin, listenerPin, ...room }) => ({
      ...room,
      moderatorPin: hidden(moderatorPin),
      participantPin: hidden(participantPin),
      listenerPin: hidden(listenerPin),
    }),
  }),
  listRoute(options),
  getRoute(options),
  actRoute(options),
  inviteRoute(options),
];

const noRoom = (id: string) => faultReply({ code: 'not_found', message: `There is no conference room ${id}.` });

const listRoute = ({ conferences }: ConferenceRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/conferences',
    summary: 'Every conference room, and who is in it now.',
    roles: LEADERS,
    replies: { 200: { description: 'By id.', schema: conferenceListSchema } },
    handle: () => Promise.resolve(jsonReply({ items: conferences.desk.list() })),
  });

const getRoute = ({ conferences }: ConferenceRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/conferences/{id}',
    summary: 'One conference room, and who is in it now.',
    roles: LEADERS,
    params: conferenceParamsSchema,
    replies: {
      200: { description: 'The room.', schema: conferenceViewSchema },
      404: { description: 'There is no such room.' },
    },
    handle: ({ params }) => {
      const view = conferences.desk.get(params.id);
      return Promise.resolve(view ? jsonReply(view) : noRoom(params.id));
    },
  });

const actRoute = (options: ConferenceRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/conferences/{id}/actions',
    summary: 'Locks, mutes, gives the floor, records, removes or ends in a conference that runs.',
    roles: LEADERS,
    params: conferenceParamsSchema,
    body: conferenceActionSchema,
    replies: {
      200: { description: 'The room afterwards.', schema: conferenceViewSchema },
      403: { description: 'The recording policy of the room does not allow it.' },
      404: { description: 'There is no such room or member.' },
      409: { description: 'It makes no sense now, such as with nobody there.' },
    },
    handle: async ({ params, body, auth, request }) => {
      const { desk } = options.conferences;
      const done = desk.act(params.id, conferenceAction(body), auth.session.user.userId);
      if (!done.ok) return faultReply(done.fault);
      const detail = conferenceDeed(params.id, body);
      await writeDown(options, { auth, request, action: 'conference-directed', detail });
      const view = desk.get(params.id);
      return view ? jsonReply(view) : noRoom(params.id);
    },
  });

const inviteRoute = (options: ConferenceRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/conferences/{id}/invitations',
    summary: 'Calls somebody into the conference; a number outside joins by pressing 1.',
    roles: LEADERS,
    params: conferenceParamsSchema,
    body: conferenceInvitationSchema,
    replies: {
      200: { description: 'It rings there.', schema: conferenceInvitedSchema },
      403: { description: 'The number may not be called.' },
      404: { description: 'There is no such room or number.' },
      409: { description: 'Nobody is at that extension, or the agent or the room has no place.' },
    },
    handle: async ({ params, body, auth, request }) => {
      const invited = options.conferences.desk.invite(params.id, body);
      if (!invited.ok) return faultReply(invited.fault);
      const detail = { room: params.id, do: 'invite', ...body };
      await writeDown(options, { auth, request, action: 'conference-directed', detail });
      return jsonReply({ memberId: invited.value });
    },
  });
