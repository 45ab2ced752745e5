/** A supervisor takes a call over: the agent is free for wrap-up, and the supervisor has the customer. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';
import { joinParties } from './connect';
import type { CallContext } from './context';
import { dropThird } from './drop-third';
import { releaseAgent } from './release-agent';
import { supervisionOver } from './supervise';
import type { Supervisor } from './supervisor';
import { swapCalled } from './swap-called';

/**
 * Whom the agent consults is let go; the guests of a conference stay. A supervisor without a seat goes on at the phone,
 * as one to whom the customer was put through. Must run inside the call's serial queue.
 */
export const intercept = async (ctx: CallContext, call: Call, supervisor: Supervisor): Promise<Result<void>> => {
  const { phase } = call;
  const hasAgent = phase.kind === 'talking' || phase.kind === 'held' || phase.kind === 'consulting';
  if (!hasAgent || !call.agentLeg || !call.customer) return fail('conflict', 'No agent has this call at the moment.');
  if (!supervisor.isThere) return fail('conflict', 'Your own telephone has not answered yet.');
  if (call.third && call.third.purpose !== 'consult') {
    return fail('conflict', 'Somebody is being put through at the moment; try again.');
  }
  const taken = takeContact(ctx, call, supervisor);
  if (!taken.ok) return taken;
  const former = phase.agentId;
  ctx.log.info(
    { callId: call.callId, by: supervisor.identity.userName, from: former },
    'a supervisor takes a call over',
  );
  await dropThird(ctx, call, 'intercepted');
  call.supervisors = call.supervisors.filter((other) => other !== supervisor);
  ctx.watches.delete(supervisor.supervisionId);
  call.log.intercepted(supervisor.supervisionId);
  supervisionOver(ctx, call, { supervisor, reason: 'intercepted' });
  // From now on they are meant for the customer's side.
  await ctx.media.hideDigits(supervisor.leg.endpointId, false);
  await takeOver(ctx, call, supervisor);
  return ok(undefined);
};

/** Before anything changes, since the ACD may refuse. */
const takeContact = (ctx: CallContext, { contactId }: Call, { seat }: Supervisor): Result<void> => {
  if (seat.kind === 'phone') return ctx.acd.dispatch({ type: 'contact-left', contactId });
  const { agentId } = seat.leg;
  const inPlaceOf = seat.contactId;
  return ctx.acd.dispatch({ type: 'contact-handed-over', contactId, agentId, wrapUp: true, inPlaceOf });
};

const takeOver = async (ctx: CallContext, call: Call, { seat, device }: Supervisor): Promise<void> => {
  if (seat.kind === 'agent') {
    call.moveTo({ kind: 'talking', agentId: seat.leg.agentId });
    await releaseAgent(ctx, call, 'intercepted');
    call.agentLeg = seat.leg;
    return joinParties(ctx, call);
  }
  call.moveTo({ kind: 'forwarded' });
  if (device.kind === 'phone') call.log.join('other', device.extension);
  await releaseAgent(ctx, call, 'intercepted');
  await swapCalled(ctx, call, seat.leg);
};
