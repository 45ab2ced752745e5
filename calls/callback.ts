/**
 * A customer who has asked for it is called back: the contact waited without a call, and gets one for each time that it is
 * offered to an agent. The customer is called only when an agent has accepted, by the way of all calls outwards.
 */
import { newId } from '../base/ids';
import type { CallId, ContactId } from '../base/ids';
import type { UnmadeCallback } from '../acd/core/events';
import type { AcdEffect } from '../acd/core/model';
import type { SipDialog } from '../signaling/ports';
import { adoptDialog } from './answer';
import { Call } from './call';
import type { AgentLeg } from './call';
import { callOfContact, onCall } from './context';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { callPlanned } from './dial';
import { endCall } from './end';
import { createLog, newInteraction } from './open-log';
import { reasonOf } from './outcome';
import { accountOfAgent } from './place-outside';
import { routeCall } from './route-call';

type Effect<Type extends AcdEffect['type']> = Extract<AcdEffect, { type: Type }>;

/** The contact is offered for the first time, or again after a call that has come to nothing. */
export const beginCallback = (ctx: CallContext, { contactId, queueId }: Effect<'offer'>): void => {
  const contact = ctx.acd.state.contacts.get(contactId);
  if (contact?.leg.kind !== 'callback' || callOfContact(ctx, contactId)) return;
  const { number, attempts } = contact.leg;
  const { arrivedAtMs } = contact;
  const { language } = contact.attributes;
  const call = openCallback(ctx, contactId, { queueId, number, attempts, arrivedAtMs, ...(language && { language }) });
  const { callId, callback } = call;
  ctx.log.info({ callId, contactId, number, attempt: callback?.attempt }, 'a callback is offered');
};

/** The next attempt, with its interaction. */
const openCallback = (
  ctx: CallContext,
  contactId: ContactId,
  { queueId, number, attempts, arrivedAtMs, language }: UnmadeCallback,
): Call => {
  const startedAtMs = ctx.clock.nowMs();
  const trunk = ctx.directory.outboundTrunk(number);
  const callback = { number, attempt: attempts + 1, arrivedAtMs, accepted: false };
  const interaction = newInteraction({
    direction: 'outbound',
    startedAtMs,
    caller: { number: trunk?.callerId ?? '' },
    called: { number },
    queueId,
    contactId,
    ...(language !== undefined && { language }),
    callback: { attempt: callback.attempt, arrivedAtMs },
  });
  const identity = {
    callId: newId<CallId>(),
    direction: 'outbound',
    number,
    displayName: undefined,
    dialledNumber: number,
    startedAtMs,
  } as const;
  const call = new Call(identity, createLog(ctx, interaction), { kind: 'queued', queueId });
  call.contactId = contactId;
  call.queueId = queueId;
  call.queuedAtMs = arrivedAtMs;
  call.arrivedAtMs = arrivedAtMs;
  call.callback = callback;
  ctx.calls.set(call.callId, call);
  ctx.callsByContact.set(contactId, call.callId);
  return call;
};

/** The agent has taken it; the ACD says when it is written down, and only then the customer is called. */
export const acceptCallback = (
  ctx: CallContext,
  call: Call,
  { leg, dialog }: { readonly leg: AgentLeg; readonly dialog: SipDialog },
): void => {
  if (call.callback) call.callback.accepted = true;
  call.moveTo({ kind: 'dialling', agentId: leg.agentId });
  adoptDialog(ctx, call, { leg, dialog });
  call.log.update({ agentId: leg.agentId });
  callChanged(ctx, call);
};

/** Must run inside the call's serial queue. */
export const callCustomer = async (
  ctx: CallContext,
  call: Call,
  { agentId, number }: Effect<'call-customer'>,
): Promise<void> => {
  const agent = ctx.directory.agent(agentId);
  if (call.phase.kind !== 'dialling' || call.phase.agentId !== agentId || call.customer || !agent) return;
  const permitted = ctx.permission.outbound({ agentId, dialled: number });
  if (!permitted.ok) return endCall(ctx, call, { party: 'system', reason: reasonOf(permitted.fault), failed: true });
  const goal = routeCall(ctx, number, { kind: 'agent' });
  if (!goal.ok) return endCall(ctx, call, { party: 'carrier', reason: reasonOf(goal.fault) });
  if (goal.value.kind === 'flow' || goal.value.kind === 'agent')
    return endCall(ctx, call, { party: 'carrier', reason: 'no-route' });
  const within =
    goal.value.kind === 'trunk' && goal.value.outside
      ? ctx.fraud.mayCall({ account: accountOfAgent(agentId), number })
      : undefined;
  if (within && !within.ok)
    return endCall(ctx, call, { party: 'system', reason: reasonOf(within.fault), failed: true });
  await callPlanned(ctx, call, { agent, number, goal: goal.value });
};

/** No agent had it before the hours in which the customer may be called were over; it gets another call when they begin. */
export const callbackRests = (ctx: CallContext, { contactId, untilMs }: Effect<'callback-rests'>): void => {
  const call = callOfContact(ctx, contactId);
  if (!call?.callback || call.callback.accepted) return;
  onCall(ctx, call, async () => {
    if (ctx.acd.state.contacts.get(contactId)?.status.kind !== 'resting') return;
    call.log.noteQueue({ kind: 'callback-rests', untilMs });
    await endCall(ctx, call, { party: 'system', reason: 'callback-rests', failed: true });
  });
};

/** It is over before an agent had it, or for good; the history is told also of one that was never offered. */
export const callbackOver = (ctx: CallContext, { contactId, reason, unmade }: Effect<'callback-over'>): void => {
  ctx.log.info({ contactId, reason }, 'a callback is over');
  const call = callOfContact(ctx, contactId) ?? (unmade && openCallback(ctx, contactId, unmade));
  if (call)
    onCall(ctx, call, () => endCall(ctx, call, { party: 'system', reason: `callback-${reason}`, failed: true }));
};
