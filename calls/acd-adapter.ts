/** Performs the ACD's effects on calls and desks. */
import { unreachable } from '../base/errors';
import type { AgentId, ContactId } from '../base/ids';
import type { AcdEffect } from '../acd/core/model';
import type { Call } from './call';
import { beginCallback, callCustomer, callbackOver, callbackRests } from './callback';
import { callOfContact, onCall } from './context';
import type { CallContext } from './context';
import { deskAgent } from './desk-view';
import { divertCall } from './divert';
import { offerWithdrawn, ringAgent } from './offer';
import { callOverflowed } from './overflowed';
import { tellPosition } from './queue-announce';
import { callbackByRule } from './request-callback';
import { ringThirdAgent } from './reach-third';
import { thirdLost, thirdOfferWithdrawn } from './third-lost';
import { lapseWrapUp } from './wrap-up';

export const performAcdEffect = (ctx: CallContext, effect: AcdEffect): void => {
  switch (effect.type) {
    case 'offer':
      beginCallback(ctx, effect);
      return withCall(ctx, effect.contactId, (call) =>
        isOfThird(call, effect) ? offerThird(ctx, call, effect) : ringAgent(ctx, call, effect),
      );
    case 'withdraw-offer':
      return withCall(ctx, effect.contactId, (call) =>
        isOfThird(call, effect) ? thirdOfferWithdrawn(ctx, call, effect) : offerWithdrawn(ctx, call, effect),
      );
    case 'agent-changed':
      return agentChanged(ctx, effect.agentId);
    case 'queue-changed':
      return ctx.queueNews.changed();
    case 'contact-diverted':
      return withCall(ctx, effect.contactId, (call) =>
        isOfThird(call, effect) ? thirdLost(ctx, call, 'queue-overflow') : divertCall(ctx, call, effect),
      );
    case 'contact-overflowed':
      return withCall(ctx, effect.contactId, async (call) => {
        if (!isOfThird(call, effect)) await callOverflowed(ctx, call, effect);
      });
    case 'position-told':
      return withCall(ctx, effect.contactId, (call) => tellPosition(ctx, call, effect));
    case 'callback-promised':
      return withCall(ctx, effect.contactId, (call) => callbackByRule(ctx, call));
    case 'call-customer':
      return withCall(ctx, effect.contactId, (call) => callCustomer(ctx, call, effect));
    case 'callback-rests':
      return callbackRests(ctx, effect);
    case 'callback-over':
      return callbackOver(ctx, effect);
    case 'refused':
      return;
    default:
      return unreachable(effect);
  }
};

const withCall = (ctx: CallContext, contactId: ContactId, work: (call: Call) => Promise<void>): void => {
  const call = callOfContact(ctx, contactId);
  if (call) onCall(ctx, call, () => work(call));
};

const isOfThird = (call: Call, { contactId }: { readonly contactId: ContactId }): boolean =>
  contactId !== call.contactId;

/** The queue has found somebody to consult. */
const offerThird = async (
  ctx: CallContext,
  call: Call,
  offer: Extract<AcdEffect, { type: 'offer' }>,
): Promise<void> => {
  if (call.third?.contactId !== offer.contactId || call.third.state.kind !== 'waiting') return;
  const { agentId, offerId } = offer;
  // The ACD's clock decides; the INVITE may live a little longer.
  await ringThirdAgent(ctx, call, { agentId, offerId, ringMs: offer.expiresAtMs - ctx.clock.nowMs() + 2000 });
};

const agentChanged = (ctx: CallContext, agentId: AgentId): void => {
  const wrapUp = ctx.wrapUps.get(agentId);
  const status = ctx.acd.state.agents.get(agentId)?.status;
  if (wrapUp && status?.kind !== 'wrap-up') lapseWrapUp(ctx, agentId);
  const agent = deskAgent(ctx, agentId);
  if (agent) ctx.events.emit('desk', { type: 'agent', agent });
  ctx.queueNews.changed();
};
