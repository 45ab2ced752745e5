/** Keys of a call in a conference room: the PIN, the consent of who was invited, and what members do. */
import { unreachable } from '../../base/errors';
import type { Call } from '../call';
import type { CallContext } from '../context';
import { arrive, pinKey } from './enter';
import { HELP_PROMPTS, STAR_MS, orderOfKey } from './keys';
import type { KeyOrder } from './keys';
import { departed } from './leave';
import { isInside } from './model';
import { sayTo, stopSaying } from './speak';
import type { Visit } from './visit';

/** Must run inside the serial queue of a call in the phase `conference`. */
export const conferenceKey = async (ctx: CallContext, call: Call, key: string): Promise<void> => {
  const { visit } = call;
  switch (visit?.kind) {
    case 'asking':
      return pinKey(ctx, call, key);
    case 'confirming':
      return key === '1' ? arrive(ctx, call, visit) : undefined;
    case 'member':
      return memberKey(ctx, call, { visit, key });
    case 'leaving':
    case undefined:
      return undefined;
    default:
      return unreachable(visit);
  }
};

const memberKey = async (
  ctx: CallContext,
  call: Call,
  pressed: { readonly visit: Extract<Visit, { kind: 'member' }>; readonly key: string },
): Promise<void> => {
  const { visit, key } = pressed;
  const nowMs = ctx.clock.nowMs();
  const follows = visit.starAtMs !== undefined && nowMs - visit.starAtMs <= STAR_MS;
  call.visit = { ...visit, starAtMs: key === '*' ? nowMs : undefined };
  if (key === '*' || !follows) return;
  const state = ctx.conferences.stateOf(visit.room._id);
  const member = state.kind === 'meeting' ? state.members.get(call.callId) : undefined;
  if (state.kind !== 'meeting' || !member || !isInside(member)) return;
  const order = orderOfKey(key, member, state);
  const done = order !== undefined && (await perform(ctx, call, { order, visit }));
  if (!done) await sayTo(ctx, call, { prompts: ['conference-not-possible'], room: visit.room });
};

const perform = async (
  ctx: CallContext,
  call: Call,
  { order, visit }: { readonly order: KeyOrder; readonly visit: Extract<Visit, { kind: 'member' }> },
): Promise<boolean> => {
  const { room, role } = visit;
  switch (order.kind) {
    case 'help':
      return sayTo(ctx, call, { prompts: [HELP_PROMPTS[role]], room });
    case 'leave':
      ctx.conferences.left(call);
      await departed(ctx, call, 'left');
      return true;
    case 'action':
      // What was said to the member before is out of date.
      await stopSaying(ctx, call);
      return ctx.conferences.act(room._id, { by: call.callId, action: order.action }).ok;
    default:
      return unreachable(order);
  }
};
