/** A call that another switch hands over: its context is found by the dialled number or the User-to-User token. */
import { z } from 'zod';
import type { IncomingInvite } from '../signaling/ports';
import { userToUserOf } from './caller-data';
import type { CallContext } from './context';
import type { FoundContext } from './context-book';

/** The User-to-User package of our tokens (RFC 7433, section 4: purpose names it). */
export const CONTEXT_PURPOSE = 'switchroom-context';

const TOKEN = /^[0-9a-f]{32}$/;
const ASK_TIMEOUT_MS = 1_500;

export const contextReplySchema = z.object({
  caller: z.string().max(64).optional(),
  callerName: z.string().max(200).optional(),
  called: z.string().max(64).optional(),
  interactionId: z.string().max(64).optional(),
  data: z.record(z.string().max(64), z.string().max(1_000)),
});

export interface RestoredContext extends FoundContext {
  /** The site that had it; undefined when it was kept here. */
  readonly site: string | undefined;
}

/** Undefined when the call carries nothing that leads to a context, or that has been used or has expired. */
export const restoreContext = async (
  ctx: CallContext,
  invite: IncomingInvite,
): Promise<RestoredContext | undefined> => {
  const { contexts } = ctx.routing;
  const byNumber = contexts.takeByNumber(invite.to.number);
  if (byNumber) return { ...byNumber, site: undefined };
  const token = tokenOf(invite);
  if (token === undefined) return undefined;
  const own = contexts.take(token);
  if (own) return { ...own, site: undefined };
  const found = await askSites(ctx, token);
  if (!found) ctx.log.warn({ sipCallId: invite.callId }, 'a call was handed over with a token that nobody knows');
  return found;
};

const tokenOf = (invite: IncomingInvite): string | undefined =>
  userToUserOf(invite)
    .find(({ purpose, data }) => purpose === CONTEXT_PURPOSE && TOKEN.test(data.toLowerCase()))
    ?.data.toLowerCase();

/** All at once: the token is known to one of them at most. */
const askSites = async (ctx: CallContext, token: string): Promise<RestoredContext | undefined> => {
  const answers = await Promise.all(
    ctx.routing.sites().map(async ({ _id, url, key }) => {
      const asked = await ctx.routing.ask({
        method: 'GET',
        url: `${url.replace(/\/+$/, '')}/api/v1/contexts/${token}`,
        headers: { authorization: `Bearer ${key}` },
        timeoutMs: ASK_TIMEOUT_MS,
      });
      if (!asked.ok) {
        if (asked.fault.code !== 'not_found') ctx.log.warn({ site: _id, fault: asked.fault }, 'a site was not asked');
        return undefined;
      }
      const parsed = contextReplySchema.safeParse(asked.value);
      return parsed.success ? { ...parsed.data, number: undefined, site: _id } : undefined;
    }),
  );
  return answers.find((answer) => answer !== undefined);
};
