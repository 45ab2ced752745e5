/** Performs the ACD's effects on calls and desks. */
import { unreachable } from '../base/errors';
import { asId } from '../base/ids';
import type { AgentId, CallId, ContactId } from '../base/ids';
import type { AcdEffect } from '../acd/core/model';
import type { Call } from './call';
import { onCall } from './context';
import type { CallContext } from './context';
import { deskAgent, deskQueues } from './desk-view';
import { endCall } from './end';
import { offerWithdrawn, ringAgent } from './offer';
import { lapseWrapUp } from './wrap-up';

export const performAcdEffect = (ctx: CallContext, effect: AcdEffect): void => {
  switch (effect.type) {
    case 'offer':
      return withCall(ctx, effect.contactId, (call) => ringAgent(ctx, call, effect));
    case 'withdraw-offer':
      return withCall(ctx, effect.contactId, (call) => offerWithdrawn(ctx, call, effect));
    case 'agent-changed':
      return agentChanged(ctx, effect.agentId);
    case 'queue-changed':
      ctx.events.emit('desk', { type: 'queues', queues: deskQueues(ctx) });
      return;
    case 'contact-diverted':
      return withCall(ctx, effect.contactId, (call) =>
        endCall(ctx, call, { party: 'system', reason: 'queue-overflow' }),
      );
    // Nothing configures overflow or asks for positions and callbacks yet.
    case 'contact-overflowed':
    case 'position-told':
    case 'callback-promised':
    case 'call-customer':
    case 'callback-over':
    case 'refused':
      return;
    default:
      return unreachable(effect);
  }
};

const withCall = (ctx: CallContext, contactId: ContactId, work: (call: Call) => Promise<void>): void => {
  // The ACD knows a call's contact by the call's own id.
  const call = ctx.calls.get(asId<CallId>(contactId));
  if (call) onCall(ctx, call, () => work(call));
};

const agentChanged = (ctx: CallContext, agentId: AgentId): void => {
  const wrapUp = ctx.wrapUps.get(agentId);
  const status = ctx.acd.state.agents.get(agentId)?.status;
  if (wrapUp && status?.kind !== 'wrap-up') lapseWrapUp(ctx, agentId);
  const agent = deskAgent(ctx, agentId);
  if (agent) ctx.events.emit('desk', { type: 'agent', agent });
  ctx.events.emit('desk', { type: 'queues', queues: deskQueues(ctx) });
};
