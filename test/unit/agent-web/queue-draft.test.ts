import { calendarBodySchema } from '../../../api/contract/calendars';
import { queueBodySchema } from '../../../api/contract/queues';
import type { QueueSettingsView } from '../../../api/contract/queues';
import * as agents from '../../../agent-web/src/queues/agent-draft';
import * as calendars from '../../../agent-web/src/queues/calendar-draft';
import { NEW_QUEUE, WEIGHTS, bodyOf, draftOf, faultsOf, fieldOfPath } from '../../../agent-web/src/queues/queue-draft';
import { DEFAULT_WEIGHTS } from '../../../acd/core/scores/table';

const full: QueueSettingsView = {
  id: 'vip',
  ...queueBodySchema.parse({
    ...{ name: 'VIP', nameZh: '贵宾', skills: { vip: 7 }, offerTimeoutMs: 15_000, wrapUpMs: 30_000, priority: 2 },
    ...{ strategy: 'ring-several', ringAtOnce: 3, weights: { waiting: 2, tier: 45_000 }, preferredAgentMs: 20_000 },
    rings: [{ afterMs: 30_000, skills: { vip: 3 } }],
    serviceLevel: { targetMs: 10_000, percent: 90 },
    overflow: [
      { when: { kind: 'closed' }, to: { kind: 'flow', target: 'evening' }, announcement: 'closed-today' },
      { when: { kind: 'length', most: 20 }, to: { kind: 'queue', queueId: 'support' } },
      { when: { kind: 'expected-wait', mostMs: 600_000 }, to: { kind: 'callback' } },
      { when: { kind: 'waited', afterMs: 900_000 }, to: { kind: 'end' } },
    ],
    callback: { maxAttempts: 2, retryMs: 300_000 },
    ...{ calendarId: 'day', callbackCalendarId: 'callable', tenant: 'acme' },
    waiting: {
      ...{ music: 'jazz', reconnectMs: 60_000, announce: { tell: 'both', everyMs: 45_000 } },
      callback: { key: '1', afterMs: 30_000, afterCallers: 5, number: 'typed', validMs: 7_200_000 },
    },
    version: 4,
  }),
};

describe("a queue's form", () => {
  it('gives back everything that is set', () => {
    const { id: _id, ...body } = full;
    expect(queueBodySchema.parse(bodyOf(draftOf(full), full))).toEqual(body);
  });

  it('sends of a new queue what the API takes, without what its strategy makes meaningless', () => {
    const body = bodyOf({ ...NEW_QUEUE, id: 'new', name: ' New ', agentOrder: ['ann'] }, undefined);
    expect(queueBodySchema.parse(body)).toMatchObject({ name: 'New', offerTimeoutMs: 20_000, skills: {} });
    expect(body).not.toHaveProperty('id');
    expect([body.agentOrder, body.ringAtOnce, body.strategy]).toEqual([undefined, undefined, undefined]);
  });

  it('leaves out rows without a skill, and weights that were emptied', () => {
    const body = bodyOf(
      { ...NEW_QUEUE, skills: [{ level: 3 }, { skill: 'x', level: null }], weights: { tier: null } },
      full,
    );
    expect([body.skills, body.weights]).toEqual([{ x: 1 }, undefined]);
  });

  it('keeps what it does not show', () => {
    const before = { ...full, alarms: { longestWaitMs: 1 } } as QueueSettingsView;
    expect(bodyOf(draftOf(before), before)).toMatchObject({ alarms: { longestWaitMs: 1 }, version: 4 });
  });

  it('wants an id of its own and a name', () => {
    expect(faultsOf({ ...NEW_QUEUE, id: 'VIP' }, [])).toEqual({ id: 'id', name: 'name' });
    expect(faultsOf({ ...NEW_QUEUE, id: 'vip', name: 'V' }, ['vip'])).toEqual({ id: 'idTaken' });
    expect(faultsOf({ ...NEW_QUEUE, id: 'vip', name: 'V' }, ['sales'])).toEqual({});
  });

  it.each([
    ['rings.1.skills', ['rings', 1, 'skills']],
    ['rings.0.afterMs', ['rings', 0, 'afterS']],
    ['overflow.2', ['overflow', 2, 'when']],
    ['overflow', ['overflow']],
    ['weights.tier', ['weights', 'tier']],
    ['offerTimeoutMs', ['offerTimeoutS']],
    ['charm', undefined],
  ])('shows a fault at %s', (path, field) => {
    expect(fieldOfPath(path)).toEqual(field);
  });

  it('says the weights that the ACD takes', () => {
    const taken = WEIGHTS.map(([score, usual]) => [
      score,
      score === 'waiting' || score === 'idle' ? usual : usual * 1000,
    ]);
    expect(Object.fromEntries(taken)).toEqual(DEFAULT_WEIGHTS);
  });
});

describe("a calendar's form", () => {
  const view = {
    id: 'day',
    ...calendarBodySchema.parse({
      ...{ name: 'Day', timeZone: 'Asia/Shanghai', weekly: [{ days: [1, 2], from: '08:30', to: '24:00' }] },
      exceptions: [
        { date: '2026-10-01', name: '国庆' },
        { date: '2026-10-02', hours: [{ from: '09:00', to: '12:00' }] },
      ],
      version: 2,
    }),
  };

  it('gives back everything that is set', () => {
    const { id: _id, ...body } = view;
    expect(calendarBodySchema.parse(calendars.bodyOf(calendars.draftOf(view), 2))).toEqual(body);
  });

  it('reads hours as people write them', () => {
    const draft = calendars.newCalendar('UTC');
    const { exceptions } = calendars.bodyOf(
      { ...draft, exceptions: [{ date: '2026-10-01', hours: '9:00-12:00， 13：30至17:00' }] },
      undefined,
    );
    expect(exceptions[0]?.hours).toEqual([
      { from: '09:00', to: '12:00' },
      { from: '13:30', to: '17:00' },
    ]);
  });

  it('says at which field something is wrong', () => {
    const draft = { ...calendars.draftOf(view), id: 'X', name: '', weekly: [{ days: [], from: '8:30', to: '25:00' }] };
    const faults = calendars.faultsOf({ ...draft, exceptions: [{ hours: 'noon' }] }, []);
    expect(faults.map(({ path, kind }) => `${path.join('.')} ${kind}`).sort()).toEqual([
      'exceptions.0.date date',
      'exceptions.0.hours time',
      'exceptions.0.hours time',
      'id id',
      'name name',
      'weekly.0.days days',
      'weekly.0.to time',
    ]);
    expect(calendars.faultsOf(calendars.draftOf(view), ['day'])).toEqual([{ path: ['id'], kind: 'idTaken' }]);
  });
});

describe("an agent's form", () => {
  const agent = {
    ...{ agentId: 'ann', displayName: 'Ann', extension: '1001', version: 3, mainSkill: 'vip', site: 'berlin' },
    ...{ skills: { vip: 7, support: 3 }, grade: 2, teams: ['day'], tenant: 'acme', capacity: { voice: 1, chat: 2 } },
    interrupts: { voice: ['mail' as const], chat: ['task' as const] },
  };
  const { agentId: _id, displayName: _name, extension: _extension, ...body } = agent;

  it('gives back everything that is set', () => {
    expect(agents.bodyOf(agents.draftOf(agent), agent)).toEqual(body);
  });

  it('changes one level of the table, and takes a skill back with its being the main one', () => {
    expect(agents.profileOf(agent, { support: 9 })).toEqual({ ...body, skills: { vip: 7, support: 9 } });
    expect(agents.profileOf(agent, { vip: 0 })).toEqual({ ...body, skills: { support: 3 }, mainSkill: undefined });
  });

  it('shows the main skill that the ACD takes', () => {
    expect(agents.mainSkillOf(agent)).toBe('vip');
    expect(agents.mainSkillOf({ skills: { b: 5, a: 5, c: 1 } })).toBe('a');
    expect(agents.mainSkillOf({ skills: {} })).toBeUndefined();
  });
});
