import { SwitchroomError } from '../../../base/errors';
import { asId } from '../../../base/ids';
import type { AgentId, FlowId, QueueId } from '../../../base/ids';
import type { Result } from '../../../base/result';
import { agentProfileBodySchema, queueBodySchema } from '../../../api/contract/queues';
import type { AgentProfileBody, QueueBody } from '../../../api/contract/queues';
import { calendarBodySchema } from '../../../api/contract/calendars';
import { acdSettingsWorld } from '../../support/api/acd-settings-ports';
import type { AcdSettingsWorld } from '../../support/api/acd-settings-ports';

const SUPPORT = asId<QueueId>('support');
const ANN = asId<AgentId>('ann');

let world: AcdSettingsWorld;
beforeEach(async () => {
  world = await acdSettingsWorld();
});
afterEach(() => world.close());

const queueBody = (change: Partial<QueueBody> = {}): QueueBody => ({
  ...queueBodySchema.parse({ name: 'Support', skills: { support: 1 } }),
  ...change,
});

const putQueue = (change: Partial<QueueBody>, id = 'support'): Promise<Result<void>> =>
  world.ports.queues.put(id, queueBody(change));

const putAnn = (change: Partial<AgentProfileBody>) =>
  world.ports.agents.put(ANN, { ...agentProfileBodySchema.parse({ skills: { support: 5 } }), ...change });

const aboutOf = (result: Result<unknown>): unknown => (result.ok ? 'accepted' : result.fault.about);

const skill = (id: string): Promise<Result<void>> => world.ports.skills.put(id, { name: id });

describe('queues', () => {
  it('count for the ACD, the directory and flows from the moment they are saved', async () => {
    await skill('english');
    const rings = [{ afterMs: 30_000, skills: { english: 3 } }];
    expect(
      await putQueue({ name: 'VIP', skills: { english: 7 }, strategy: 'most-skilled', rings }, 'vip'),
    ).toMatchObject({
      ok: true,
    });
    const queueId = asId<QueueId>('vip');
    expect(world.acd.state.queues.get(queueId)).toMatchObject({ strategy: 'most-skilled', rings, open: true });
    expect(world.model.directoryQueues.map(({ name }) => name)).toEqual(['Support', 'VIP']);
    await putQueue({ name: 'VIP', skills: {} }, 'vip');
    expect(world.acd.state.queues.get(queueId)).toMatchObject({ strategy: undefined, rings: undefined, skills: {} });
    expect(await world.queues.get(queueId)).toMatchObject({ version: 2 });
  });

  it('give the ACD nothing that is none of its business', async () => {
    await world.ports.calendars.put('day', calendarBodySchema.parse({ name: 'Day', timeZone: 'UTC' }));
    await putQueue({ calendarId: 'day' });
    expect(Object.keys(world.acd.state.queues.get(SUPPORT) ?? {})).not.toContain('calendarId');
  });

  it.each<[string, Partial<QueueBody>, object]>([
    [
      'an unknown strategy',
      { strategy: 'best' },
      { key: 'acd-strategy-unknown', values: { strategy: 'best', path: 'strategy' } },
    ],
    [
      'a skill that is not there',
      { skills: { latin: 1 } },
      { key: 'unknown-skill', values: { name: 'latin', path: 'skills' } },
    ],
    [
      'a ring that asks for more',
      { rings: [{ afterMs: 5, skills: { support: 2 } }] },
      { key: 'acd-ring-asks-more', values: { ring: '1', skill: 'support', path: 'rings.0.skills' } },
    ],
    [
      'hours that are not there',
      { calendarId: 'none' },
      { key: 'unknown-calendar', values: { name: 'none', path: 'calendarId' } },
    ],
    [
      'overflow to a flow that is not there',
      { overflow: [{ when: { kind: 'closed' }, to: { kind: 'flow', target: 'none' } }] },
      { key: 'unknown-flow', values: { name: 'none', path: 'overflow.0' } },
    ],
    [
      'overflow to itself',
      { overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: 'support' } }] },
      { key: 'acd-overflow-in-circle', values: { queue: 'support', path: 'overflow' } },
    ],
    ['an order of strangers', { strategy: 'linear', agentOrder: ['zoe'] }, { key: 'acd-order-of-unknown' }],
  ])('are refused with the field and the reason: %s', async (_name, change, about) => {
    const refused = await putQueue(change);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'bad_input', about } });
    expect(world.acd.state.queues.get(SUPPORT)).toMatchObject({ strategy: undefined, skills: { support: 1 } });
    expect(await world.queues.get(SUPPORT)).not.toHaveProperty('version');
  });

  it('are not changed by somebody who has read an older version', async () => {
    expect(await putQueue({ version: 0, name: 'One' })).toMatchObject({ ok: true });
    const second = await putQueue({ version: 0, name: 'Two' });
    expect(second).toMatchObject({ ok: false, fault: { code: 'conflict', about: { key: 'changed-meanwhile' } } });
    expect(world.model.queue(SUPPORT)).toMatchObject({ name: 'One', version: 1 });
  });

  it('stay while a flow, a queue, an extension or a policy names them, or a contact is in them', async () => {
    const { queues } = world.ports;
    const mayRemove = (id: string): unknown => {
      const may = queues.mayRemove?.(id);
      return may && aboutOf(may);
    };
    await putQueue({ overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: 'sales' } }] }).catch(
      () => undefined,
    );
    await putQueue({ name: 'Sales' }, 'sales');
    await putQueue({ overflow: [{ when: { kind: 'closed' }, to: { kind: 'queue', queueId: 'sales' } }] });
    expect(mayRemove('sales')).toEqual({ key: 'used-by-queue', values: { name: 'sales', by: 'support' } });
    expect(mayRemove('held')).toEqual({ key: 'used-by-policy', values: { name: 'held', by: 'vip' } });
    expect(mayRemove('support')).toBe('accepted');
    const flow = { id: 'main', steps: { wait: { do: 'enqueue', queue: 'support' } } } as unknown as never;
    world.flows.set(asId<FlowId>('main'), flow);
    expect(mayRemove('support')).toEqual({ key: 'used-by-flow', values: { name: 'support', by: 'main' } });
    world.acd.dispatch({ type: 'contact-arrived', contactId: asId('c'), queueId: SUPPORT, priority: 0 });
    await expect(queues.remove('support')).rejects.toMatchObject({ code: 'conflict' });
    world.acd.dispatch({ type: 'contact-left', contactId: asId('c') });
    expect(await queues.remove('support')).toBe(true);
    expect(await queues.remove('support')).toBe(false);
    expect(world.acd.state.queues.has(SUPPORT)).toBe(false);
    expect(await world.queues.get(SUPPORT)).toBeUndefined();
  });
});

describe('hours', () => {
  const shop = (to: string) =>
    calendarBodySchema.parse({
      ...{ name: 'Shop', timeZone: 'Asia/Shanghai' },
      weekly: [{ days: [1, 2, 3, 4, 5], from: '08:00', to }],
    });
  const isOpen = (): boolean | undefined => world.acd.state.queues.get(SUPPORT)?.open;

  it('open and close a queue at the minute, and at once when they change', async () => {
    await world.ports.calendars.put('shop', shop('18:00'));
    await putQueue({ calendarId: 'shop' });
    expect(isOpen()).toBe(true);
    world.clock.advance(9 * 3_600_000 - 1);
    expect(isOpen()).toBe(true);
    world.clock.advance(1);
    expect(isOpen()).toBe(false);
    await world.ports.calendars.put('shop', shop('20:00'));
    expect(isOpen()).toBe(true);
    await world.ports.calendars.put('shop', shop('17:00'));
    expect(isOpen()).toBe(false);
    await putQueue({});
    expect(isOpen()).toBe(true);
    expect(world.ports.calendars.mayRemove?.('shop')).toMatchObject({ ok: true });
  });

  it('stay while a queue has them', async () => {
    await world.ports.calendars.put('shop', shop('18:00'));
    await putQueue({ calendarId: 'shop' });
    expect(world.ports.calendars.mayRemove?.('shop')).toMatchObject({
      fault: { about: { key: 'used-by-queue', values: { by: 'support' } } },
    });
  });

  it('say when customers may be called back, counting at once, and stay while a queue has them for that', async () => {
    const hours = () => world.acd.state.queues.get(SUPPORT)?.callbackHours;
    expect(await putQueue({ callbackCalendarId: 'shop' })).toMatchObject({
      fault: { about: { key: 'unknown-calendar', values: { name: 'shop', path: 'callbackCalendarId' } } },
    });
    await world.ports.calendars.put('shop', shop('18:00'));
    await putQueue({ callbackCalendarId: 'shop' });
    expect(isOpen()).toBe(true);
    expect(hours()?.[0]).toEqual([Date.parse('2026-11-23T08:00:00+08:00'), Date.parse('2026-11-23T18:00:00+08:00')]);
    await world.ports.calendars.put('shop', shop('20:00'));
    expect(hours()?.[0]?.[1]).toBe(Date.parse('2026-11-23T20:00:00+08:00'));
    world.clock.advance(5 * 86_400_000);
    expect(hours()?.at(-1)?.[0]).toBe(Date.parse('2026-12-04T08:00:00+08:00'));
    expect(world.ports.calendars.mayRemove?.('shop')).toMatchObject({ fault: { about: { key: 'used-by-queue' } } });
    await putQueue({});
    expect(hours()).toBeUndefined();
    expect(world.ports.calendars.mayRemove?.('shop')).toMatchObject({ ok: true });
  });

  it.each([
    ['no such zone', { timeZone: 'Mars/Olympus' }],
    ['25 hours', { weekly: [{ days: [1], from: '08:00', to: '25:00' }] }],
    ['an eighth day', { weekly: [{ days: [8], from: '08:00', to: '09:00' }] }],
    ['a thirtieth of February', { exceptions: [{ date: '2027-02-30' }] }],
    ['a date twice', { exceptions: [{ date: '2027-02-03' }, { date: '2027-02-03' }] }],
  ])('are refused: %s', (_name, change) => {
    expect(calendarBodySchema.safeParse({ name: 'Shop', timeZone: 'UTC', ...change }).success).toBe(false);
  });
});

describe('agents', () => {
  it('are told to the ACD with everything that is set, and a level of 0 is no skill', async () => {
    await skill('english');
    await world.ports.teams.put('blue', { name: 'Blue' });
    const saved = await putAnn({
      skills: { support: 0, english: 9 },
      ...{ mainSkill: 'english', grade: 3, teams: ['blue'], site: 'berlin' },
      ...{ capacity: { voice: 1, chat: 2 }, interrupts: { voice: ['mail'] } },
    });
    expect(saved).toMatchObject({ ok: true, value: { version: 1, skills: { english: 9 }, extension: '1001' } });
    expect(world.acd.state.agents.get(ANN)).toMatchObject({
      ...{ skills: { english: 9 }, mainSkill: 'english', grade: 3, site: 'berlin', capacity: { voice: 1, chat: 2 } },
    });
    expect(world.users.get(asId('user-ann'))?.agent).toMatchObject({ teams: ['blue'], version: 1 });
    expect(world.ports.teams.mayRemove?.('blue')).toMatchObject({ fault: { about: { key: 'used-by-agent' } } });
    expect(world.ports.skills.mayRemove?.('support')).toMatchObject({ fault: { about: { key: 'used-by-queue' } } });
  });

  it.each<[string, Partial<AgentProfileBody>, string]>([
    ['two calls at once', { capacity: { voice: 2 } }, 'acd-capacity-of-voice'],
    ['a main skill that is none', { mainSkill: 'charm' }, 'acd-main-skill'],
    ['a skill that is not there', { skills: { charm: 3 } }, 'unknown-skill'],
    ['a team that is not there', { teams: ['red'] }, 'unknown-team'],
    ['a site that is not there', { site: 'mars' }, 'unknown-site'],
    ['another version', { version: 7 }, 'changed-meanwhile'],
  ])('are refused: %s', async (_name, change, key) => {
    expect(aboutOf(await putAnn(change))).toMatchObject({ key });
    expect(world.acd.state.agents.get(ANN)).toMatchObject({ skills: { support: 5 } });
  });

  it('must be there', async () => {
    const profile = agentProfileBodySchema.parse({ skills: {} });
    expect(await world.ports.agents.put(asId('zoe'), profile)).toMatchObject({ fault: { code: 'not_found' } });
  });
});

describe('tenants', () => {
  beforeEach(async () => {
    expect(await world.ports.tenants.put('acme', { name: 'Acme', supervisors: ['sue'] })).toMatchObject({ ok: true });
  });

  it('are set for queues and agents, counting at once, and stay while they have any', async () => {
    await putQueue({ tenant: 'acme' });
    expect(world.acd.state.queues.get(SUPPORT)?.tenant).toBe('acme');
    expect(world.ports.tenants.mayRemove?.('acme')).toMatchObject({ fault: { about: { key: 'used-by-queue' } } });
    await putQueue({ tenant: 'main' });
    expect(await putAnn({ tenant: 'acme' })).toMatchObject({ ok: true, value: { tenant: 'acme' } });
    expect(world.acd.state.agents.get(ANN)?.tenant).toBe('acme');
    expect(world.ports.tenants.mayRemove?.('acme')).toMatchObject({ fault: { about: { key: 'used-by-agent' } } });
    await putAnn({});
    expect(world.ports.tenants.mayRemove?.('acme')).toMatchObject({ ok: true });
  });

  it('must be there, of queues, agents and what they name', async () => {
    expect(await putQueue({ tenant: 'nobody' })).toMatchObject({ fault: { about: { key: 'unknown-tenant' } } });
    expect(aboutOf(await putAnn({ tenant: 'nobody' }))).toMatchObject({ key: 'unknown-tenant' });
    await putAnn({ tenant: 'acme' });
    expect(await putQueue({ strategy: 'linear', agentOrder: [ANN] })).toMatchObject({
      fault: { about: { key: 'acd-order-of-other-tenant' } },
    });
  });

  it('change only when no contact is left, and what is refused is not kept', async () => {
    world.acd.dispatch({ type: 'contact-arrived', contactId: asId('c'), queueId: SUPPORT, priority: 0 });
    const { tenant } = (await world.queues.get(SUPPORT)) ?? {};
    expect(await putQueue({ tenant: 'acme' })).toMatchObject({ fault: { code: 'conflict' } });
    expect((await world.queues.get(SUPPORT))?.tenant).toBe(tenant);
    world.acd.dispatch({ type: 'contact-left', contactId: asId('c') });
    world.acd.dispatch({ type: 'agent-signed-in', agentId: ANN });
    world.acd.dispatch({ type: 'contact-begun', contactId: asId('d'), agentId: ANN });
    expect(await putAnn({ tenant: 'acme' })).toMatchObject({ fault: { code: 'conflict' } });
    expect(world.users.get(asId('user-ann'))?.agent?.tenant).toBeUndefined();
  });

  it('have supervisors who belong to one alone', async () => {
    expect(await world.ports.tenants.put('other', { name: 'Other', supervisors: ['sue'] })).toMatchObject({
      fault: { about: { key: 'supervisor-of-other-tenant', values: { name: 'sue', tenant: 'acme' } } },
    });
    expect(await world.ports.tenants.put('acme', { name: 'Acme & Co', supervisors: ['sue'] })).toMatchObject({
      ok: true,
    });
  });

  it('know their supervisors in whatever letters they are typed', async () => {
    expect(await world.ports.tenants.put('other', { name: 'Other', supervisors: ['ＳＵＥ'] })).toMatchObject({
      fault: { about: { key: 'supervisor-of-other-tenant', values: { name: 'sue', tenant: 'acme' } } },
    });
    await world.ports.tenants.put('other', { name: 'Other', supervisors: ['Tom', 'tom'] });
    expect((await world.ports.tenants.list()).map(({ value }) => value.supervisors)).toEqual([['sue'], ['tom']]);
    expect(world.ports.viewOf({ userName: 'tom', roles: ['supervisor'] })).toMatchObject({ tenant: 'other' });
  });

  it('have no supervisors who are no users', async () => {
    expect(await world.ports.tenants.put('acme', { name: 'Acme', supervisors: ['sue', 'seu'] })).toMatchObject({
      fault: { code: 'bad_input', about: { key: 'unknown-user', values: { name: 'seu', path: 'supervisors' } } },
    });
    expect(world.ports.viewOf({ userName: 'sue', roles: ['supervisor'] })).toMatchObject({ tenant: 'acme' });
  });

  it('do not get the same supervisor at the same time', async () => {
    const put = (id: string) => world.ports.tenants.put(id, { name: id, supervisors: ['tom'] });
    const [first, second] = await Promise.all([put('first'), put('second')]);
    expect([first, second]).toMatchObject([{ ok: true }, { fault: { code: 'conflict' } }]);
  });
});

describe('what the store does not keep', () => {
  const unavailable = (): Promise<never> => Promise.reject(new SwitchroomError('unavailable', 'away'));

  it('does not hold for the ACD either, of a queue', async () => {
    world.queues.save = unavailable;
    await expect(putQueue({ wrapUpMs: 7_000 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.acd.state.queues.get(SUPPORT)?.wrapUpMs).toBe(0);
    await expect(putQueue({ name: 'New' }, 'new')).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.acd.state.queues.has(asId('new'))).toBe(false);
    world.queues.remove = unavailable;
    await expect(world.ports.queues.remove('support')).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.acd.state.queues.has(SUPPORT)).toBe(true);
    expect(world.complaints).toEqual([]);
  });

  it('does not hold for the ACD either, of an agent who is gone', async () => {
    world.users.delete(asId('user-ann'));
    expect(await putAnn({ skills: { support: 9 } })).toMatchObject({ fault: { code: 'not_found' } });
    expect(world.acd.state.agents.get(ANN)?.skills).toEqual({ support: 5 });
    expect(world.complaints).toEqual([]);
  });

  it('is an error in the log where the ACD does not take it back', async () => {
    await world.ports.tenants.put('acme', { name: 'Acme' });
    world.queues.save = () => {
      world.acd.dispatch({ type: 'contact-arrived', contactId: asId('c'), queueId: SUPPORT, priority: 0 });
      return unavailable();
    };
    await expect(putQueue({ tenant: 'acme' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.acd.state.queues.get(SUPPORT)?.tenant).toBe('acme');
    expect(world.complaints).toHaveLength(1);
    expect(world.complaints[0]?.said).toContain('until the next start');
  });

  it('takes back nothing that was set after it', async () => {
    const keep = world.queues.save.bind(world.queues);
    let fails = (): void => undefined;
    world.queues.save = () => new Promise((_resolve, reject) => (fails = () => reject(new Error('away'))));
    const first = putQueue({ wrapUpMs: 1_000 });
    const refused = expect(first).rejects.toThrow('away');
    const second = putQueue({ wrapUpMs: 2_000 });
    await new Promise(setImmediate);
    world.queues.save = keep;
    fails();
    await refused;
    expect(await second).toMatchObject({ ok: true });
    expect(world.acd.state.queues.get(SUPPORT)?.wrapUpMs).toBe(2_000);
    expect((await world.queues.get(SUPPORT))?.wrapUpMs).toBe(2_000);
  });
});

it('skills that queues and agents had before there was a list of them stand in it', async () => {
  expect(await world.ports.skills.list()).toEqual([{ id: 'support', value: { name: 'support' } }]);
});

it('nothing is left of it when it is closed', async () => {
  await world.ports.calendars.put('day', calendarBodySchema.parse({ name: 'Day', timeZone: 'UTC' }));
  world.close();
  world.close();
  expect(world.clock.pendingTimers).toBe(0);
});
