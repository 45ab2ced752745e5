/** What an agent's desk does, for programs that do without the event socket; what happens there tells only that one. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { AgentId } from '../../base/ids';
import type { Desks } from '../../calls/ports';
import { commandSchema } from '../contract/socket';
import { deskCommand } from '../events/desk-command';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';

export interface DeskRoutesOptions {
  readonly desks: Desks;
}

const NO_DESK = { code: 'forbidden', message: 'Only agents have a desk.' } as const;

const NOT_AT_DESK = {
  code: 'bad_input',
  message: 'Conferences are directed by POST /conferences/{id}/actions.',
} as const;

export const deskRoutes = ({ desks }: DeskRoutesOptions): Route[] => [
  sessionRoute({
    method: 'post',
    path: '/desk/commands',
    summary: 'Performs a command at the own desk, such as a transfer: the messages of the event socket.',
    body: commandSchema,
    replies: {
      200: { description: 'It was done.', schema: z.object({}) },
      403: { description: 'The user is no agent.' },
      404: { description: 'There is no such call, agent or queue.' },
      409: { description: 'It is not possible at the moment.' },
    },
    async handle({ body, auth }) {
      const { agent } = auth.session.user;
      if (!agent) return faultReply(NO_DESK);
      if (body.command === 'ping') return jsonReply({});
      if (body.command === 'conference') return faultReply(NOT_AT_DESK);
      const done = await desks.perform(asId<AgentId>(agent.agentId), deskCommand(body));
      return done.ok ? jsonReply({}) : faultReply(done.fault);
    },
  }),
];
