/** A caller who waits is to be called back: the place in the queue stays, the line is given up. */
import { newId } from '../base/ids';
import type { ContactId, QueueId } from '../base/ids';
import { fail } from '../base/result';
import type { Result } from '../base/result';
import type { QueueNote } from '../store/queue-notes';
import type { Call } from './call';
import type { CallContext } from './context';
import { leaveForFlow } from './divert';
import { playPromptThenMusic } from './music';
import { ownNumber } from './own-number';
import { accountOfCall } from './place-outside';
import { routeCall } from './route-call';
import { languagesOf } from './say';
import { isDiallable } from './typed-number';

/** For how long it is tried where the queue says nothing. */
const DEFAULT_VALID_MS = 24 * 3_600_000;

export interface CallbackWish {
  readonly number: string;
  readonly by: Extract<QueueNote, { kind: 'callback-requested' }>['by'];
}

/**
 * The caller hears that the place is kept, and is let go. Who cannot be called back hears that, and waits on. Must run
 * inside the call's serial queue.
 */
export const requestCallback = async (ctx: CallContext, call: Call, wish: CallbackWish): Promise<void> => {
  const { phase, queueId } = call;
  if (phase.kind !== 'queued' || queueId === undefined) return;
  const { number, by } = wish;
  // Said first: the ACD may offer the contact at once, and not to this call.
  call.callbackPromised = true;
  const promised = promise(ctx, call, { number, queueId });
  if (!promised.ok) {
    call.callbackPromised = false;
    ctx.log.info({ callId: call.callId, number, fault: promised.fault }, 'a caller cannot be called back');
    return playPromptThenMusic(ctx, call, 'queue-callback-impossible');
  }
  ctx.log.info({ callId: call.callId, number, by }, 'a caller will be called back');
  call.log.noteQueue({ kind: 'callback-requested', queueId, number, by });
  // The contact is the ACD's alone from now on: whatever becomes of this call, it stays.
  call.contactId = newId<ContactId>();
  const prompts = languagesOf(call).map((language) => ({ prompt: 'queue-callback-promised', language }));
  await leaveForFlow(ctx, call, {
    flow: {
      id: 'callback-promised',
      version: 1,
      title: '',
      start: 'promise',
      steps: {
        promise: { do: 'play', prompts, next: 'end' },
        end: { do: 'hang-up', reason: 'callback-promised' },
      },
    },
    detail: 'callback',
  });
};

/** By the rules for what is dialled in a caller's name: a false number must cost nothing. */
const promise = (ctx: CallContext, call: Call, of: { number: string; queueId: QueueId }): Result<void> => {
  const { number, queueId } = of;
  if (!isDiallable(number)) return fail('bad_input', `${number} is not a number that can be dialled.`);
  const permitted = ctx.permission.outbound({ dialled: number, caller: call.identity.number });
  if (!permitted.ok) return permitted;
  const goal = routeCall(ctx, number, { kind: 'agent' });
  if (!goal.ok) return goal;
  if (goal.value.kind === 'flow' || goal.value.kind === 'agent') return fail('no_route', `${number} is in this house.`);
  if (goal.value.kind === 'trunk' && goal.value.outside) {
    const within = ctx.fraud.mayCall({ account: accountOfCall(call), number });
    if (!within.ok) return within;
  }
  const validMs = ctx.directory.queue(queueId)?.waiting?.callback?.validMs ?? DEFAULT_VALID_MS;
  const notAfterMs = ctx.clock.nowMs() + validMs;
  return ctx.acd.dispatch({ type: 'callback-requested', contactId: call.contactId, number, notAfterMs });
};

/** By a rule of the queue. Must run inside the call's serial queue. */
export const callbackByRule = async (ctx: CallContext, call: Call): Promise<void> => {
  const number = ownNumber(call);
  if (number === undefined) ctx.log.info({ callId: call.callId }, 'a caller without a number waits on');
  else await requestCallback(ctx, call, { number, by: 'queue' });
};

/** By the flow's step, whose text may name variables. */
export const callbackByFlow = async (ctx: CallContext, call: Call, number: string): Promise<void> =>
  requestCallback(ctx, call, { number: call.variables.fill(number), by: 'flow' });
