/** Signing in, signing out, and who am I. */
import type { Response } from 'express';
import { loginReplySchema, loginRequestSchema, sessionSchema } from '../contract/rest';
import type { LoginReply, Session } from '../contract/rest';
import type { AuditTrail } from '../http/audit-trail';
import { writeDown } from '../http/audit-trail';
import { addressOf, isEncrypted } from '../http/client';
import { expiredSessionCookie, sessionCookie } from '../http/cookies';
import type { Authenticated, Reply, Route } from '../http/route';
import { faultReply, jsonReply, publicRoute, sessionRoute } from '../http/route';
import type { AgentPresence } from '../sessions/agent-presence';
import type { SessionRegistry } from '../sessions/session-registry';
import { sessionUser } from '../sessions/session-user';
import type { SignIn } from '../sessions/sign-in';
import type { SipAccounts } from '../sessions/sip-accounts';
import { z } from 'zod';

export interface SessionRoutesOptions extends AuditTrail {
  readonly signIn: SignIn;
  readonly sessions: SessionRegistry;
  readonly sipAccounts: SipAccounts;
  readonly presence: AgentPresence;
  /** The session's browser is the one in front of its agent's desk. */
  readonly holdsDesk: (session: Authenticated['session']) => boolean;
}

const limitedReply = (response: Response, retryAfterMs: number): Reply => {
  const seconds = Math.ceil(retryAfterMs / 1000);
  response.setHeader('Retry-After', seconds);
  const minutes = Math.ceil(seconds / 60);
  return faultReply({
    code: 'overloaded',
    message: `Too many sign-ins have failed; try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  });
};

const sessionBody = async (
  { sipAccounts }: SessionRoutesOptions,
  { expiresAtMs, user }: Authenticated['session'],
): Promise<Session> => {
  const sip = await sipAccounts.of(user);
  return { expiresAtMs, user, ...(sip && { sip }) };
};

const loginRoute = (options: SessionRoutesOptions): Route =>
  publicRoute({
    method: 'post',
    path: '/login',
    summary: 'Sign in. Gives a cookie for the browser and the same token for programs to send as a bearer token.',
    body: loginRequestSchema,
    replies: {
      200: { description: 'The session.', schema: loginReplySchema },
      401: { description: 'The user name or the password is wrong.' },
      429: {
        description:
          'Too many failures for this account from this address, or for either; Retry-After says when to try again.',
      },
    },
    async handle({ body, request, response }) {
      const outcome = await options.signIn.attempt(body, addressOf(request));
      if (outcome.kind === 'limited') return limitedReply(response, outcome.retryAfterMs);
      if (outcome.kind === 'refused') {
        return faultReply({ code: 'unauthenticated', message: 'The user name or the password is wrong.' });
      }
      const user = sessionUser(outcome.account);
      const signedIn = user.agent && options.presence.signIn(user.agent.agentId);
      if (signedIn && !signedIn.ok) return faultReply(signedIn.fault);
      const opened = options.sessions.open(user);
      await options.sessions.settled();
      const maxAgeMs = opened.session.expiresAtMs - options.clock.nowMs();
      response.setHeader('Set-Cookie', sessionCookie(opened.token, maxAgeMs, isEncrypted(request)));
      const reply: LoginReply = { token: opened.token, ...(await sessionBody(options, opened.session)) };
      return jsonReply(reply);
    },
  });

/** Another session of the same user may go on working at the desk; the last one, or the one in front of it, may not. */
const leavesDesk = ({ sessions, holdsDesk }: SessionRoutesOptions, { session }: Authenticated): boolean =>
  holdsDesk(session) || sessions.ofUser(session.user.userId).length === 1;

const logoutRoute = (options: SessionRoutesOptions): Route =>
  sessionRoute({
    method: 'post',
    path: '/logout',
    summary: 'Sign out. Refused with 409 while this session’s agent has an open call or wrap-up.',
    replies: {
      200: { description: 'The session has ended.', schema: z.object({}) },
      409: { description: 'A call or a wrap-up is open.' },
    },
    async handle({ auth, request, response }) {
      const { user } = auth.session;
      if (user.agent && leavesDesk(options, auth)) {
        const left = options.presence.signOut(user.agent.agentId);
        if (!left.ok) return faultReply(left.fault);
      }
      options.sessions.end(auth.session.key, 'signed-out');
      // A crash must not sign anybody in again.
      await options.sessions.settled();
      response.setHeader('Set-Cookie', expiredSessionCookie(isEncrypted(request)));
      await writeDown(options, { auth, request, action: 'sign-out' });
      return jsonReply({});
    },
  });

const meRoute = (options: SessionRoutesOptions): Route =>
  sessionRoute({
    method: 'get',
    path: '/me',
    summary: 'The session without its token, for a page that was loaded again; agents get their SIP account with it.',
    replies: { 200: { description: 'The session.', schema: sessionSchema } },
    handle: async ({ auth }) => jsonReply(await sessionBody(options, auth.session)),
  });

export const sessionRoutes = (options: SessionRoutesOptions): Route[] => [
  loginRoute(options),
  logoutRoute(options),
  meRoute(options),
];
