/** Which calls are recorded, and supervisors' hand on the recording of a call that is not theirs. */
import { z } from 'zod';
import type { Desks } from '../../calls/ports';
import { recordingOrderSchema, recordingPolicyBodySchema } from '../contract/recording-policies';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import type { Route } from '../http/route';
import { faultReply, jsonReply, sessionRoute } from '../http/route';
import type { RoutingPorts } from '../ports';
import { LEADERS } from './roles';
import { settingsRoutes } from './settings-routes';

const MAX_POLICIES = 1_000;

export interface RecordingControlRoutesOptions extends AuditTrail {
  readonly desks: Pick<Desks, 'record'>;
  readonly routing: Pick<RoutingPorts, 'recordingPolicies'>;
}

export const recordingControlRoutes = (options: RecordingControlRoutesOptions): Route[] => [
  ...settingsRoutes(options, {
    name: 'recording-policies',
    noun: 'recording policy',
    body: recordingPolicyBodySchema,
    editor: options.routing.recordingPolicies,
    limit: MAX_POLICIES,
  }),
  orderRoute(options),
];

const orderRoute = (options: RecordingControlRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/calls/{callId}/recording',
    summary: 'Starts, stops, pauses or masks the recording of a running call, as far as its policy lets supervisors.',
    roles: LEADERS,
    params: z.strictObject({ callId: z.string().min(1).max(64) }),
    body: recordingOrderSchema,
    replies: {
      200: { description: 'It was done.', schema: z.object({}) },
      403: { description: 'The recording policy of the call does not allow it.' },
      404: { description: 'There is no such call at the moment.' },
      409: { description: 'It is recorded already, or is not.' },
    },
    async handle({ params, body, auth, request }) {
      const by = { kind: 'supervisor', id: auth.session.user.userId } as const;
      const done = await options.desks.record(params.callId, { ...body, by });
      if (!done.ok) return faultReply(done.fault);
      const detail = { interactionId: done.value.interactionId, recording: body.action };
      await writeDown(options, { auth, request, action: 'recording-controlled', detail });
      return jsonReply({});
    },
  });
