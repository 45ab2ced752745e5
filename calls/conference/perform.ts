/** What an agent does at the desk with the own call to a conference. */
import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { Call } from '../call';
import { DECLINED } from '../colleague';
import type { CallContext } from '../context';
import { callChanged } from '../desk-view';
import { endCall } from '../end';
import { pressed } from '../keys';
import type { Ending } from '../outcome';
import type { DeskCommand } from '../ports';
import { wasInvited } from './visit';

/** Must run inside the call's serial queue. */
export const performInConference = async (
  ctx: CallContext,
  call: Call,
  command: DeskCommand,
): Promise<Result<void>> => {
  switch (command.command) {
    case 'hang-up':
      await endCall(ctx, call, endingOf(call));
      return ok(undefined);
    case 'mute':
    case 'unmute':
      return setMuted(ctx, call, command.command === 'mute');
    case 'send-digits':
      for (const digit of command.digits) await pressed(ctx, call, digit);
      return ok(undefined);
    default:
      return fail('conflict', 'This cannot be done with a call to a conference.');
  }
};

const endingOf = (call: Call): Ending => {
  if (call.phase.kind === 'alerting') return DECLINED;
  return { party: wasInvited(call) ? 'called' : 'caller', reason: 'hung-up' };
};

/** The browser silences its microphone; the conference knows it, so that others can see it. */
const setMuted = (ctx: CallContext, call: Call, muted: boolean): Result<void> => {
  const { colleague, visit, callId } = call;
  if (colleague) colleague.muted = muted;
  callChanged(ctx, call);
  if (visit?.kind !== 'member') return ok(undefined);
  const action = { do: muted ? 'mute-self' : 'unmute-self', memberId: callId } as const;
  return ctx.conferences.act(visit.room._id, { by: callId, action });
};
