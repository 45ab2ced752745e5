/**
 * Somebody has been named by REFER to take a party's place. That party stays until it leaves by itself or the other one
 * is there, so that nobody is lost when that one does not answer.
 */
import type { FlowDocument } from '../flows/document';
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint, endCall } from './end';
import { advanceFlow } from './flow-runner';
import { part } from './joint';
import { playMusic } from './music';
import { stopRecordingAgent } from './recording';
import { applyMask } from './recording-mask';
import type { Referrer } from './refer-target';
import { swapCustomer } from './swap-customer';
import { numberOf } from './tell-story';
import { giveCustomer } from './third-answered';
import type { ThirdParty } from './third-party';

/** Who is named has answered. Must run inside the call's serial queue. */
export const takeReferrersPlace = async (ctx: CallContext, call: Call): Promise<void> => {
  const { third } = call;
  if (!third?.leg || !third.referrer) return;
  third.progress?.report(200);
  if (call.phase.kind !== 'forwarded') return takeCustomersPlace(ctx, call, third);
  await letGo(ctx, call, third.referrer.leg);
  await giveCustomer(ctx, call);
};

/** The agent stays, and talks with another number now, or with a colleague. */
const takeCustomersPlace = async (ctx: CallContext, call: Call, third: ThirdParty): Promise<void> => {
  const { leg, target, agentLeg, contactId } = third;
  if (!leg) return;
  call.third = undefined;
  call.log.settleTransfer('completed');
  call.log.leave(call.identity.number);
  if (agentLeg && contactId !== undefined) {
    const { agentId, muted } = agentLeg;
    ctx.callsByContact.delete(contactId);
    call.colleague = { agentId, contactId, muted };
    call.replacedBy = ctx.directory.agent(agentId)?.extension;
    call.log.join('agent', agentId);
  }
  if (target.kind === 'outside') {
    call.log.join('other', target.number);
    call.replacedBy = target.number;
  }
  await swapCustomer(ctx, call, leg);
};

/** Who had asked has hung up before the other one answered. Must run inside the call's serial queue. */
export const referrerLeft = async (ctx: CallContext, call: Call): Promise<void> => {
  const { third } = call;
  if (!third?.referrer) return;
  const { leg, owner } = third.referrer;
  if (call.phase.kind !== 'forwarded') {
    call.customer = undefined;
    call.customerHolds = false;
    return closeEndpoint(ctx, leg.endpointId);
  }
  await letGo(ctx, call, leg);
  third.purpose = 'transfer';
  call.moveTo({ kind: 'transferring', by: undefined, ...(owner.kind === 'phone' && { phone: owner.extension }) });
  call.log.enter('ringing', { detail: 'transfer', ...(third.agentId !== undefined && { agentId: third.agentId }) });
  await stopRecordingAgent(ctx, call);
  await playMusic(ctx, call);
  callChanged(ctx, call);
};

/** Everything stays as it was, unless the customer has hung up trusting that it would come about. */
export const replacementFailed = async (ctx: CallContext, call: Call, third: ThirdParty): Promise<void> => {
  third.progress?.report(480);
  call.log.settleTransfer('failed');
  if (!call.customer) await endCall(ctx, call, { party: 'caller', reason: 'hung-up' });
};

/** The other party is the customer of a flow from now on. */
export const putIntoFlow = async (
  ctx: CallContext,
  call: Call,
  to: { leg: Leg; target: { number: string; flow: FlowDocument }; owner: Referrer },
): Promise<void> => {
  const { leg, target, owner } = to;
  const by = owner.kind === 'phone' ? { byExtension: owner.extension } : {};
  call.log.addTransfer({ kind: 'blind', ...by, to: { kind: 'flow', id: target.number } });
  call.log.settleTransfer('completed');
  await letGo(ctx, call, leg);
  await part(ctx, call);
  await stopRecordingAgent(ctx, call);
  call.flow = target.flow;
  call.queueId = undefined;
  call.moveTo({ kind: 'flow', state: { kind: 'idle' } });
  call.log.enter('flow');
  await advanceFlow(ctx, call, { type: 'start' });
};

/** Whoever it talked with is the customer afterwards. */
const letGo = async (ctx: CallContext, call: Call, leg: Leg): Promise<void> => {
  const called = call.outside ?? call.peer;
  call.log.leave(numberOf(call, leg));
  if (leg === call.customer && called) {
    call.replacedBy = numberOf(call, called);
    call.customer = called;
    call.customerHolds = false;
  }
  call.peer = undefined;
  call.outside = undefined;
  void leg.dialog?.hangup('Q.850;cause=16;text="transferred"');
  await closeEndpoint(ctx, leg.endpointId);
  // The mask is the call's: it hides the keys of whoever is the customer.
  await applyMask(ctx, call);
};
