/** Lets the third party go, whatever it was doing: its call, its endpoint and its own contact end. */
import type { AgentId } from '../base/ids';
import type { Call } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { closeEndpoint } from './end';
import type { ThirdParty } from './third-party';

/** Must run inside the call's serial queue; does nothing without a third party. */
export const dropThird = async (ctx: CallContext, call: Call, reason: string): Promise<void> => {
  const { third } = call;
  if (!third) return;
  const { agentId } = third;
  call.third = undefined;
  endOwnContact(ctx, third, agentId);
  await releaseThirdLeg(ctx, call, { third, reason });
};

/** The leg alone: a queue may go on looking for another agent. */
export const releaseThirdLeg = async (
  ctx: CallContext,
  call: Call,
  of: { third: ThirdParty; reason: string },
): Promise<void> => {
  const { third, reason } = of;
  const { leg, agentId } = third;
  third.state = { kind: 'waiting' };
  if (third.ringBack !== undefined) void ctx.media.stopPlay(third.ringBack);
  third.ringBack = undefined;
  leg?.outgoing?.cancel();
  void leg?.dialog?.hangup();
  if (agentId !== undefined) callChanged(ctx, call, { agentId, state: 'ended', endReason: reason });
  if (leg) await closeEndpoint(ctx, leg.endpointId);
};

/** Who was only consulted has nothing to write down. */
export const endOwnContact = (ctx: CallContext, third: ThirdParty, agentId: AgentId | undefined): void => {
  const { contactId } = third;
  if (contactId === undefined) return;
  third.contactId = undefined;
  ctx.callsByContact.delete(contactId);
  ctx.acd.dispatch({ type: 'contact-left', contactId });
  if (agentId !== undefined) skipWrapUp(ctx, agentId, contactId);
};

/** An agent who has not talked with the customer is free at once. */
export const skipWrapUp = (
  ctx: CallContext,
  agentId: AgentId,
  contactId: NonNullable<ThirdParty['contactId']>,
): void => {
  const status = ctx.acd.state.agents.get(agentId)?.status;
  if (status?.kind !== 'wrap-up' || status.contactId !== contactId) return;
  ctx.acd.dispatch({ type: 'wrap-up-done', agentId, contactId });
};
