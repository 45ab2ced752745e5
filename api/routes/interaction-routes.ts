/** The history and its recordings. */
import { z } from 'zod';
import { interactionPageSchema, interactionQuerySchema, interactionSchema } from '../contract/rest';
import type { InteractionPage, InteractionQuery, SessionUser } from '../contract/rest';
import type { InteractionReader, RecordingFiles } from '../ports';
import type { AuditTrail } from '../http/audit-trail';
import type { Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import { ReadingNotes } from '../recordings/reading-notes';
import { sendRecording } from '../recordings/send-recording';
import type { InteractionViewer, NameBook } from './interaction-view';
import { interactionView, mayHear, maySee, seesAll } from './interaction-view';
import type { Interaction } from '../../store/interaction';

export interface InteractionRoutesOptions extends AuditTrail {
  readonly interactions: InteractionReader;
  readonly recordings: RecordingFiles;
  readonly names: NameBook;
  /** Whether agents see who listened to their calls. */
  readonly agentsSeeSupervision: boolean;
}

const viewFor = ({ names, agentsSeeSupervision }: InteractionRoutesOptions, user: SessionUser): InteractionViewer => ({
  names,
  user,
  withSupervisors: agentsSeeSupervision || seesAll(user),
});

const idParams = z.strictObject({ id: z.string().min(1).max(64) });
const recordingParams = idParams.extend({ n: z.coerce.number().int().min(1).max(10_000) });

const listQuery = interactionQuerySchema.refine(
  ({ fromMs, toMs }) => fromMs === undefined || toMs === undefined || fromMs <= toMs,
  { path: ['toMs'], message: 'Must not be before fromMs.' },
);

const NOBODYS_PAGE: InteractionPage = { items: [] };

/** The same reply for what does not exist and for what this user may not see. */
const noSuchInteraction = (id: string): Reply =>
  faultReply({ code: 'not_found', message: `There is no interaction ${id} that you may see.` });

const listPage = async (
  options: InteractionRoutesOptions,
  user: SessionUser,
  query: InteractionQuery,
): Promise<Reply> => {
  const all = seesAll(user);
  if (!all && !user.agent) return jsonReply(NOBODYS_PAGE);
  if (!all && query.agentId !== undefined && query.agentId !== user.agent?.agentId) {
    return faultReply({ code: 'forbidden', message: 'Agents see their own interactions only.' });
  }
  const listed = await options.interactions.list(all ? query : { ...query, agentId: user.agent?.agentId });
  if (!listed.ok) return faultReply(listed.fault);
  const page: InteractionPage = {
    items: listed.value.items.map((item) => interactionView(item, viewFor(options, user))),
    nextCursor: listed.value.nextCursor,
  };
  return jsonReply(page);
};

const visible = async (
  { interactions }: InteractionRoutesOptions,
  user: SessionUser,
  id: string,
): Promise<Interaction | undefined> => {
  const interaction = await interactions.get(id);
  return interaction && maySee(user, interaction) ? interaction : undefined;
};

const recordingRoute = (options: InteractionRoutesOptions, notes: ReadingNotes): Route =>
  sessionRoute({
    method: 'get',
    path: '/interactions/{id}/recordings/{n}',
    summary: 'A recording, each party on a channel of its own. While the call runs, what has been recorded so far.',
    params: recordingParams,
    replies: {
      200: { description: 'The whole recording.', mediaType: 'audio/wav' },
      206: { description: 'The part that the Range header asks for.', mediaType: 'audio/wav' },
      304: { description: 'Not changed since the ETag of If-None-Match.' },
      404: { description: 'No such interaction or recording.' },
      416: { description: 'The range lies behind the end.' },
    },
    async handle({ params, auth, request, response }) {
      const interaction = await visible(options, auth.session.user, params.id);
      if (!interaction) return noSuchInteraction(params.id);
      const recording = interaction.recordings.find((one) => one.n === params.n && mayHear(auth.session.user, one));
      const file = recording && (await options.recordings.open(recording.path, recording.recordingId));
      if (!file) {
        return faultReply({ code: 'not_found', message: `Interaction ${params.id} has no recording ${params.n}.` });
      }
      await notes.note({ auth, request, interactionId: interaction._id, n: params.n });
      await sendRecording(request, response, file);
      return { kind: 'sent' };
    },
  });

export const interactionRoutes = (options: InteractionRoutesOptions): Route[] => [
  sessionRoute({
    method: 'get',
    path: '/interactions',
    summary: 'The history, newest first. Agents see their own interactions, supervisors and administrators all.',
    query: listQuery,
    replies: { 200: { description: 'One page; `nextCursor` is absent on the last.', schema: interactionPageSchema } },
    handle: ({ auth, query }) => listPage(options, auth.session.user, query),
  }),
  sessionRoute({
    method: 'get',
    path: '/interactions/{id}',
    summary: 'One interaction with its segments, parties and recordings.',
    params: idParams,
    replies: {
      200: { description: 'The interaction.', schema: interactionSchema },
      404: { description: 'There is none of this id that the user may see.' },
    },
    async handle({ params, auth }) {
      const interaction = await visible(options, auth.session.user, params.id);
      return interaction
        ? jsonReply(interactionView(interaction, viewFor(options, auth.session.user)))
        : noSuchInteraction(params.id);
    },
  }),
  recordingRoute(options, new ReadingNotes(options)),
];
