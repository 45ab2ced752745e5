import { readFileSync } from 'node:fs';
import { faultSchema } from '../../../api/contract/common';
import { agentListSchema, colleagueListSchema, healthSchema, queueListSchema } from '../../../api/contract/rest';
import { asId } from '../../../base/ids';
import { ApiFixture } from '../../support/api/api-fixture';

let api: ApiFixture;

beforeAll(async () => {
  api = await new ApiFixture().start();
});

afterAll(() => api.stop());

describe('health', () => {
  it('tells strangers the status and nothing else', async () => {
    const response = await api.fetch('/api/v1/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('tells users which parts answer', async () => {
    const { token } = await api.session('anna');
    const read = async () => healthSchema.parse(await (await api.getAs(token, '/api/v1/health')).json());
    expect(await read()).toMatchObject({ status: 'ok', version: '0.1.0' });
    Object.assign(api.parts, { media: false });
    expect(await read()).toMatchObject({ status: 'degraded', parts: { edge: true, media: false, store: true } });
    expect(await (await api.fetch('/api/v1/health')).json()).toEqual({ status: 'degraded' });
    Object.assign(api.parts, { media: true });
  });
});

it('a supervisor gets the agents and the queues', async () => {
  const { token } = await api.session('sue');
  const agents = agentListSchema.parse(await (await api.getAs(token, '/api/v1/agents')).json());
  expect(agents.items.map(({ agentId }) => agentId)).toEqual(['agent-anna', 'agent-ben', 'agent-leaver']);
  const queue = { queueId: asId<never>('support'), name: 'Support', waiting: 2, agentsReady: 1, agentsBusy: 0 };
  api.desks.queues = [queue];
  const queues = queueListSchema.parse(await (await api.getAs(token, '/api/v1/queues')).json());
  expect(queues.items).toEqual([queue]);
});

it('an agent sees the colleagues, without why they are not ready', async () => {
  const { token } = await api.session('anna');
  const { items } = colleagueListSchema.parse(await (await api.getAs(token, '/api/v1/colleagues')).json());
  expect(items.map(({ agentId }) => agentId)).toContain('agent-ben');
  expect(Object.keys(items[0] ?? {})).not.toContain('notReadyReason');
});

describe('commands at the desk by REST', () => {
  const post = async (userName: string, body: object): Promise<number> => {
    const { token } = await api.session(userName);
    return (await api.post('/api/v1/desk/commands', body, { authorization: `Bearer ${token}` })).status;
  };
  const transfer = { id: '1', command: 'transfer', callId: 'call-1', target: { kind: 'agent', agentId: 'agent-ben' } };

  it("are the event socket's", async () => {
    expect(await post('anna', transfer)).toBe(200);
    const { id: _id, ...command } = transfer;
    expect(api.desks.performed.at(-1)).toEqual({ agentId: 'agent-anna', command });
  });

  it('are refused to those without a desk, and when they are malformed', async () => {
    expect(await post('sue', transfer)).toBe(403);
    expect(await post('anna', { ...transfer, target: { kind: 'moon' } })).toBe(400);
  });
});

describe('the OpenAPI document', () => {
  interface Operation {
    security: unknown[];
    parameters: { name: string; in: string; required: boolean }[];
    requestBody?: unknown;
    responses: Record<string, unknown>;
    operationId: string;
  }
  interface Document {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, unknown> };
  }

  const read = async () => (await (await api.fetch('/api/v1/openapi.json')).json()) as Document;

  it('describes every route, what it takes and what it gives', async () => {
    const document = await read();
    expect(document.openapi).toBe('3.1.0');
    const list = document.paths['/api/v1/interactions']?.get;
    expect(list?.parameters.map(({ name }) => name)).toEqual([
      'fromMs',
      'toMs',
      'agentId',
      'queueId',
      'number',
      'result',
      'limit',
      'cursor',
    ]);
    expect(list?.parameters.every(({ required }) => !required)).toBe(true);
    expect(Object.keys(list?.responses ?? {})).toEqual(['200', '400', '401']);
    expect(JSON.stringify(document.paths['/api/v1/login']?.post?.requestBody)).toContain('"userName"');
    const recording = document.paths['/api/v1/interactions/{id}/recordings/{n}']?.get;
    expect(recording?.parameters.map((parameter) => [parameter.name, parameter.in])).toEqual([
      ['id', 'path'],
      ['n', 'path'],
    ]);
    expect(Object.keys(recording?.responses ?? {})).toEqual(['200', '206', '304', '400', '401', '404', '416']);
  });

  it('lists what docs/api.md lists', async () => {
    const documented = [...readFileSync('docs/api.md', 'utf8').matchAll(/^\| `(GET|POST|PUT|DELETE) (\S+)`/gm)];
    const routes = Object.entries((await read()).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.map(([, method, path]) => `${method} ${path}`).sort()).toEqual(routes.sort());
  });

  it('agrees with the server on who needs a token', async () => {
    const document = await read();
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const url = path.replace(/\{\w+\}/g, '1');
        const response = await api.fetch(url, { method: method.toUpperCase() });
        const isPrivate = operation.security.length > 0;
        expect([path, response.status === 401]).toEqual([path, isPrivate]);
      }
    }
  });

  it('has operation ids that differ, and references that lead somewhere', async () => {
    const document = await read();
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/\w+"/g) ?? [];
    expect(new Set(references)).toEqual(new Set(['"#/components/schemas/Fault"']));
    expect(Object.keys(document.components.schemas)).toEqual(['Fault']);
  });
});

describe('the web app', () => {
  it('is served for its own routes, always fresh', async () => {
    for (const path of ['/', '/history', '/deep/link?x=1']) {
      const response = await api.fetch(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('has files named by their hash kept for ever', async () => {
    const response = await api.fetch('/assets/index-4f3c2b1a.js');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  it.each([
    '/assets/gone.js',
    '/favicon.gone.ico',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/api/v2/agents',
    '/api',
  ])('has nothing at %s', async (path) => {
    const response = await api.fetch(path);
    expect([403, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('not for the browser');
  });

  it('refuses other methods and malformed paths as JSON', async () => {
    const posted = await api.fetch('/', { method: 'POST' });
    expect(posted.status).toBe(404);
    expect(faultSchema.parse(await posted.json()).code).toBe('not_found');
    for (const path of ['/%zz.js', '/assets/%00.js']) {
      const malformed = await api.fetch(path);
      expect([400, 404]).toContain(malformed.status);
      faultSchema.parse(await malformed.json());
    }
  });

  it('comes with headers that keep other pages and scripts out', async () => {
    const { headers } = await api.fetch('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toContain("media-src 'self' blob:");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${api.port} wss://127.0.0.1:${api.port};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('permissions-policy')).toBe('microphone=(self), camera=(), geolocation=()');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
