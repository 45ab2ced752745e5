/** Finds the leg that a dialog belongs to. */
import type { Call, Leg } from './call';
import type { CallContext } from './context';
import { legsOf } from './legs';

/** One leg and its call. */
export interface Seat {
  readonly call: Call;
  readonly leg: Leg;
}

export const findByDialog = (ctx: CallContext, dialogId: string): Seat | undefined => {
  for (const call of ctx.calls.values()) {
    const leg = legsOf(call).find(({ dialog }) => dialog?.id === dialogId);
    if (leg) return { call, leg };
  }
  return undefined;
};
