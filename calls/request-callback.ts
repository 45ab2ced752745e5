/** A caller who waits is to be called back: the place in the queue stays, the line is given up. */
import { newId } from '../base/ids';
import type { ContactId, QueueId } from '../base/ids';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { CallbackHours } from '../acd/core/model';
import { periodsAhead } from '../acd/hours/calendar';
import type { HoursWish } from '../flows/document';
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
  /** When the customer wants to be called, each day; at any time within the queue's hours when absent. */
  readonly hours?: HoursWish | undefined;
}

/**
 * The caller hears that the place is kept, and is let go. Who cannot be called back hears that, and waits on. Must run
 * inside the call's serial queue.
 */
export const requestCallback = async (ctx: CallContext, call: Call, wish: CallbackWish): Promise<void> => {
  const { phase, queueId } = call;
  if (phase.kind !== 'queued' || queueId === undefined) return;
  const { number, by, hours } = wish;
  // Said first: the ACD may offer the contact at once, and not to this call.
  call.callbackPromised = true;
  const promised = promise(ctx, call, { number, queueId, hours });
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
const promise = (
  ctx: CallContext,
  call: Call,
  of: Pick<CallbackWish, 'number' | 'hours'> & { queueId: QueueId },
): Result<void> => {
  const { number, queueId, hours } = of;
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
  const nowMs = ctx.clock.nowMs();
  const periods = hours && periodsOf(hours, nowMs);
  if (periods && !periods.ok) return periods;
  return ctx.acd.dispatch({
    ...{ type: 'callback-requested', contactId: call.contactId, number, notAfterMs: nowMs + validMs },
    ...(periods && { hours: periods.value }),
  });
};

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

const periodsOf = ({ from, to, timeZone }: HoursWish, nowMs: number): Result<CallbackHours> => {
  const isSound = TIME.test(from) && (TIME.test(to) || to === '24:00');
  if (!isSound) return fail('bad_input', `From ${from} to ${to} are no times of day; write HH:MM.`);
  return ok(periodsAhead({ timeZone, weekly: [{ days: EVERY_DAY, from, to }], exceptions: [] }, nowMs));
};

/** By a rule of the queue. Must run inside the call's serial queue. */
export const callbackByRule = async (ctx: CallContext, call: Call): Promise<void> => {
  const number = ownNumber(call);
  if (number === undefined) ctx.log.info({ callId: call.callId }, 'a caller without a number waits on');
  else await requestCallback(ctx, call, { number, by: 'queue' });
};

/** By the flow's step, whose texts may name variables. */
export const callbackByFlow = async (
  ctx: CallContext,
  call: Call,
  { number, hours }: Pick<CallbackWish, 'number' | 'hours'>,
): Promise<void> => {
  const fill = (text: string): string => call.variables.fill(text);
  await requestCallback(ctx, call, {
    number: fill(number),
    by: 'flow',
    ...(hours && { hours: { ...hours, from: fill(hours.from), to: fill(hours.to) } }),
  });
};
