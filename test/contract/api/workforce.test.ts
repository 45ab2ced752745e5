/** Schedules of agents and the report about them, over REST. */
import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import { agentReportSchema } from '../../../api/contract/agent-report';
import { scheduleListSchema } from '../../../api/contract/schedules';
import { SimulatedClock } from '../../../base/clock';
import { ApiFixture } from '../../support/api/api-fixture';

const ANNA = asId<AgentId>('agent-anna');
const BEN = asId<AgentId>('agent-ben');
const HOUR_MS = 3_600_000;
const FROM_MS = Date.parse('2026-11-23T08:00:00+08:00');
const EARLY = {
  ...{ name: 'Early', nameZh: '早班', teams: ['day'], timeZone: 'Asia/Shanghai' },
  weekly: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '16:00', activity: 'work' }],
  exceptions: [{ date: '2026-11-24', name: 'Outing', hours: [] }],
};

let api: ApiFixture;
let admin: string;
let sue: string;

beforeEach(async () => {
  api = await new ApiFixture({ clock: new SimulatedClock(FROM_MS + 8 * HOUR_MS) }).start();
  admin = (await api.session('admin')).token;
  sue = (await api.session('sue')).token;
});
afterEach(() => api.stop());

const put = (body: unknown, id = 'early'): Promise<Response> =>
  api.sendAs(admin, { method: 'PUT', path: `/api/v1/schedules/${id}`, body });

const report = async (query = `fromMs=${FROM_MS}&toMs=${FROM_MS + 8 * HOUR_MS}`) =>
  agentReportSchema.parse(await (await api.getAs(sue, `/api/v1/reports/agents?${query}`)).json());

describe('schedules', () => {
  const list = async () => scheduleListSchema.parse(await (await api.getAs(sue, '/api/v1/schedules')).json()).items;

  it('are kept, shown to supervisors with what was left out, counted by versions, and removed', async () => {
    expect((await put(EARLY)).status).toBe(200);
    expect(await list()).toEqual([{ ...EARLY, id: 'early', agents: [], version: 1 }]);
    expect((await put({ ...EARLY, name: 'Late', version: 1 })).status).toBe(200);
    const stale = await put({ ...EARLY, version: 1 });
    expect([stale.status, await stale.json()]).toMatchObject([409, { about: { key: 'changed-meanwhile' } }]);
    expect((await list())[0]).toMatchObject({ name: 'Late', version: 2 });
    expect((await api.sendAs(admin, { method: 'DELETE', path: '/api/v1/schedules/early' })).status).toBe(200);
    expect(await list()).toEqual([]);
    expect(api.audit.filter(({ action }) => action === 'setting-changed')).toHaveLength(3);
  });

  it.each([
    [
      'an agent whom nobody knows',
      { agents: ['nobody'] },
      { about: { key: 'unknown-agent', values: { name: 'nobody' } } },
    ],
    ['a team that is not there', { teams: ['night'] }, { about: { key: 'unknown-team', values: { name: 'night' } } }],
    ['a day that is none', { firstDate: '2026-02-30' }, { fields: [{ path: 'firstDate' }] }],
    [
      'an end before the begin',
      { firstDate: '2026-03-01', lastDate: '2026-02-01' },
      { fields: [{ path: 'lastDate' }] },
    ],
    ['a time zone of no place', { timeZone: 'Mars/Olympus' }, { fields: [{ path: 'timeZone' }] }],
    [
      'something to do that there is not',
      { weekly: [{ days: [1], from: '08:00', to: '09:00', activity: 'sleep' }] },
      { fields: [{ path: 'weekly.0.activity' }] },
    ],
  ])('with %s are refused, and the refusal names it', async (_what, change, refusal) => {
    const refused = await put({ ...EARLY, ...change });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject(refusal);
    expect(await list()).toEqual([]);
  });

  it('that are too large are refused with the cure', async () => {
    const agents = Array.from({ length: 5_000 }, (_, n) => `an-agent-with-a-name-${n}`);
    const refused = await put({ ...EARLY, agents });
    expect(refused.status).toBe(413);
    expect(await refused.json()).toEqual({ code: 'bad_input', message: expect.stringContaining('than 64 kB; divide') });
  });
});

describe('the report of agents', () => {
  it('has what is over and what is not, by agent with the names, and of all together', async () => {
    expect((await put(EARLY)).status).toBe(200);
    api.workforce.over.push(
      { agentId: ANNA, state: 'busy', fromMs: FROM_MS, toMs: FROM_MS + HOUR_MS },
      // It was running when the report began and has ended since: the same one.
      { agentId: ANNA, state: 'ready', fromMs: FROM_MS + HOUR_MS, toMs: FROM_MS + 2 * HOUR_MS },
    );
    api.workforce.running.push({
      agentId: ANNA,
      state: 'ready',
      fromMs: FROM_MS + HOUR_MS,
      toMs: FROM_MS + 2 * HOUR_MS,
    });
    const { items, total, fairnessOfTime } = await report();
    expect(items).toMatchObject([
      {
        ...{ agentId: ANNA, displayName: 'ANNA', displayNameZh: 'anna的中文名' },
        total: { signedInMs: 2 * HOUR_MS, readyMs: HOUR_MS, occupancy: 0.5, scheduledMs: 8 * HOUR_MS, adherence: 0.25 },
      },
      { agentId: BEN, total: { signedInMs: 0, adherence: 0 } },
      { agentId: 'agent-leaver' },
    ]);
    expect(total).toMatchObject({ scheduledMs: 24 * HOUR_MS, adherence: 2 / 24, occupancy: 0.5 });
    expect(fairnessOfTime).toBeCloseTo(1 / 3);
  });

  it('is of one agent, and by intervals, when that is asked for', async () => {
    const time = { state: 'ready', fromMs: FROM_MS, toMs: FROM_MS + 1.5 * HOUR_MS } as const;
    api.workforce.over.push({ agentId: ANNA, ...time }, { agentId: BEN, ...time });
    const query = `fromMs=${FROM_MS}&toMs=${FROM_MS + 8 * HOUR_MS}&intervalMs=${HOUR_MS}&agentId=${ANNA}`;
    const { items } = await report(query);
    expect(items.map(({ agentId }) => agentId)).toEqual([ANNA]);
    expect(items[0]?.intervals.map(({ fromMs, readyMs }) => [(fromMs - FROM_MS) / HOUR_MS, readyMs / HOUR_MS])).toEqual(
      [
        [0, 1],
        [1, 0.5],
      ],
    );
  });

  it('is refused where it would have more rows than anybody reads, with the cure', async () => {
    for (let n = 0; n < 2_000; n += 1)
      api.workforce.agents.push({ agentId: asId<AgentId>(`agent-${n}`), displayName: `Agent ${n}` });
    const day = `fromMs=${FROM_MS}&toMs=${FROM_MS + 24 * HOUR_MS}`;
    const ask = (query: string): Promise<Response> => api.getAs(sue, `/api/v1/reports/agents?${day}${query}`);
    const refused = await ask(`&intervalMs=${HOUR_MS}`);
    expect(refused.status).toBe(400);
    const { code, message } = (await refused.json()) as { code: string; message: string };
    expect(code).toBe('bad_input');
    expect(message).toContain('ask for one agentId');
    expect((await ask(`&intervalMs=${HOUR_MS}&agentId=${ANNA}`)).status).toBe(200);
    expect((await ask(`&intervalMs=${3 * HOUR_MS}`)).status).toBe(200);
    expect((await ask('')).status).toBe(200);
  });

  it.each([
    ['no time at all', 'fromMs=5&toMs=5', 'toMs'],
    ['more than 92 days', `fromMs=0&toMs=${93 * 24 * HOUR_MS}`, 'toMs'],
    ['more intervals than anybody reads', `fromMs=0&toMs=${24 * HOUR_MS}&intervalMs=60000`, 'intervalMs'],
  ])('is refused for %s', async (_what, query, path) => {
    const refused = await api.getAs(sue, `/api/v1/reports/agents?${query}`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ fields: [{ path }] });
  });
});
