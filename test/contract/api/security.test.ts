/** Alarms and bans through the API: who sees them, who lifts them. */
import { Gauge } from 'prom-client';
import { alarmListSchema, banListSchema } from '../../../api/contract/security';
import { traceSchema } from '../../../api/contract/trace';
import { standingAlarmListSchema } from '../../../api/contract/watch';
import { asId } from '../../../base/ids';
import { anInteraction, ApiFixture } from '../../support/api/api-fixture';
import { EventClient } from '../../support/api/event-client';

const BAN = { id: 'source:192.0.2.1', kind: 'source', network: '192.0.2.1', sinceMs: 1, untilMs: 2, level: 1 } as const;
const ALARM = {
  kind: 'source-banned',
  severity: 'warning',
  message: '192.0.2.1 is banned: it failed to sign in ten times',
  details: { source: '192.0.2.1' },
} as const;

let api: ApiFixture;

beforeAll(async () => {
  api = await new ApiFixture().start();
});
afterAll(() => api.stop());

const lift = (token: string, id: string): Promise<Response> =>
  api.fetch(`/api/v1/bans/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });

it('an administrator lists a ban, lifts it, and that is written down', async () => {
  const { token } = await api.session('admin');
  api.banned.push(BAN);
  const listed = banListSchema.parse(await (await api.getAs(token, '/api/v1/bans')).json());
  expect(listed.items).toEqual([BAN]);
  expect((await lift(token, BAN.id)).status).toBe(200);
  expect((await lift(token, BAN.id)).status).toBe(404);
  expect(api.audit.filter(({ action }) => action === 'ban-lifted')).toMatchObject([
    { userName: 'admin', detail: { ban: BAN.id } },
  ]);
});

it('supervisors see alarms but no bans; agents see neither', async () => {
  api.alarms.raise(ALARM);
  const supervisor = await api.session('sue');
  const seen = alarmListSchema.parse(await (await api.getAs(supervisor.token, '/api/v1/alarms')).json());
  expect(seen.items).toMatchObject([ALARM]);
  expect((await api.getAs(supervisor.token, '/api/v1/bans')).status).toBe(403);
  expect((await lift(supervisor.token, BAN.id)).status).toBe(403);
  const agent = await api.session('anna');
  expect((await api.getAs(agent.token, '/api/v1/alarms')).status).toBe(403);
});

it('an alarm reaches the event sockets of supervisors at once, and of nobody else', async () => {
  const [supervisor, agent] = await Promise.all([api.session('sue'), api.session('anna')]);
  const open = (token: string): EventClient =>
    new EventClient(`ws://127.0.0.1:${api.port}/api/v1/events?token=${encodeURIComponent(token)}`);
  const [leads, works] = [open(supervisor.token), open(agent.token)];
  await Promise.all([leads.next('hello'), works.next('hello')]);
  api.alarms.raise({ ...ALARM, kind: 'stranger-knocks' });
  expect(await leads.next('alarm')).toMatchObject({ alarm: { kind: 'stranger-knocks' } });
  expect(works.messages.map(({ type }) => type)).not.toContain('alarm');
  leads.socket.close();
  works.socket.close();
});

describe('a trace', () => {
  const INTERACTION = 'traced-1';
  const OPTIONS_TEXT = 'OPTIONS sip:a@b SIP/2.0\r\nCall-ID: one\r\n\r\n';

  beforeAll(() => {
    api.interactions.push(anInteraction({ _id: asId(INTERACTION), sipCallIds: ['one'] }));
    api.traced.set(INTERACTION, [
      {
        atMs: 1_700_000_000_000,
        direction: 'in',
        protocol: 'udp',
        local: { address: '192.0.2.1', port: 5060 },
        remote: { address: '192.0.2.9', port: 5060 },
        text: OPTIONS_TEXT,
      },
    ]);
  });

  const read = (token: string, query = ''): Promise<Response> =>
    api.getAs(token, `/api/v1/interactions/${INTERACTION}/trace${query}`);

  it('is JSON, a ladder or a capture for supervisors and administrators, and reading it is written down', async () => {
    const { token } = await api.session('sue');
    expect(traceSchema.parse(await (await read(token)).json()).messages).toHaveLength(1);
    const text = await read(token, '?format=text');
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await text.text()).toContain('192.0.2.9:5060 --> us  UDP  OPTIONS sip:a@b SIP/2.0');
    const pcap = await read(token, '?format=pcap');
    expect(pcap.headers.get('content-disposition')).toBe(`attachment; filename="${INTERACTION}.pcap"`);
    const bytes = Buffer.from(await pcap.arrayBuffer());
    expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4);
    expect(bytes.subarray(24 + 16 + 28).toString()).toBe(OPTIONS_TEXT);
    expect((await read(token, '?format=gif')).status).toBe(400);
    const readings = api.audit.filter(({ action }) => action === 'trace-read');
    expect(readings.map(({ detail }) => detail?.['format'])).toEqual(['json', 'text', 'pcap']);
  });

  it('is nothing for agents, and says so when there is none', async () => {
    const agent = await api.session('anna');
    expect((await read(agent.token)).status).toBe(403);
    const { token } = await api.session('admin');
    expect((await api.getAs(token, '/api/v1/interactions/unknown/trace')).status).toBe(404);
  });
});

it('supervisors see what stands at the moment; agents do not', async () => {
  api.watch.standing.raise('queue-length/support', ALARM);
  const supervisor = await api.session('sue');
  const seen = standingAlarmListSchema.parse(
    await (await api.getAs(supervisor.token, '/api/v1/alarms/standing')).json(),
  );
  expect(seen.items).toMatchObject([{ key: 'queue-length/support', ...ALARM }]);
  const agent = await api.session('anna');
  expect((await api.getAs(agent.token, '/api/v1/alarms/standing')).status).toBe(403);
});

it('a key with the scope metrics reads the figures as Prometheus does; a user does not', async () => {
  new Gauge({ name: 'switchroom_test', help: 'A test.', registers: [api.watch.figures] }).set(42);
  const admin = await api.session('admin');
  const made = await api.fetch('/api/v1/api-keys', {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'prometheus', scopes: ['metrics'] }),
  });
  const { key } = (await made.json()) as { key: string };
  const read = await api.getAs(key, '/api/v1/metrics');
  expect(read.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await read.text()).toContain('\nswitchroom_test 42\n');
  const supervisor = await api.session('sue');
  expect((await api.getAs(supervisor.token, '/api/v1/metrics')).status).toBe(403);
});
