/**
 * A supervisor listens to a call, whispers to its agent or takes part: the supervisor's own telephone is called, and its
 * leg joins the mix. Who hears whom is decided in `joint.ts`.
 */
import { newId } from '../base/ids';
import type { ContactId, SupervisionId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { SupervisionMode } from '../media/supervision';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { agentsOf, callChanged } from './desk-view';
import { closeEndpoint } from './end';
import { arrange, nearLegOf } from './joint';
import { callSupervisor } from './reach-supervisor';
import { recordVoices } from './recording';
import type { SupervisionOrder } from './supervision-ports';
import { supervisionView, watchView } from './supervision-view';
import { Supervisor, seatOfAgent, seatOfPhone } from './supervisor';
import type { SupervisorSeat } from './supervisor';

/** So that nobody's mix becomes a room. */
const MAX_SUPERVISORS = 8;

/** Phases in which there is somebody to listen to. */
export const CONVERSATIONS: ReadonlySet<Call['phase']['kind']> = new Set([
  'talking',
  'held',
  'consulting',
  'forwarded',
]);

export type SupervisorOrder = Omit<SupervisionOrder, 'target'> & { readonly supervisionId?: SupervisionId };

/** Must run inside the call's serial queue. */
export const supervise = async (ctx: CallContext, call: Call, order: SupervisorOrder): Promise<Result<Supervisor>> => {
  const { by, mode, device } = order;
  const may = maySupervise(ctx, call, order);
  if (!may.ok) return may;
  const seat = takeSeat(ctx, order);
  if (!seat.ok) return seat;
  const { supervisionId = newId<SupervisionId>() } = order;
  const supervisor = new Supervisor({
    supervisionId,
    follows: ctx.watches.get(supervisionId)?.agentId,
    identity: by,
    device,
    seat: seat.value,
    mode,
  });
  call.supervisors = [...call.supervisors, supervisor];
  ctx.callsByEndpoint.set(supervisor.leg.endpointId, call.callId);
  ctx.log.info({ callId: call.callId, by: by.userName, mode, device }, 'a supervisor is called to a call');
  tellSupervisor(ctx, call, supervisor);
  callChanged(ctx, call);
  const called = await callSupervisor(ctx, call, supervisor);
  if (called.ok) return ok(supervisor);
  await dropSupervisor(ctx, call, { supervisor, reason: 'unreachable' });
  return called;
};

const maySupervise = (ctx: CallContext, call: Call, { by }: SupervisorOrder): Result<void> => {
  if (!CONVERSATIONS.has(call.phase.kind) || !nearLegOf(call)?.dialog) {
    return fail('conflict', 'There is no conversation to listen to at the moment.');
  }
  if (by.agentId !== undefined && agentsOf(call).includes(by.agentId)) {
    return fail('conflict', 'This is your own call.');
  }
  const busy = [...ctx.calls.values()].some(({ supervisors }) =>
    supervisors.some(({ identity }) => identity.userId === by.userId),
  );
  if (busy) return fail('conflict', 'You are with a call already; leave it first.');
  if (call.supervisors.length >= MAX_SUPERVISORS) {
    return fail('overloaded', `${MAX_SUPERVISORS} supervisors are with this call already.`);
  }
  return ok(undefined);
};

/** The ACD offers a supervisor with a seat nothing meanwhile. */
const takeSeat = (ctx: CallContext, { by, device }: SupervisorOrder): Result<SupervisorSeat> => {
  const { agentId } = by;
  if (device.kind === 'phone' && !ctx.directory.phone(device.extension)) {
    return fail('not_found', `There is no phone ${device.extension}.`);
  }
  if (agentId === undefined) {
    if (device.kind === 'phone') return ok(seatOfPhone());
    return fail('unavailable', 'You have no seat with a browser telephone; name a phone to listen by.');
  }
  const agent = ctx.acd.state.agents.get(agentId);
  if (device.kind === 'browser' && !agent?.deviceRegistered) {
    return fail('unavailable', 'Your browser telephone is not connected.');
  }
  if (agent?.status.kind === 'wrap-up') return fail('conflict', 'Finish your wrap-up first.');
  const contactId = newId<ContactId>();
  const begun = ctx.acd.dispatch({ type: 'contact-begun', contactId, agentId });
  if (!begun.ok) return fail('conflict', 'You have a call yourself, or are not signed in.');
  return ok(seatOfAgent(agentId, contactId));
};

/** Must run inside the call's serial queue. */
export const changeMode = async (
  ctx: CallContext,
  call: Call,
  change: { supervisor: Supervisor; mode: SupervisionMode },
): Promise<Result<void>> => {
  const { supervisor, mode } = change;
  if (supervisor.mode === mode) return ok(undefined);
  const before = supervisor.mode;
  supervisor.mode = mode;
  const arranged = supervisor.isThere ? await arrange(ctx, call) : ok(undefined);
  if (!arranged.ok) {
    supervisor.mode = before;
    return arranged;
  }
  if (supervisor.isThere && [before, mode].includes('barge')) await recordVoices(ctx, call);
  ctx.log.info({ callId: call.callId, by: supervisor.identity.userName, mode }, 'a supervisor has changed the mode');
  call.log.supervisionMode(supervisor.supervisionId, mode);
  const watch = ctx.watches.get(supervisor.supervisionId);
  if (watch) watch.mode = mode;
  tellSupervisor(ctx, call, supervisor);
  callChanged(ctx, call);
  return ok(undefined);
};

/** The supervisor has gone, or goes: the others talk on. Must run inside the call's serial queue. */
export const dropSupervisor = async (
  ctx: CallContext,
  call: Call,
  of: { supervisor: Supervisor; reason: string },
): Promise<void> => {
  const { supervisor, reason } = of;
  if (!call.supervisors.includes(supervisor)) return;
  const { leg, isThere } = supervisor;
  call.supervisors = call.supervisors.filter((other) => other !== supervisor);
  leg.outgoing?.cancel();
  void leg.dialog?.hangup('Q.850;cause=16');
  supervisionOver(ctx, call, of);
  ctx.log.info({ callId: call.callId, by: supervisor.identity.userName, reason }, 'a supervisor has left a call');
  await closeEndpoint(ctx, leg.endpointId);
  const arranged = isThere ? await arrange(ctx, call) : ok(undefined);
  if (!arranged.ok) ctx.log.error({ callId: call.callId, fault: arranged.fault }, 'a call could not be joined anew');
  callChanged(ctx, call);
};

/** The supervisor's seat is free, history and desk know it. */
export const supervisionOver = (ctx: CallContext, call: Call, of: { supervisor: Supervisor; reason: string }): void => {
  const { supervisor, reason } = of;
  const { seat, supervisionId } = supervisor;
  if (seat.kind === 'agent' && ctx.acd.state.contacts.has(seat.contactId)) {
    ctx.acd.dispatch({ type: 'contact-left', contactId: seat.contactId });
  }
  call.log.endSupervision(supervisionId);
  const watch = ctx.watches.get(supervisionId);
  const supervision = watch ? watchView(ctx, watch, reason) : supervisionView(ctx, call, { supervisor, ended: reason });
  ctx.events.emit('desk', { type: 'supervision', supervision });
};

export const tellSupervisor = (ctx: CallContext, call: Call, supervisor: Supervisor): void =>
  ctx.events.emit('desk', { type: 'supervision', supervision: supervisionView(ctx, call, { supervisor }) });

export const supervisorOf = (call: Call, leg: Leg): Supervisor | undefined =>
  call.supervisors.find((supervisor) => supervisor.leg === leg);

/** Keys by which a supervisor at a telephone changes the mode. */
const MODE_KEYS: Readonly<Record<string, SupervisionMode>> = { '4': 'monitor', '5': 'whisper', '6': 'barge' };

/** Must run inside the call's serial queue. */
export const supervisorPressed = async (
  ctx: CallContext,
  call: Call,
  pressed: { supervisor: Supervisor; digit: string },
): Promise<void> => {
  const mode = MODE_KEYS[pressed.digit];
  if (mode !== undefined) await changeMode(ctx, call, { supervisor: pressed.supervisor, mode });
};
