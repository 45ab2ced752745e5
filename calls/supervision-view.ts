/** Supervision as supervisors see it. */
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { agentsOf, deskCall, recordingView } from './desk-view';
import type { DeskCall } from './ports';
import { ruleOf } from './recording-terms';
import type { SupervisionView, TeamCall } from './supervision-ports';
import type { Supervisor } from './supervisor';
import type { Watch } from './watch';

export const supervisionView = (
  ctx: CallContext,
  call: Call,
  of: { supervisor: Supervisor; ended?: string | undefined },
): SupervisionView => {
  const { supervisor, ended } = of;
  const { supervisionId, identity, mode, device } = supervisor;
  const { userId, displayName, displayNameZh } = identity;
  const agent = call.agentLeg && ctx.directory.agent(call.agentLeg.agentId);
  return {
    supervisionId,
    userId,
    displayName,
    displayNameZh,
    state: ended !== undefined ? 'ended' : supervisor.isThere ? 'active' : 'ringing',
    mode,
    device,
    follows: ctx.watches.get(supervisionId)?.agentId,
    callId: call.callId,
    interactionId: call.log.interaction._id,
    agentId: agent?.agentId,
    agentName: agent?.displayName,
    agentNameZh: agent?.displayNameZh,
    number: call.replacedBy ?? call.identity.number,
    reason: ended,
  };
};

/** Of a supervisor whose agent has no conversation at the moment. */
export const watchView = (ctx: CallContext, watch: Watch, reason?: string): SupervisionView => {
  const { supervisionId, identity, mode, device, agentId } = watch;
  const { userId, displayName, displayNameZh } = identity;
  const agent = ctx.directory.agent(agentId);
  return {
    supervisionId,
    userId,
    displayName,
    displayNameZh,
    state: ctx.watches.has(supervisionId) ? 'waiting' : 'ended',
    mode,
    device,
    follows: agentId,
    agentId,
    agentName: agent?.displayName,
    agentNameZh: agent?.displayNameZh,
    reason,
  };
};

/** One agent's view of a call, cut down to what those see who lead the agents, and with who listens to it. */
export const teamCall = (call: Call, agentId: AgentId, view: DeskCall): TeamCall => {
  const { callId, interactionId, direction, state, number, displayName, displayNameZh } = view;
  const { queueId, queueName, queueNameZh, startedAtMs, answeredAtMs, muted, heard } = view;
  return {
    ...{ callId, interactionId, agentId, direction, state, number, displayName, displayNameZh },
    ...{ queueId, queueName, queueNameZh, startedAtMs, answeredAtMs, muted, heard },
    recordingState: recordingView(call, ruleOf(call).supervisorMay),
    supervisors: call.supervisors.map(({ identity, mode, isThere }) => {
      const { userId, displayName: name, displayNameZh: nameZh } = identity;
      return { userId, displayName: name, displayNameZh: nameZh, mode, state: isThere ? 'active' : 'ringing' };
    }),
  };
};

export const teamCalls = (ctx: CallContext): TeamCall[] => {
  const running = [...ctx.calls.values()].flatMap((call) =>
    agentsOf(call).map((agentId) => teamCall(call, agentId, deskCall(ctx, call, agentId))),
  );
  const wrapUps = [...ctx.wrapUps].map(([agentId, call]) => teamCall(call, agentId, deskCall(ctx, call, agentId)));
  return [...running, ...wrapUps];
};
