/** Rules by number, and the question what they say about a call. */
import type { AgentId } from '../../base/ids';
import { musicStreamBodySchema } from '../contract/music-streams';
import { asId } from '../../base/ids';
import type { CallPermission } from '../../calls/call-permission';
import {
  callRuleBodySchema,
  permissionQuerySchema,
  permissionReplySchema,
  answerModeBodySchema,
  releaseModeBodySchema,
} from '../contract/routing';
import type { AuditTrail } from '../http/audit-trail';
import type { Route } from '../http/route';
import { jsonReply, sessionRoute } from '../http/route';
import type { RoutingPorts } from '../ports';
import { ADMINISTRATORS } from './roles';
import { settingsRoutes } from './settings-routes';

/** Each that is listened to is a connection and a decoder. */
const MAX_STREAMS = 100;
const MAX_RULES = 1_000;

export interface CallRuleRoutesOptions extends AuditTrail {
  readonly routing: Pick<RoutingPorts, 'callRules' | 'permission' | 'releaseModes' | 'answerModes' | 'musicStreams'>;
}

export const callRuleRoutes = (options: CallRuleRoutesOptions): Route[] => [
  ...settingsRoutes(options, {
    name: 'call-rules',
    noun: 'call rule',
    body: callRuleBodySchema,
    editor: options.routing.callRules,
    limit: MAX_RULES,
  }),
  ...settingsRoutes(options, {
    name: 'release-modes',
    noun: 'release mode',
    body: releaseModeBodySchema,
    editor: options.routing.releaseModes,
    limit: MAX_RULES,
  }),
  ...settingsRoutes(options, {
    name: 'answer-modes',
    noun: 'answer mode',
    body: answerModeBodySchema,
    editor: options.routing.answerModes,
    limit: MAX_RULES,
  }),
  ...settingsRoutes(options, {
    name: 'music-streams',
    noun: 'music stream',
    body: musicStreamBodySchema,
    editor: options.routing.musicStreams,
    limit: MAX_STREAMS,
  }),
  explainRoute(options.routing.permission),
];

const explainRoute = (permission: CallPermission): Route =>
  sessionRoute({
    method: 'get',
    path: '/call-permission',
    summary: 'What the call rules say about a call, and which of them decides. Places no call.',
    roles: ADMINISTRATORS,
    query: permissionQuerySchema,
    replies: { 200: { description: 'The decision.', schema: permissionReplySchema } },
    handle: ({ query }) => {
      const { direction, caller, agentId, called } = query;
      if (direction === 'inbound') {
        const decision = permission.inbound({ caller: caller ?? '', called });
        return Promise.resolve(jsonReply({ permitted: decision.admit, rule: decision.rule }));
      }
      const agent = agentId === undefined ? undefined : asId<AgentId>(agentId);
      const decision = permission.outbound({ dialled: called, agentId: agent, caller });
      if (decision.ok) return Promise.resolve(jsonReply({ permitted: true, ...decision.value }));
      const { message, about } = decision.fault;
      const { rule, class: numberClass } = about?.values ?? {};
      return Promise.resolve(jsonReply({ permitted: false, rule, numberClass, message }));
    },
  });
