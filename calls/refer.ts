/**
 * A party asks by REFER that its call be put through (RFC 3515). We do that ourselves: the other party hears it as a
 * transfer, and no REFER leaves the house.
 */
import type { ReferRequest } from '../signaling/ports';
import type { Call, Leg } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { joinCalls } from './join-calls';
import { callThirdOutside } from './reach-third';
import { ThirdParty } from './third-party';
import { transferCall, transferredTo } from './transfer';
import { findTarget } from './transfer-target';

/** Must not run inside a call's serial queue. */
export const referArrived = (ctx: CallContext, call: Call, of: { leg: Leg; refer: ReferRequest }): void => {
  const { leg, refer } = of;
  const { target, replaced, referredBy } = refer;
  const { number, replaces } = target;
  ctx.log.info({ callId: call.callId, number, replaces, replaced, referredBy }, 'a party asks for a transfer');
  if (replaced?.kind === 'running') return joinCalls(ctx, { call, leg }, { refer, dialogId: replaced.dialogId });
  if (replaced) return refer.refuse(603, 'No such call to join');
  onCall(ctx, call, () => referRequested(ctx, call, of));
};

const referRequested = async (ctx: CallContext, call: Call, of: { leg: Leg; refer: ReferRequest }): Promise<void> => {
  const { leg, refer } = of;
  if (leg === call.agentLeg) return agentRefers(ctx, call, refer);
  if (leg === call.customer) return customerRefers(ctx, call, refer);
  refer.refuse(603);
};

/** An agent's telephone: a blind transfer like one from the desk. */
const agentRefers = async (ctx: CallContext, call: Call, refer: ReferRequest): Promise<void> => {
  const progress = refer.accept();
  const target = { kind: 'number', number: refer.target.number } as const;
  // Told before the telephone's own call ends, since the NOTIFY goes within it.
  const done = await transferCall(ctx, call, { target, taken: () => progress.report(200) });
  if (!done.ok) progress.report(done.fault.code === 'conflict' ? 486 : 480);
};

/** A PBX or carrier puts its party through to a number outside, at our cost: only where that is allowed. */
const customerRefers = async (ctx: CallContext, call: Call, refer: ReferRequest): Promise<void> => {
  const { trunkId } = call.log.interaction;
  if (trunkId === undefined || !ctx.directory.mayRefer?.(trunkId)) {
    ctx.log.warn({ callId: call.callId, trunkId }, 'a trunk that may not transfer calls asked for it');
    return refer.refuse(603, 'Transfers are not allowed here');
  }
  const inConversation = call.phase.kind === 'talking' || call.phase.kind === 'held';
  if (!inConversation || call.third) return refer.refuse(486);
  const found = findTarget(ctx, { kind: 'number', number: refer.target.number });
  if (!found.ok || found.value.kind !== 'outside') return refer.refuse(404);
  call.third = new ThirdParty(found.value, 'replacement', refer.accept());
  call.log.addTransfer({ kind: 'blind', to: transferredTo(found.value) });
  await callThirdOutside(ctx, call, {
    ...found.value,
    ...(refer.referredBy !== undefined && { referredBy: refer.referredBy }),
  });
};
