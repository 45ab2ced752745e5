/**
 * A route declares what it takes, what it gives and who may call it. The Express router and the OpenAPI document are
 * both made from these declarations, so that neither can say what the other does not.
 */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { invariant } from '../../base/errors';
import type { Fault } from '../../base/result';
import type { FaultBody, Role } from '../contract/common';
import type { KeyScope } from '../../store/sites';
import type { LiveSession } from '../sessions/session-registry';
import { badInputBody, faultBody } from './fault-body';
import { HTTP_STATUS } from './status';

/** Who sends a request, and by which means; a cookie is sent by the browser unasked, a bearer token is not. */
export interface Authenticated {
  readonly session: LiveSession;
  readonly token: string;
  readonly by: 'cookie' | 'bearer' | 'query';
}

export type Access =
  | { readonly kind: 'public' }
  /** Any signed-in user, or those with one of these roles. */
  | { readonly kind: 'session'; readonly roles?: readonly Role[] }
  /** Another system with a key of this scope, or an administrator. */
  | { readonly kind: 'key'; readonly scope: KeyScope };

export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'fault'; readonly status: number; readonly body: FaultBody }
  /** The handler has written the reply itself. */
  | { readonly kind: 'sent' };

export const jsonReply = (body: unknown, status: 200 | 201 = 200): Reply => ({ kind: 'json', status, body });

export const faultReply = (fault: Fault): Reply => ({
  kind: 'fault',
  status: HTTP_STATUS[fault.code],
  body: faultBody(fault),
});

/** What goes over the wire in one direction. */
export interface ReplyContent {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** For content that is not JSON. */
  readonly mediaType?: string;
}

interface Declaration {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: string;
  readonly summary: string;
  /** Further replies beside the usual faults, by status. */
  readonly replies: Readonly<Record<number, ReplyContent>>;
}

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly auth: Authenticated | undefined;
}

export interface Route extends Declaration {
  readonly access: Access;
  readonly input: Inputs<z.ZodType, z.ZodType, z.ZodType>;
  run(exchange: Exchange): Promise<Reply>;
}

interface Inputs<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
}

/** What a handler gets, read and checked; `unknown` stands for what the route has not declared. */
interface Given<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  readonly request: Request;
  readonly response: Response;
}

class BadInput extends Error {
  constructor(
    readonly where: string,
    readonly reason: z.ZodError,
  ) {
    super(`bad ${where}`);
  }
}

const read = <Schema extends z.ZodType>(
  schema: Schema | undefined,
  where: string,
  value: unknown,
): z.output<Schema> => {
  if (!schema) return undefined as z.output<Schema>;
  const result = schema.safeParse(value);
  if (!result.success) throw new BadInput(where, result.error);
  return result.data;
};

const readAll = <Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  inputs: Inputs<Params, Query, Body>,
  { request, response }: Exchange,
): Given<Params, Query, Body> => ({
  params: read(inputs.params, 'path', request.params),
  query: read(inputs.query, 'query', request.query),
  body: read(inputs.body, 'body', request.body),
  request,
  response,
});

const refusingBadInput = async (handle: () => Promise<Reply>): Promise<Reply> => {
  try {
    return await handle();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { kind: 'fault', status: HTTP_STATUS.bad_input, body: badInputBody(error.where, error.reason) };
  }
};

/** The route that a definition makes: its input is read and checked before `handle` is asked. */
const routeOf = <Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  definition: Declaration & Inputs<Params, Query, Body>,
  access: Access,
  handle: (given: Given<Params, Query, Body>, auth: Authenticated | undefined) => Promise<Reply>,
): Route => {
  const { method, path, summary, replies, params, query, body } = definition;
  return {
    ...{ method, path, summary, replies, access },
    input: { params, query, body },
    run: (exchange) => refusingBadInput(() => handle(readAll(definition, exchange), exchange.auth)),
  };
};

/** A route for everyone; `auth` tells who it is when a valid session comes along. */
export const publicRoute = <
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
>(
  definition: Declaration &
    Inputs<Params, Query, Body> & {
      handle(given: Given<Params, Query, Body> & { auth: Authenticated | undefined }): Promise<Reply>;
    },
): Route => routeOf(definition, { kind: 'public' }, (given, auth) => definition.handle({ ...given, auth }));

/** A route for signed-in users, or for those of them who have one of `roles`. */
export const sessionRoute = <
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
>(
  definition: Declaration &
    Inputs<Params, Query, Body> & {
      readonly roles?: readonly Role[];
      handle(given: Given<Params, Query, Body> & { auth: Authenticated }): Promise<Reply>;
    },
): Route =>
  routeOf(definition, { kind: 'session', roles: definition.roles }, (given, auth) => {
    invariant(auth, 'a session route runs only after the session has been found');
    return definition.handle({ ...given, auth });
  });

/** A route for other systems. */
export const keyRoute = <
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
>(
  definition: Declaration &
    Inputs<Params, Query, Body> & {
      readonly scope: KeyScope;
      handle(given: Given<Params, Query, Body>): Promise<Reply>;
    },
): Route => routeOf(definition, { kind: 'key', scope: definition.scope }, (given) => definition.handle(given));
