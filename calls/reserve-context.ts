/** Keeps a context for a call of another switch that is about to arrive. */
import type { Result } from '../base/result';
import { fail, ok } from '../base/result';
import { formatUserToUser } from '../signaling/sip/headers/user-to-user';
import type { CallContext } from './context';
import type { CallerContext, Reservation } from './context-book';
import { CONTEXT_PURPOSE } from './restore-context';

export interface NamedReservation extends Reservation {
  /** The User-to-User header that names the context, as RFC 7433 wants it. */
  readonly userToUser: string;
}

/** Resolves when the context would outlive this process: whoever is told its token hands the call over at once. */
export const reserveContext = async (
  ctx: CallContext,
  context: CallerContext,
  reserve: { ttlMs: number; forNumber?: string | undefined },
): Promise<Result<NamedReservation>> => {
  const { forNumber } = reserve;
  if (forNumber !== undefined && !isOurs(ctx, forNumber)) {
    return fail('not_found', `${forNumber} is no number of ours.`);
  }
  const reserved = ctx.routing.contexts.reserve(context, reserve);
  if (!reserved.ok) return reserved;
  await ctx.routing.contexts.settled();
  return ok({ ...reserved.value, userToUser: tokenHeader(reserved.value.token) });
};

/** A token as call data: its hexadecimal digits are the data. */
export const tokenHeader = (token: string): string =>
  formatUserToUser({ data: token, purpose: CONTEXT_PURPOSE, content: undefined }) ?? '';

const isOurs = (ctx: CallContext, number: string): boolean =>
  ctx.directory.flowOf(number) !== undefined || ctx.routing.match(number).kind === 'complete';
