/** The supervisors' side of the center: begins, changes and ends supervision, of one call or of one agent's calls. */
import { newId } from '../base/ids';
import type { AgentId, SupervisionId, UserId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { intercept } from './intercept';
import type { Supervision, SupervisionOrder, SupervisionView } from './supervision-ports';
import { supervisionView, teamCalls, watchView } from './supervision-view';
import { CONVERSATIONS, changeMode, dropSupervisor, supervise } from './supervise';
import type { Supervisor } from './supervisor';
import type { Watch } from './watch';

export const createSupervision = (ctx: CallContext): Supervision => ({
  begin: (order) => {
    const { target } = order;
    return target.kind === 'call' ? beginOnCall(ctx, target.callId, order) : beginWatch(ctx, target.agentId, order);
  },
  changeMode: async (id, by, mode) => {
    const watch = watchOf(ctx, id, by);
    if (watch) watch.mode = mode;
    const changed = await onSupervision(ctx, { id, by }, async (call, supervisor) => {
      const done = await changeMode(ctx, call, { supervisor, mode });
      return done.ok ? ok(supervisionView(ctx, call, { supervisor })) : done;
    });
    if (changed !== NOT_THERE || !watch) return changed;
    const view = watchView(ctx, watch);
    ctx.events.emit('desk', { type: 'supervision', supervision: view });
    return ok(view);
  },
  intercept: (id, by) => onSupervision(ctx, { id, by }, (call, supervisor) => intercept(ctx, call, supervisor)),
  leave: async (id, by) => {
    const watch = watchOf(ctx, id, by);
    ctx.watches.delete(id);
    const left = await onSupervision(ctx, { id, by }, async (call, supervisor) => {
      await dropSupervisor(ctx, call, { supervisor, reason: 'left' });
      return ok(undefined);
    });
    if (left !== NOT_THERE || !watch) return left;
    ctx.events.emit('desk', { type: 'supervision', supervision: watchView(ctx, watch, 'left') });
    return ok(undefined);
  },
  list: () => listAll(ctx),
  teamCalls: () => teamCalls(ctx),
});

const NOT_THERE = fail('not_found', 'You have no such supervision, or it is over.');

const watchOf = (ctx: CallContext, id: SupervisionId, by: UserId): Watch | undefined => {
  const watch = ctx.watches.get(id);
  return watch?.identity.userId === by ? watch : undefined;
};

const beginOnCall = async (
  ctx: CallContext,
  callId: Call['callId'],
  order: SupervisionOrder & { readonly supervisionId?: SupervisionId },
): Promise<Result<SupervisionView>> => {
  const call = ctx.calls.get(callId);
  if (!call) return fail('not_found', 'This call is over.');
  return ctx.serial.run(callId, async () => {
    const begun = await supervise(ctx, call, order);
    return begun.ok ? ok(supervisionView(ctx, call, { supervisor: begun.value })) : begun;
  });
};

/** The present conversation, if there is one, and all that come until the supervisor leaves. */
const beginWatch = async (
  ctx: CallContext,
  agentId: AgentId,
  order: SupervisionOrder,
): Promise<Result<SupervisionView>> => {
  const { by, mode, device } = order;
  if (!ctx.directory.agent(agentId)) return fail('not_found', `There is no agent ${agentId}.`);
  if (by.agentId === agentId) return fail('bad_input', 'You cannot supervise yourself.');
  if (listAll(ctx).some(({ userId }) => userId === by.userId)) {
    return fail('conflict', 'You supervise already; leave that first.');
  }
  const watch: Watch = { supervisionId: newId<SupervisionId>(), identity: by, device, agentId, mode };
  ctx.watches.set(watch.supervisionId, watch);
  const call = [...ctx.calls.values()].find(
    ({ agentLeg, phase }) => agentLeg?.agentId === agentId && CONVERSATIONS.has(phase.kind),
  );
  if (!call) {
    const view = watchView(ctx, watch);
    ctx.events.emit('desk', { type: 'supervision', supervision: view });
    return ok(view);
  }
  const begun = await beginOnCall(ctx, call.callId, { ...order, supervisionId: watch.supervisionId });
  if (!begun.ok) ctx.watches.delete(watch.supervisionId);
  return begun;
};

/** Supervisors who follow this call's agent come with the conversation. Must run inside the call's serial queue. */
export const followAgent = (ctx: CallContext, call: Call): void => {
  const agentId = call.agentLeg?.agentId;
  for (const watch of ctx.watches.values()) {
    const { supervisionId, identity, device } = watch;
    const isHere = call.supervisors.some((supervisor) => supervisor.supervisionId === supervisionId);
    if (watch.agentId !== agentId || isHere) continue;
    onCall(ctx, call, async () => {
      if (call.agentLeg?.agentId !== agentId || !ctx.watches.has(supervisionId)) return;
      const begun = await supervise(ctx, call, { by: identity, mode: watch.mode, device, supervisionId });
      if (!begun.ok)
        ctx.log.info({ callId: call.callId, supervisionId, fault: begun.fault }, 'a supervisor stays away');
    });
  }
};

/** The agent has left the call: who follows this agent leaves, too. Must run inside the call's serial queue. */
export const leaveWithAgent = async (ctx: CallContext, call: Call, agentId: AgentId): Promise<void> => {
  for (const supervisor of call.supervisors) {
    if (ctx.watches.get(supervisor.supervisionId)?.agentId !== agentId) continue;
    await dropSupervisor(ctx, call, { supervisor, reason: 'agent-left' });
  }
};

const listAll = (ctx: CallContext): SupervisionView[] => {
  const active = [...ctx.calls.values()].flatMap((call) =>
    call.supervisors.map((supervisor) => supervisionView(ctx, call, { supervisor })),
  );
  const here = new Set(active.map(({ supervisionId }) => supervisionId));
  const waiting = [...ctx.watches.values()].filter(({ supervisionId }) => !here.has(supervisionId));
  return [...active, ...waiting.map((watch) => watchView(ctx, watch))];
};

const onSupervision = async <Value>(
  ctx: CallContext,
  of: { id: SupervisionId; by: UserId },
  work: (call: Call, supervisor: Supervisor) => Promise<Result<Value>>,
): Promise<Result<Value>> => {
  const found = (call: Call): Supervisor | undefined =>
    call.supervisors.find(({ supervisionId, identity }) => supervisionId === of.id && identity.userId === of.by);
  const call = [...ctx.calls.values()].find((one) => found(one));
  if (!call) return NOT_THERE;
  return ctx.serial.run(call.callId, () => {
    const supervisor = found(call);
    return supervisor ? work(call, supervisor) : Promise.resolve(NOT_THERE);
  });
};
