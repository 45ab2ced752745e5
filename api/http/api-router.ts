/** Serves the declared routes below `/api/v1` with Express; everything else there is 401 or 404. */
import type { NextFunction, Request, Response, Router } from 'express';
import express from 'express';
import type { Logger } from '../../base/log';
import type { SessionRegistry } from '../sessions/session-registry';
import type { ApiKey } from '../../store/sites';
import type { ApiKeys } from './api-keys';
import { authenticate, keyOf, keyRefusalOf, refusalOf } from './authenticate';
import { reportError } from './report-error';
import type { Access, Authenticated, Reply, Route } from './route';
import { faultReply } from './route';

const MAX_BODY = '64kb';

interface Locals extends Record<string, unknown> {
  auth?: Authenticated | undefined;
  key?: ApiKey | undefined;
}

type ApiResponse = Response<unknown, Locals>;

export interface ApiRouterOptions {
  readonly routes: readonly Route[];
  readonly sessions: SessionRegistry;
  readonly keys: ApiKeys;
  readonly log: Logger;
}

const send = (response: Response, reply: Reply): void => {
  if (reply.kind === 'sent') return;
  response.status(reply.status).json(reply.body);
};

const guard =
  (access: Access) =>
  (request: Request, response: ApiResponse, next: NextFunction): void => {
    const { auth, key } = response.locals;
    const refusal = access.kind === 'key' ? keyRefusalOf(key, auth, access.scope) : refusalOf(request, auth, access);
    if (refusal) response.status(refusal.status).json(refusal.body);
    else next();
  };

/** The router to be mounted at `/api/v1`. */
export const apiRouter = ({ routes, sessions, keys, log }: ApiRouterOptions): Router => {
  const router = express.Router({ caseSensitive: true });
  router.use((request: Request, response: ApiResponse, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    response.locals.auth = authenticate(request, sessions);
    response.locals.key = keyOf(request, keys);
    next();
  });
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    const readBody = route.input.body ? [express.json({ limit: MAX_BODY })] : [];
    router[route.method](path, guard(route.access), ...readBody, async (request: Request, response: ApiResponse) => {
      send(response, await route.run({ request, response, auth: response.locals.auth }));
    });
  }
  router.use(guard({ kind: 'session' }), (request: Request, response: Response) => {
    const message = `There is no ${request.method} ${request.baseUrl}${request.path}.`;
    send(response, faultReply({ code: 'not_found', message }));
  });
  const publicPaths = new Set(routes.filter(({ access }) => access.kind === 'public').map(({ path }) => path));
  router.use(reportError({ log, isPrivate: (path) => !publicPaths.has(path) }));
  return router;
};
