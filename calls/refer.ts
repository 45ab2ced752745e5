/**
 * A party asks by REFER that its call be put through (RFC 3515). We do that ourselves: the other party hears it as a
 * transfer, and no REFER leaves the house.
 */
import { newId } from '../base/ids';
import type { ContactId } from '../base/ids';
import type { ReferRequest } from '../signaling/ports';
import { statusOfCode } from '../signaling/status-codes';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { joinCalls } from './join-calls';
import { callThirdOutside, ringThirdAgent } from './reach-third';
import { findReferTarget } from './refer-target';
import type { Referrer } from './refer-target';
import { putIntoFlow } from './replacement';
import { ThirdParty } from './third-party';
import type { ThirdTarget } from './third-party';
import { transferCall, transferredTo } from './transfer';

/** Must not run inside a call's serial queue. */
export const referArrived = (ctx: CallContext, call: Call, of: { leg: Leg; refer: ReferRequest }): void => {
  const { leg, refer } = of;
  const { target, replaced, referredBy } = refer;
  const { number, replaces } = target;
  const { owner } = leg;
  ctx.log.info({ callId: call.callId, number, replaces, replaced, referredBy, owner }, 'a party asks for a transfer');
  if (replaced?.kind === 'running') return joinCalls(ctx, { call, leg }, { refer, dialogId: replaced.dialogId });
  if (replaced?.kind === 'over') return refer.refuse(603, 'No such call to join');
  onCall(ctx, call, () => referRequested(ctx, call, of));
};

const referRequested = async (ctx: CallContext, call: Call, of: { leg: Leg; refer: ReferRequest }): Promise<void> => {
  const { leg, refer } = of;
  if (leg === call.agentLeg) return agentRefers(ctx, call, refer);
  const { owner } = leg;
  if (!owner || owner.kind === 'agent' || !mayRefer(ctx, owner)) {
    ctx.log.warn({ callId: call.callId, owner }, 'who may not transfer calls asked for it');
    return refer.refuse(603, 'Transfers are not allowed here');
  }
  if (!canBeReplaced(call, leg)) return refer.refuse(486);
  await partyRefers(ctx, call, { leg, refer, owner });
};

/** A PBX or carrier at our cost, only where that is allowed; a phone of ours may what it may dial. */
const mayRefer = (ctx: CallContext, owner: Referrer): boolean =>
  owner.kind === 'phone' || (ctx.directory.mayRefer?.(owner.trunkId) ?? false);

/** In a conversation, in which nobody is reached already. */
const canBeReplaced = (call: Call, leg: Leg): boolean => {
  const { phase, customer, peer, outside, third } = call;
  if (third || call.guests.length > 0 || leg.dialog?.ended) return false;
  if (phase.kind === 'forwarded') return leg === customer || leg === peer || leg === outside;
  return leg === customer && (phase.kind === 'talking' || phase.kind === 'held');
};

/** An agent's telephone: a blind transfer like one from the desk. */
const agentRefers = async (ctx: CallContext, call: Call, refer: ReferRequest): Promise<void> => {
  if (refer.replaced) return refer.refuse(603, 'Transfer to a running call by the desk');
  const progress = refer.accept();
  const target = { kind: 'number', number: refer.target.number } as const;
  // Told before the telephone's own call ends, since the NOTIFY goes within it.
  const done = await transferCall(ctx, call, { target, taken: () => progress.report(200) });
  if (!done.ok) progress.report(done.fault.code === 'conflict' ? 486 : 480);
};

/** A phone, or somebody behind a trunk: whom it names takes its place in the call. */
const partyRefers = async (
  ctx: CallContext,
  call: Call,
  of: { leg: Leg; refer: ReferRequest; owner: Referrer },
): Promise<void> => {
  const { leg, refer, owner } = of;
  const found = findReferTarget(ctx, owner, refer);
  if (!found.ok) {
    ctx.log.info({ callId: call.callId, owner, fault: found.fault }, 'a transfer was refused');
    return refer.refuse(found.fault.code === 'conflict' ? 486 : statusOfCode(found.fault.code), found.fault.message);
  }
  const target = found.value;
  const isAgentLeft = leg === call.customer && call.phase.kind !== 'forwarded';
  if (target.kind === 'flow' && isAgentLeft) return refer.refuse(404);
  if (target.kind === 'flow') {
    refer.accept().report(200);
    return putIntoFlow(ctx, call, { leg, target, owner });
  }
  const third = new ThirdParty(target, 'replacement');
  third.referrer = { leg, owner };
  if (!engage(ctx, call, third)) return refer.refuse(486);
  third.progress = refer.accept();
  call.third = third;
  const by = owner.kind === 'phone' ? { byExtension: owner.extension } : {};
  call.log.addTransfer({ kind: 'blind', ...by, to: transferredTo(target) });
  await reachTarget(ctx, call, { target, referredBy: refer.referredBy });
};

/** The ACD offers an agent who is called nothing else. */
const engage = (ctx: CallContext, call: Call, third: ThirdParty): boolean => {
  if (third.target.kind !== 'agent') return true;
  const { agentId } = third.target;
  const contactId = newId<ContactId>();
  if (!ctx.acd.dispatch({ type: 'contact-begun', contactId, agentId }).ok) return false;
  third.contactId = contactId;
  ctx.callsByContact.set(contactId, call.callId);
  return true;
};

const reachTarget = async (
  ctx: CallContext,
  call: Call,
  to: { target: ThirdTarget; referredBy: string | undefined },
): Promise<void> => {
  const { target, referredBy } = to;
  if (target.kind === 'agent') await ringThirdAgent(ctx, call, target);
  if (target.kind === 'outside') {
    await callThirdOutside(ctx, call, { ...target, ...(referredBy !== undefined && { referredBy }) });
  }
};
