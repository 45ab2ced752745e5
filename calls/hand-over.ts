/**
 * Hands a call over to another switch without losing its data: by a token in User-to-User, which the other switch
 * resolves here, or by a temporary number, which the other switch lends us.
 */
import { z } from 'zod';
import { fail, ok } from '../base/result';
import type { Result } from '../base/result';
import type { FlowEffect } from '../flows/interpreter';
import type { Call } from './call';
import type { CallContext } from './context';
import type { CallerContext } from './context-book';
import { endCall } from './end';
import { redirectInvite } from './redirect';
import { tokenHeader } from './reserve-context';
import { setVariables } from './set-variables';

type Order = Extract<FlowEffect, { type: 'hand-over' }>;

const ASK_TIMEOUT_MS = 2_000;
const lentNumberSchema = z.object({ temporaryNumber: z.string().regex(/^\+?\d{1,32}$/) });

/** Has the context kept. May take its time; touches nothing but variables. @returns what follows the URI. */
export const prepareHandOver = (ctx: CallContext, call: Call, order: Order): Promise<Result<string>> =>
  order.by === 'token' ? byToken(ctx, call, order) : byNumber(ctx, call, order);

/**
 * True when the call is the other switch's. Otherwise the variables that name the context are there to dial with. Must
 * run inside the call's serial queue.
 */
export const completeHandOver = async (
  ctx: CallContext,
  call: Call,
  handed: { order: Order; prepared: Result<string> },
): Promise<boolean> => {
  const { order, prepared } = handed;
  if (!prepared.ok) {
    ctx.log.warn({ callId: call.callId, fault: prepared.fault }, 'a call could not be handed over');
    return false;
  }
  const invite = call.incoming?.invite;
  if (!invite || !redirectInvite(invite, [{ uri: order.uri + prepared.value }], call.variables)) return false;
  call.incoming = undefined;
  await endCall(ctx, call, { party: 'system', reason: 'handed-over' });
  return true;
};

/** The context stays here until the other switch asks for it. */
const byToken = async (ctx: CallContext, call: Call, { ttlMs }: Order): Promise<Result<string>> => {
  const reserved = ctx.routing.contexts.reserve(contextOf(call), { ttlMs });
  if (!reserved.ok) return reserved;
  await ctx.routing.contexts.settled();
  const header = tokenHeader(reserved.value.token);
  setVariables(ctx, call, { 'send-uui': header });
  // RFC 7433, section 3: whoever redirects puts the data into the Contact's URI, escaped as RFC 3261, 19.1.1 says.
  return ok(`?User-to-User=${encodeURIComponent(header)}`);
};

/** The other switch keeps the context, and knows the call by the number that it has lent. */
const byNumber = async (ctx: CallContext, call: Call, order: Order): Promise<Result<string>> => {
  const site = ctx.routing.sites().find(({ _id }) => _id === order.site);
  if (!site) return fail('not_found', `There is no site ${order.site}.`);
  const asked = await ctx.routing.ask({
    method: 'POST',
    url: `${site.url.replace(/\/+$/, '')}/api/v1/contexts`,
    headers: { authorization: `Bearer ${site.key}` },
    body: { ...contextOf(call), ttlMs: order.ttlMs, forNumber: call.variables.fill(order.number) },
    timeoutMs: ASK_TIMEOUT_MS,
  });
  if (!asked.ok) return asked;
  const parsed = lentNumberSchema.safeParse(asked.value);
  if (!parsed.success) return fail('bad_input', `The site ${order.site} lent no temporary number.`);
  setVariables(ctx, call, { 'temporary-number': parsed.data.temporaryNumber });
  return ok('');
};

const contextOf = ({ identity, log, variables }: Call): CallerContext => ({
  caller: identity.number,
  ...(identity.displayName !== undefined && { callerName: identity.displayName }),
  called: identity.dialledNumber,
  interactionId: log.interaction._id,
  data: variables.toObject(),
});
