/** The OpenAPI 3.1 document, made from the routes' declarations and the contract's schemas. */
import { z } from 'zod';
import { faultSchema } from '../contract/common';
import type { ReplyContent, Route } from './route';
import { publicRoute } from './route';

type Json = Record<string, unknown>;

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
};

const FAULT: Json = { $ref: '#/components/schemas/Fault' };

const faultReplyDocument = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: FAULT } },
});

const replyDocument = (status: number, { description, schema, mediaType }: ReplyContent): Json => {
  if (mediaType) return { description, content: { [mediaType]: { schema: { type: 'string', format: 'binary' } } } };
  if (schema) return { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } };
  return status >= 400 ? faultReplyDocument(description) : { description };
};

/** One parameter for each property of an object's schema. */
const parameters = (place: 'path' | 'query', schema: z.ZodType | undefined): Json[] => {
  if (!schema) return [];
  const object = jsonSchema(schema, 'input');
  const properties = (object.properties ?? {}) as Record<string, Json>;
  const required = (object.required ?? []) as string[];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: Object.keys(property).length > 0 ? property : { type: 'string' },
  }));
};

const usualFaults = ({ access, input }: Route): Json => ({
  ...((input.body ?? input.query ?? input.params) && {
    400: faultReplyDocument('Bad input; `fields` names the path of each field that is wrong.'),
  }),
  ...(access.kind !== 'public' && { 401: faultReplyDocument('No valid session.') }),
  ...(access.kind === 'key' && { 403: faultReplyDocument(`The key has not the scope ${access.scope}.`) }),
  ...(access.kind === 'session' && access.roles && { 403: faultReplyDocument('The user’s roles do not permit it.') }),
});

/** A key is a bearer token as well. */
const SECURITY: Readonly<Record<Route['access']['kind'], Json[]>> = {
  public: [],
  session: [{ bearer: [] }, { cookie: [] }],
  key: [{ bearer: [] }],
};

const operation = (route: Route): Json => ({
  summary: route.summary,
  operationId: `${route.method}${route.path.replace(/[{}]/g, '').replace(/(^|\/)(\w)/g, (_, _slash, letter: string) => letter.toUpperCase())}`,
  security: SECURITY[route.access.kind],
  parameters: [...parameters('path', route.input.params), ...parameters('query', route.input.query)],
  ...(route.input.body && {
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.input.body, 'input') } } },
  }),
  responses: {
    ...usualFaults(route),
    ...Object.fromEntries(
      Object.entries(route.replies).map(([status, content]) => [status, replyDocument(Number(status), content)]),
    ),
  },
});

const openApiDocument = (routes: readonly Route[], version: string): Json => {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchroom',
      version,
      description: 'Times are milliseconds since 1970 (UTC). Live events come by the WebSocket at /api/v1/events.',
    },
    paths,
    components: {
      schemas: { Fault: jsonSchema(faultSchema, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'switchroom_session' },
      },
    },
  };
};

/** `routes` and, as their last, the route that describes them all and itself. */
export const withOpenApiRoute = (routes: readonly Route[], version: string): Route[] => {
  const all: Route[] = [...routes];
  const document = (): Json => openApiDocument(all, version);
  let made: Json | undefined;
  all.push(
    publicRoute({
      method: 'get',
      path: '/openapi.json',
      summary: 'This document.',
      replies: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
      handle: () => Promise.resolve({ kind: 'json', status: 200, body: (made ??= document()) }),
    }),
  );
  return all;
};
