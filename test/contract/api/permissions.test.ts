/** Who may use which route, of all that there are. */
import { ApiFixture } from '../../support/api/api-fixture';

const PUBLIC = ['post /login', 'get /health', 'get /openapi.json'];
const EVERY_USER = [
  'post /logout',
  'get /me',
  'get /interactions',
  'get /interactions/{id}',
  'get /interactions/{id}/recordings/{n}',
  'get /recordings',
  'get /recordings/{id}',
  'get /recordings/{id}/audio',
  'get /recordings/{id}/peaks',
  'get /colleagues',
  'get /extensions',
  'post /desk/commands',
];
const LEADERS = [
  ...['queue-settings', 'agent-profiles', 'skills', 'teams', 'tenants', 'calendars', 'schedules', 'sites'].map(
    (name) => `get /${name}`,
  ),
  'get /agents',
  'post /agents/{agentId}/actions',
  'get /queues',
  'get /alarms',
  'get /alarms/standing',
  'get /contacts/{contactId}/decisions',
  'get /contacts',
  'get /queues/{queueId}/contacts',
  'post /contacts/{contactId}/actions',
  'get /reports/expected-wait',
  'get /reports/queues',
  'get /reports/agents',
  'get /interactions/{id}/trace',
  'get /phones',
  'get /phones/{extension}',
  'get /extensions/rules',
  'get /recordings/verify',
  'get /recordings/manifest',
  'put /recordings/{id}/hold',
  'delete /recordings/{id}/hold',
  'put /recordings/{id}/heard',
  'delete /recordings/{id}/heard',
  'get /supervisions',
  'post /supervisions',
  'put /supervisions/{id}',
  'delete /supervisions/{id}',
  'post /supervisions/{id}/take-over',
  'get /team-calls',
  'post /calls/{callId}/recording',
  'get /media-processes',
  'get /conferences',
  'get /conferences/{id}',
  'post /conferences/{id}/actions',
  'post /conferences/{id}/invitations',
  'get /sounds',
  'get /sounds/file',
  'put /sounds/file',
  'delete /sounds/file',
  'post /sounds/version',
];
/** With a key, or an administrator's token. */
const OTHER_SYSTEMS = ['post /routing/lookup', 'post /contexts', 'get /contexts/{token}', 'get /metrics'];

let api: ApiFixture;
let routes: string[];

const statusFor = async (route: string, token: string | undefined): Promise<number> => {
  const [method = '', path = ''] = route.split(' ');
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const url = `/api/v1${path.replace(/\{\w+\}/g, 'x')}`;
  return (await api.fetch(url, { method: method.toUpperCase(), headers })).status;
};

/** The routes that somebody is kept from by this status. */
const closedWith = async (status: 401 | 403, token: string | undefined): Promise<string[]> => {
  const closed: string[] = [];
  for (const route of routes) {
    if (route !== 'post /logout' && (await statusFor(route, token)) === status) closed.push(route);
  }
  return closed;
};

const without = (...lists: string[][]): string[] => {
  const open = new Set([...lists.flat(), 'post /logout']);
  return routes.filter((route) => !open.has(route));
};

beforeAll(async () => {
  api = await new ApiFixture().start();
  const { paths } = (await (await api.fetch('/api/v1/openapi.json')).json()) as { paths: Record<string, object> };
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path.replace('/api/v1', '')}`),
  );
});

afterAll(() => api.stop());

it('every route of these lists is there', () => {
  expect([PUBLIC, EVERY_USER, LEADERS, OTHER_SYSTEMS].flat().filter((route) => !routes.includes(route))).toEqual([]);
  expect(routes.length).toBeGreaterThan(50);
});

it('strangers get in nowhere but at the front door', async () => {
  expect(await closedWith(401, undefined)).toEqual(without(PUBLIC));
  expect(await statusFor('post /logout', undefined)).toBe(401);
});

it('an agent uses what every user may', async () => {
  const { token } = await api.session('anna');
  expect(await closedWith(403, token)).toEqual(without(PUBLIC, EVERY_USER));
});

it('a supervisor sees more, and changes nothing but seats, who waits, recordings, prompts, conferences and whom he listens to', async () => {
  const { token } = await api.session('sue');
  expect(await closedWith(403, token)).toEqual(without(PUBLIC, EVERY_USER, LEADERS));
  const changing = LEADERS.filter((route) => !route.startsWith('get '));
  const theirs =
    /(\/recordings\/\{id\}\/(hold|heard)|\/supervisions|\/calls\/\{callId\}\/recording|\/conferences|\/sounds|\/agents|\/contacts)/;
  expect(changing.filter((route) => !theirs.test(route))).toEqual([]);
});

it('an administrator is kept from nothing', async () => {
  const { token } = await api.session('admin');
  expect(await closedWith(403, token)).toEqual([]);
});
