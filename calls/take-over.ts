/** A telephone takes the place of another in a conversation: the former one is hung up. */
import type { Leg } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import { releaseColleague } from './end';
import type { Seat } from './find-leg';
import { releaseAgent } from './release-agent';
import { swapCalled } from './swap-called';
import { swapCustomer } from './swap-customer';

/** Whoever is consulted, or rung, is in the middle of something. */
export const canBeTakenOver = ({ call, leg }: Seat): boolean => {
  const { phase, customer, agentLeg, peer, outside, third } = call;
  // Whoever has sent a REFER leaves when it succeeds, and is called back when it does not.
  if (third?.referrer?.leg === leg) return false;
  if (leg === customer) return phase.kind !== 'dialling' && phase.kind !== 'alerting';
  if (third) return false;
  if (leg === agentLeg) return phase.kind === 'talking' || phase.kind === 'held';
  return (leg === peer || leg === outside) && phase.kind === 'forwarded';
};

/** Must run inside the call's serial queue, for a leg that can be taken over; the new one has its dialog and codec. */
export const takeOver = async (ctx: CallContext, { call, leg: former }: Seat, leg: Leg): Promise<void> => {
  if (former === call.customer) {
    const { colleague } = call;
    releaseColleague(ctx, call);
    if (colleague) callChanged(ctx, call, { agentId: colleague.agentId, state: 'ended', endReason: 'taken-over' });
    return swapCustomer(ctx, call, leg);
  }
  if (former !== call.agentLeg) return swapCalled(ctx, call, leg);
  ctx.acd.dispatch({ type: 'contact-left', contactId: call.contactId });
  call.moveTo({ kind: 'forwarded' });
  if (leg.owner?.kind === 'phone') call.log.join('other', leg.owner.extension);
  await releaseAgent(ctx, call, 'taken-over');
  await swapCalled(ctx, call, leg);
};
