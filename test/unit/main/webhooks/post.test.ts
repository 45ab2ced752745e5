/** One message over real sockets: what counts as taken, and where it may not go. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SimulatedClock, systemClock } from '../../../../base/clock';
import { mayReach } from '../../../../main/webhooks/allowed-addresses';
import { ANSWER_TIMEOUT_MS, createPost } from '../../../../main/webhooks/post';

const MESSAGE = { headers: { 'content-type': 'application/json', 'webhook-id': 'e' }, body: '{"ü":1}' };

let server: Server;
let port: number;
let received: { headers: IncomingMessage['headers']; body: string }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  received = [];
  answer = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const rule = (networks: string[]) => {
  const made = mayReach(networks);
  if (!made.ok) throw new Error(made.fault.message);
  return made.value;
};

const here = createPost({ clock: systemClock, mayReach: rule(['127.0.0.0/8']) });

it('posts headers and body; every 2xx is taken', async () => {
  expect(await here(`http://127.0.0.1:${port}/hook`, MESSAGE)).toEqual({ ok: true, value: undefined });
  expect(received).toMatchObject([{ headers: { 'webhook-id': 'e', 'content-length': '8' }, body: MESSAGE.body }]);
});

it.each([302, 400, 500])('%i is not taken, and a redirect is not followed', async (status) => {
  answer = (response) => response.writeHead(status, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
  expect(await here(`http://localhost:${port}/hook`, MESSAGE)).toMatchObject({
    ok: false,
    fault: { code: 'unavailable', message: `localhost:${port} answered ${status}.` },
  });
  expect(received).toHaveLength(1);
});

it('who does not answer has ten seconds', async () => {
  const clock = new SimulatedClock();
  const asked = new Promise<void>((resolve) => (answer = () => resolve()));
  const posted = createPost({ clock, mayReach: rule(['127.0.0.0/8']) })(`http://127.0.0.1:${port}/`, MESSAGE);
  await asked;
  clock.advance(ANSWER_TIMEOUT_MS);
  expect(await posted).toMatchObject({ ok: false, fault: { code: 'timeout' } });
  expect(clock.pendingTimers).toBe(0);
});

it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]'])('%s is closed by default', async (host) => {
  const anywhere = createPost({ clock: systemClock, mayReach: rule([]) });
  expect(await anywhere(`http://${host}:${port}/`, MESSAGE)).toMatchObject({ ok: false, fault: { code: 'forbidden' } });
  expect(received).toEqual([]);
});

it.each([
  [[], '192.0.2.1', true],
  [[], '10.1.2.3', true],
  [[], '169.254.169.254', false],
  [[], '0.0.0.0', false],
  [[], '224.0.0.1', false],
  [[], '::', false],
  [[], 'fe80::1', false],
  [[], '2001:db8::1', true],
  [[], 'nonsense', false],
  [['10.0.0.0/8'], '10.1.2.3', true],
  [['10.0.0.0/8'], '192.0.2.1', false],
  [['127.0.0.1'], '::ffff:127.0.0.1', true],
])('with the networks %j, %s: %s', (networks, address, allowed) => {
  expect(rule(networks)(address)).toBe(allowed);
});
