/** A party's dialog has ended: what that means depends on who the party is at this moment. */
import type { DialogEnd } from '../signaling/ports';
import type { Call, Leg } from './call';
import { completeTransfer } from './complete-transfer';
import { wasInvited } from './conference/visit';
import type { CallContext } from './context';
import { endCall } from './end';
import { dropGuest, leaveToGuests, outsideLeftToGuests } from './merge';
import { endingOfDialog } from './outcome';
import { agentHangsUp, callerHangsUp } from './release-mode';
import { referrerLeft } from './replacement';
import { screenedIsGone } from './screen-answer';
import { dropSupervisor, supervisorOf } from './supervise';
import { thirdLost } from './third-lost';

/** Must run inside the call's serial queue. A leg that was released before is nobody any more. */
export const dialogEnded = async (ctx: CallContext, call: Call, of: { leg: Leg; end: DialogEnd }): Promise<void> => {
  const { leg, end } = of;
  const supervisor = supervisorOf(call, leg);
  if (supervisor) return dropSupervisor(ctx, call, { supervisor, reason: 'left' });
  const guest = call.guests.find((one) => one.leg === leg);
  if (guest) return dropGuest(ctx, call, { guest, reason: 'hung-up' });
  if (call.third?.purpose === 'replacement' && leg === call.third.referrer?.leg) return referrerLeft(ctx, call);
  if (leg === call.customer) return customerLeft(ctx, call, end);
  if (leg === call.third?.leg) return thirdLost(ctx, call, 'hung-up');
  if (leg === call.agentLeg) return agentHungUp(ctx, call, end);
  if (leg === call.peer && (await screenedIsGone(ctx, call))) return;
  if (leg === call.peer) return endCall(ctx, call, endingOfDialog(end, 'called'));
  if (leg === call.outside && call.guests.length > 0) return outsideLeftToGuests(ctx, call);
  if (leg === call.outside) return endCall(ctx, call, { party: 'carrier', reason: 'hung-up' });
};

const customerLeft = (ctx: CallContext, call: Call, end: DialogEnd): Promise<void> => {
  const ending = endingOfDialog(end, wasInvited(call) ? 'called' : 'caller');
  return end.by === 'remote' ? callerHangsUp(ctx, call, ending) : endCall(ctx, call, ending);
};

/** An agent who hangs up while with the third party gives the customer to it, as with a telephone. */
const agentHungUp = async (ctx: CallContext, call: Call, end: DialogEnd): Promise<void> => {
  if (call.guests.length > 0 && (await leaveToGuests(ctx, call)).ok) return;
  if (call.phase.kind === 'consulting' && call.third?.isWithAgent) {
    const completed = await completeTransfer(ctx, call);
    if (completed.ok) return;
  }
  const ending = endingOfDialog(end, 'agent');
  await (end.by === 'remote' ? agentHangsUp(ctx, call, ending) : endCall(ctx, call, ending));
};
