/** Alarms of trunks: told when a fault begins and when it is over, not each time that somebody runs into it. */
import type { NewAlarm } from '../../../../base/alarms';
import { SimulatedClock } from '../../../../base/clock';
import { TypedEmitter } from '../../../../base/emitter';
import { silentLogger } from '../../../../base/log';
import { TrunkAlarms } from '../../../../signaling/trunks/trunk-alarms';
import type { TrunkEvents, TrunkState } from '../../../../signaling/trunks/trunk-events';

const REFUSED = { key: 'response', values: { status: 503, reason: 'Out of order' } } as const;
const FORBIDDEN = { key: 'response', values: { status: 403, reason: 'Forbidden' } } as const;

const setUp = () => {
  const clock = new SimulatedClock();
  const events = new TypedEmitter<TrunkEvents>(silentLogger());
  const raised: NewAlarm[] = [];
  const gone = new Set<string>();
  new TrunkAlarms(events, {
    clock,
    alarms: { raise: (alarm) => void raised.push(alarm) },
    exists: (id) => !gone.has(id),
  });
  const become = (to: TrunkState, trunkId = 'carrier'): void =>
    events.emit('state', { trunkId, from: 'unknown', to, cause: REFUSED, atMs: clock.nowMs() });
  const refuse = (direction: 'inbound' | 'outbound', limit = 'calls'): void =>
    events.emit('limited', { trunkId: 'carrier', direction, limit, atMs: clock.nowMs() });
  return { clock, events, raised, gone, become, refuse, kinds: () => raised.map(({ kind }) => kind) };
};

it('a trunk that comes up for the first time is no news', () => {
  const { become, raised } = setUp();
  for (const state of ['unknown', 'up', 'inbound-only'] as const) become(state);
  expect(raised).toEqual([]);
});

it('down, degraded and up are told once each, with why', () => {
  const { become, raised } = setUp();
  for (const state of ['down', 'unknown', 'down', 'degraded', 'up', 'up', 'down', 'up'] as const) become(state);
  expect(raised.map(({ kind, severity }) => [kind, severity])).toEqual([
    ['trunk-down', 'critical'],
    ['trunk-degraded', 'warning'],
    ['trunk-up', 'info'],
    ['trunk-down', 'critical'],
    ['trunk-up', 'info'],
  ]);
  expect(raised[4]).not.toHaveProperty('cause');
  expect(raised[0]).toMatchObject({
    message: 'the trunk carrier is down: 503 Out of order',
    details: { trunkId: 'carrier', why: '503 Out of order' },
    cause: REFUSED,
  });
});

it('a trunk that was switched off and on again is up again; one that was removed begins without a fault', () => {
  const { become, gone, kinds } = setUp();
  for (const state of ['down', 'admin-down', 'up'] as const) become(state);
  expect(kinds()).toEqual(['trunk-down', 'trunk-up']);
  become('down');
  gone.add('carrier');
  become('up', 'other');
  become('down');
  expect(kinds()).toEqual(['trunk-down', 'trunk-up', 'trunk-down', 'trunk-down']);
});

it('a registration that fails again and again is told once, and when it is made good', () => {
  const { clock, events, raised } = setUp();
  const register = (state: TrunkEvents['registration'][0]['state']): void =>
    events.emit('registration', { trunkId: 'carrier', state, atMs: clock.nowMs() });
  const waiting = (failures: number) =>
    ({ name: 'waiting', cause: FORBIDDEN, failures, retryAtMs: 7, registeredUntilMs: undefined }) as const;
  register({ name: 'registering', registeredUntilMs: undefined });
  register(waiting(1));
  register({ name: 'registering', registeredUntilMs: undefined });
  register(waiting(2));
  register({ name: 'registered', registeredUntilMs: 9, refreshAtMs: 8 });
  register({ name: 'registered', registeredUntilMs: 9, refreshAtMs: 8 });
  expect(raised).toEqual([
    {
      kind: 'trunk-registration-failed',
      severity: 'warning',
      message: 'the trunk carrier could not register with its carrier: 403 Forbidden',
      details: { trunkId: 'carrier', why: '403 Forbidden', retryAtMs: 7 },
      cause: FORBIDDEN,
    },
    expect.objectContaining({ kind: 'trunk-registered', severity: 'info' }),
  ]);
});

it('a limit is told at most every ten minutes, for each direction', () => {
  const { clock, raised, refuse } = setUp();
  for (let call = 0; call < 100; call += 1) refuse('inbound');
  refuse('outbound');
  clock.advance(599_999);
  refuse('inbound');
  expect(raised.map(({ details }) => details.direction)).toEqual(['inbound', 'outbound']);
  clock.advance(1);
  refuse('inbound');
  expect(raised).toHaveLength(3);
  expect(raised[2]).toMatchObject({ kind: 'trunk-limit-reached', details: { limit: 'calls' } });
});
