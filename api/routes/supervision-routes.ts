/** Supervisors listen to calls, whisper, take part and take calls over; each act is written to the audit. */
import { z } from 'zod';
import { asId } from '../../base/ids';
import type { AgentId, CallId, SupervisionId, UserId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { SupervisorIdentity } from '../../calls/supervisor';
import type { Supervision, SupervisionTarget } from '../../calls/supervision-ports';
import {
  supervisionChangeSchema,
  supervisionRequestSchema,
  supervisionViewSchema,
  teamCallSchema,
} from '../contract/supervision';
import type { SessionUser } from '../contract/rest';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Authenticated, Reply, Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import { hiddenFrom, visibleTo } from '../http/tenant-view';
import type { WithTenants } from '../http/tenant-view';
import { LEADERS } from './roles';

export interface SupervisionRoutesOptions extends AuditTrail, WithTenants {
  readonly supervision: Supervision;
}

const params = z.strictObject({ id: z.string().min(1).max(64) });
const GONE = { 404: { description: 'You have no such supervision, or it is over.' } } as const;

export const supervisionRoutes = (options: SupervisionRoutesOptions): Route[] => [
  teamCallsRoute(options),
  listRoute(options),
  beginRoute(options),
  changeRoute(options),
  takeOverRoute(options),
  leaveRoute(options),
];

const teamCallsRoute = (options: SupervisionRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/team-calls',
    summary: 'The calls that agents have now, with who supervises them.',
    roles: LEADERS,
    replies: { 200: { description: 'The calls.', schema: z.object({ items: z.array(teamCallSchema) }) } },
    handle: ({ auth }) =>
      Promise.resolve(jsonReply({ items: visibleTo(options, auth, options.supervision.teamCalls()) })),
  });

const listRoute = (options: SupervisionRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/supervisions',
    summary: 'Who supervises at the moment.',
    roles: LEADERS,
    replies: {
      200: { description: 'All that are not over.', schema: z.object({ items: z.array(supervisionViewSchema) }) },
    },
    handle: ({ auth }) =>
      Promise.resolve(
        jsonReply({
          items: options.supervision
            .list()
            .filter(({ agentId, follows }) => !hiddenFrom(options, auth, { agentId: agentId ?? follows })),
        }),
      ),
  });

const beginRoute = (options: SupervisionRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/supervisions',
    summary:
      'Begins to listen to a call, or to the calls of an agent: the own browser or the phone that is named is called.',
    roles: LEADERS,
    body: supervisionRequestSchema,
    replies: {
      201: { description: 'The supervision; the event socket tells how it goes on.', schema: supervisionViewSchema },
      404: { description: 'There is no such call, agent or phone.' },
      409: { description: 'There is no conversation, it is the own one, or the user is with a call already.' },
      503: { description: 'The own browser telephone is not connected.' },
    },
    handle: async ({ body, auth, request }) => {
      const { mode, device } = body;
      const hidden = hiddenFrom(options, auth, { agentId: agentOf(options, body.target) });
      if (hidden) return hidden;
      const begun = await options.supervision.begin({
        by: identityOf(auth.session.user),
        target: targetOf(body.target),
        mode,
        device,
      });
      if (!begun.ok) return faultReply(begun.fault);
      const { supervisionId, callId, agentId } = begun.value;
      const by = device.kind === 'phone' ? `phone ${device.extension}` : device.kind;
      const detail = { act: 'begin', supervisionId, mode, device: by, callId: callId ?? '', agentId: agentId ?? '' };
      await note(options, { auth, request, detail });
      return jsonReply(begun.value, 201);
    },
  });

const changeRoute = (options: SupervisionRoutesOptions): Route =>
  sessionRoute({
    method: 'put',
    path: '/supervisions/{id}',
    summary: 'Changes the mode, at once.',
    roles: LEADERS,
    params,
    body: supervisionChangeSchema,
    replies: { 200: { description: 'The supervision.', schema: supervisionViewSchema }, ...GONE },
    handle: async ({ params: { id }, body: { mode }, auth, request }) => {
      const changed = await options.supervision.changeMode(asId<SupervisionId>(id), userIdOf(auth), mode);
      if (!changed.ok) return faultReply(changed.fault);
      await note(options, { auth, request, detail: { act: 'change-mode', supervisionId: id, mode } });
      return jsonReply(changed.value);
    },
  });

const takeOverRoute = (options: SupervisionRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/supervisions/{id}/take-over',
    summary: 'Takes the call over: the agent is free for wrap-up, and the supervisor has the customer.',
    roles: LEADERS,
    params,
    replies: {
      200: { description: 'It was done.', schema: z.object({}) },
      ...GONE,
      409: { description: 'No agent has the call at the moment.' },
    },
    handle: ({ params: { id }, auth, request }) =>
      perform(options, { auth, request, detail: { act: 'take-over', supervisionId: id } }, () =>
        options.supervision.intercept(asId<SupervisionId>(id), userIdOf(auth)),
      ),
  });

const leaveRoute = (options: SupervisionRoutesOptions): Route =>
  sessionRoute({
    method: 'delete',
    path: '/supervisions/{id}',
    summary: 'Leaves the call; the others talk on.',
    roles: LEADERS,
    params,
    replies: { 200: { description: 'It is over.', schema: z.object({}) }, ...GONE },
    handle: ({ params: { id }, auth, request }) =>
      perform(options, { auth, request, detail: { act: 'leave', supervisionId: id } }, () =>
        options.supervision.leave(asId<SupervisionId>(id), userIdOf(auth)),
      ),
  });

type Note = Omit<Parameters<typeof writeDown>[1], 'action'>;

const note = (trail: AuditTrail, of: Note): Promise<void> => writeDown(trail, { ...of, action: 'supervision' });

const perform = async (trail: AuditTrail, of: Note, act: () => Promise<Result<void>>): Promise<Reply> => {
  const done = await act();
  if (!done.ok) return faultReply(done.fault);
  await note(trail, of);
  return jsonReply({});
};

const userIdOf = ({ session }: Authenticated): UserId => asId<UserId>(session.user.userId);

const identityOf = ({ userId, userName, displayName, displayNameZh, agent }: SessionUser): SupervisorIdentity => ({
  ...{ userId: asId<UserId>(userId), userName, displayName, displayNameZh },
  agentId: agent && asId<AgentId>(agent.agentId),
});

/** Undefined for a call that is not there, of which the supervision says so. */
const agentOf = (
  { supervision }: SupervisionRoutesOptions,
  target: z.output<typeof supervisionRequestSchema>['target'],
): string | undefined =>
  target.kind === 'agent'
    ? target.agentId
    : supervision.teamCalls().find(({ callId }) => (callId as string) === target.callId)?.agentId;

const targetOf = (target: z.output<typeof supervisionRequestSchema>['target']): SupervisionTarget =>
  target.kind === 'call'
    ? { kind: 'call', callId: asId<CallId>(target.callId) }
    : { kind: 'agent', agentId: asId<AgentId>(target.agentId) };
