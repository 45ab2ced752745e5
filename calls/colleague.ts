/** What an agent does with a call of another agent. */
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { Call } from './call';
import type { CallContext } from './context';
import { callChanged } from './desk-view';
import type { DeskCommand } from './ports';
import { endCall } from './end';
import { applyMutes } from './joint';
import type { Ending } from './outcome';

/** The called party sends a ringing call away. */
export const DECLINED: Ending = { party: 'called', reason: 'declined', status: 603 };

/**
 * Must run inside the call's serial queue. Whoever called holds the call and sends keys; either may end it, and the
 * dialled party is the outcome's `caller`, as in all calls that agents dial.
 */
export const performAsColleague = async (
  ctx: CallContext,
  call: Call,
  { command }: Pick<DeskCommand, 'command'>,
): Promise<Result<void>> => {
  switch (command) {
    case 'hang-up':
      await endCall(ctx, call, call.phase.kind === 'dialling' ? DECLINED : { party: 'caller', reason: 'hung-up' });
      return ok(undefined);
    case 'mute':
    case 'unmute':
      if (call.colleague) call.colleague.muted = command === 'mute';
      callChanged(ctx, call);
      return applyMutes(ctx, call);
    default:
      return fail('conflict', 'In a call between agents only the one who called can do this.');
  }
};
