/** The agent asks somebody while the customer waits, goes to and fro between both, and takes the customer back. */
import { newId } from '../base/ids';
import type { ContactId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';
import type { CallContext } from './context';
import { enterConversation } from './conversation';
import { callChanged } from './desk-view';
import { dropThird } from './drop-third';
import { join, part } from './joint';
import { playMusic, playMusicTo } from './music';
import { callThirdOutside, ringThirdAgent } from './reach-third';
import { recordCustomer } from './recording';
import { joinThird } from './third-answered';
import { ThirdParty } from './third-party';
import type { ThirdTarget, TransferTarget } from './third-party';
import { findTarget } from './transfer-target';

/**
 * Calls an agent, a queue's next free agent or a number outside; the customer hears music meanwhile. Fails, changing
 * nothing, when the target is not there or cannot take a call. Must run inside the call's serial queue.
 */
export const beginConsult = async (ctx: CallContext, call: Call, to: TransferTarget): Promise<Result<void>> => {
  const { phase } = call;
  if ((phase.kind !== 'talking' && phase.kind !== 'held') || !call.customer) {
    return fail('conflict', 'Only in a conversation can somebody be consulted.');
  }
  if (call.third) return fail('conflict', 'You are consulting somebody already.');
  const found = findTarget(ctx, to, phase.agentId);
  if (!found.ok) return found;
  const target = found.value;
  if (target.kind === 'flow') return fail('bad_input', 'A call flow cannot be consulted; transfer the call instead.');
  if (phase.kind === 'talking') {
    const parted = await part(ctx, call);
    if (!parted.ok) return parted;
  }
  const third = new ThirdParty(target, 'consult');
  const entered = enterAcd(ctx, call, third);
  if (!entered.ok) {
    if (phase.kind === 'talking') await joinCustomer(ctx, call);
    return entered;
  }
  call.third = third;
  call.thirdFailure = undefined;
  call.moveTo({ kind: 'consulting', agentId: phase.agentId });
  call.log.enter('consult', { agentId: phase.agentId, detail: nameOf(target) });
  if (phase.kind === 'talking') await playMusic(ctx, call);
  callChanged(ctx, call);
  await seek(ctx, call, target);
  return ok(undefined);
};

const nameOf = (target: ThirdTarget): string => {
  if (target.kind === 'agent') return target.agentId;
  return target.kind === 'queue' ? target.queueId : target.number;
};

/** A consulted agent is occupied by a contact of its own, which a queue finds one for. */
const enterAcd = (ctx: CallContext, call: Call, third: ThirdParty): Result<void> => {
  const { target } = third;
  if (target.kind === 'outside') return ok(undefined);
  const contactId = newId<ContactId>();
  third.contactId = contactId;
  ctx.callsByContact.set(contactId, call.callId);
  const entered =
    target.kind === 'agent'
      ? ctx.acd.dispatch({ type: 'contact-begun', contactId, agentId: target.agentId })
      : ctx.acd.dispatch({
          type: 'contact-arrived',
          contactId,
          queueId: target.queueId,
          priority: 0,
          attributes: { oneAtATime: true },
        });
  if (!entered.ok) ctx.callsByContact.delete(contactId);
  return entered;
};

const seek = async (ctx: CallContext, call: Call, target: ThirdTarget): Promise<void> => {
  if (target.kind === 'agent') await ringThirdAgent(ctx, call, target);
  if (target.kind === 'outside') await callThirdOutside(ctx, call, target);
};

/** From the third party to the customer, or back; who is left hears music. */
export const toggleConsult = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase, third, agentLeg } = call;
  if (!third?.isWithAgent || third.state.kind === 'waiting' || !third.leg || !agentLeg) {
    return fail('conflict', 'You can go to and fro when the consulted party has answered.');
  }
  const { leg } = third.state;
  if (phase.kind === 'consulting') {
    const joined = await joinCustomer(ctx, call);
    if (!joined.ok) return joined;
    third.state = { kind: 'held', leg };
    call.moveTo({ kind: 'talking', agentId: phase.agentId });
    enterConversation(call);
    await playMusicTo(ctx, call, { endpointId: third.leg.endpointId });
    await recordCustomer(ctx, call);
    callChanged(ctx, call);
    return ok(undefined);
  }
  if (phase.kind !== 'talking' && phase.kind !== 'held') return fail('conflict', 'This is no conversation.');
  call.moveTo({ kind: 'consulting', agentId: phase.agentId });
  third.state = { kind: 'talking', leg };
  call.log.enter('consult', { agentId: phase.agentId, detail: nameOf(third.target) });
  await joinThird(ctx, call);
  if (phase.kind === 'talking') await playMusic(ctx, call);
  return ok(undefined);
};

/** The third party goes, and the agent is back with the customer. */
export const cancelConsult = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { phase, third } = call;
  if (third?.purpose !== 'consult') return fail('conflict', 'You are consulting nobody.');
  await dropThird(ctx, call, 'consult-ended');
  if (phase.kind !== 'consulting') {
    callChanged(ctx, call);
    return ok(undefined);
  }
  const joined = await joinCustomer(ctx, call);
  call.moveTo({ kind: joined.ok ? 'talking' : 'held', agentId: phase.agentId });
  enterConversation(call);
  await recordCustomer(ctx, call);
  callChanged(ctx, call);
  return joined;
};

const joinCustomer = async (ctx: CallContext, call: Call): Promise<Result<void>> => {
  const { customer, agentLeg } = call;
  if (!customer || !agentLeg) return fail('closed', 'The call is over.');
  call.playId = undefined;
  return join(ctx, call, [customer.endpointId, agentLeg.endpointId]);
};
