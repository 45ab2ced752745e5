/** Conference rooms for the desk's server: the product's own book and contract over a store in memory. */
import type { Express } from 'express';
import { HIDDEN_PIN, conferenceRoomListSchema, conferenceRoomSchema } from '../../../api/contract/conferences';
import type { ConferenceRoomBody } from '../../../api/contract/conferences';
import { ConferenceBook } from '../../../main/conference-book';
import { memorySettings } from '../api/routing-ports';

const shown = (id: string, room: ConferenceRoomBody) => {
  const hidden = (['moderatorPin', 'participantPin', 'listenerPin'] as const)
    .filter((pin) => room[pin] !== undefined)
    .map((pin) => [pin, HIDDEN_PIN]);
  return { ...room, ...Object.fromEntries(hidden), id };
};

export const routeConferenceRooms = (app: Express): void => {
  const book = ConferenceBook.load(memorySettings());
  app.get('/api/v1/conference-rooms', async (_request, response) => {
    const items = (await (await book).editor.list()).map(({ id, value }) => shown(id, value));
    response.json(conferenceRoomListSchema.parse({ items }));
  });
  app.put('/api/v1/conference-rooms/:id', async (request, response) => {
    const saved = await (await book).editor.put(request.params.id, conferenceRoomSchema.parse(request.body));
    if (saved.ok) return response.json({});
    const { code, message, about } = saved.fault;
    return response.status(code === 'conflict' ? 409 : 400).json({ code, message, about });
  });
  app.delete('/api/v1/conference-rooms/:id', async (request, response) => {
    await (await book).editor.remove(request.params.id);
    response.json({});
  });
};
