/** Which trunks carry a number, in which order, and why. */
import { RouteTable } from '../../../../signaling/trunks/route-table';
import type { RouteSettings } from '../../../../signaling/trunks/settings';
import { compileWindow } from '../../../../signaling/trunks/time-window';

const TRUNKS = ['a', 'b', 'c'];
const compile = (routes: RouteSettings[]) => RouteTable.compile(routes, (id) => TRUNKS.includes(id));
const tableOf = (...routes: RouteSettings[]): RouteTable => {
  const table = compile(routes);
  if (!table.ok) throw new Error(table.fault.message);
  return table.value;
};
const route = (routeId: string, more: Partial<RouteSettings> = {}): RouteSettings => ({
  routeId,
  name: routeId,
  trunks: [{ trunkId: 'a' }],
  ...more,
});
/** A Wednesday. */
const NOON_MS = Date.UTC(2026, 6, 1, 12, 0);
const trunksOf = (table: RouteTable, number: string, nowMs = NOON_MS): string[] =>
  table.plan(number, nowMs).choices.map(({ trunkId }) => trunkId);

describe('the route table', () => {
  it('prefers priority, then the longest prefix, then the lowest cost', () => {
    const table = tableOf(
      route('world', { trunks: [{ trunkId: 'c', costPerMinute: 0.01 }] }),
      route('germany', {
        prefixes: ['+49'],
        trunks: [
          { trunkId: 'a', costPerMinute: 0.05 },
          { trunkId: 'b', costPerMinute: 0.02 },
        ],
      }),
      route('mobile', { prefixes: ['+4915', '+4916', '+4917'], trunks: [{ trunkId: 'a', costPerMinute: 0.2 }] }),
      route('emergency', { pattern: '^1(10|12)$', priority: 1, trunks: [{ trunkId: 'b' }] }),
    );
    expect(trunksOf(table, '+4930555')).toEqual(['b', 'a', 'c']);
    expect(trunksOf(table, '+491715555')).toEqual(['a', 'b', 'c']);
    expect(trunksOf(table, '+33155')).toEqual(['c']);
    expect(trunksOf(table, '112')).toEqual(['b', 'c']);
    expect(table.plan('+4930555', NOON_MS).choices[0]).toEqual({
      trunkId: 'b',
      routeId: 'germany',
      costPerMinute: 0.02,
    });
  });

  it('says of every route why', () => {
    const table = tableOf(
      route('germany', { prefixes: ['+49', '+4930'] }),
      route('night', { times: [{ from: '20:00', to: '06:00' }] }),
      route('off', { enabled: false }),
      route('even', { pattern: '[02468]$' }),
      route('every'),
    );
    expect(table.plan('+49305', NOON_MS).verdicts).toEqual([
      { routeId: 'germany', chosen: true, reason: 'prefix +4930' },
      { routeId: 'night', chosen: false, reason: 'outside its hours' },
      { routeId: 'off', chosen: false, reason: 'switched off' },
      { routeId: 'even', chosen: false, reason: 'the number does not match its pattern' },
      { routeId: 'every', chosen: true, reason: 'every number' },
    ]);
  });

  it.each([
    [[route('r', { trunks: [{ trunkId: 'x' }] })], /route r: there is no trunk "x"/],
    [[route('r', { trunks: [] })], /route r: it leads to no trunk/],
    [[route('r'), route('r')], /route r: the id is used twice/],
    [[route('r', { pattern: '(' })], /route r: the pattern/],
    [[route('r', { times: [{ from: '25:00', to: '26:00' }] })], /route r: "25:00" is no time of day/],
    [[route('r', { times: [{ from: '01:00', to: '02:00', timeZone: 'Mars/Base' }] })], /Mars\/Base/],
  ])('refuses what cannot be used', (routes, message) => {
    const compiled = compile(routes);
    expect(compiled.ok ? '' : compiled.fault.message).toMatch(message);
  });
});

describe('hours', () => {
  const within = (window: Parameters<typeof compileWindow>[0], day: number, hour: number, minute = 0): boolean => {
    const compiled = compileWindow(window);
    if (!compiled.ok) throw new Error(compiled.fault.message);
    return compiled.value(Date.UTC(2026, 6, day, hour, minute));
  };

  it('begin inclusive and end exclusive', () => {
    const office = { from: '08:30', to: '17:00' };
    expect([
      within(office, 1, 8, 29),
      within(office, 1, 8, 30),
      within(office, 1, 16, 59),
      within(office, 1, 17),
    ]).toEqual([false, true, true, false]);
    expect(within({ from: '00:00', to: '24:00' }, 1, 23, 59)).toBe(true);
  });

  it('keep to days, and to the zone’s own time', () => {
    const shanghai = { days: ['thu'] as const, from: '00:00', to: '01:00', timeZone: 'Asia/Shanghai' };
    expect(within(shanghai, 1, 16, 30)).toBe(true);
    expect(within(shanghai, 2, 0, 30)).toBe(false);
  });

  it('over midnight belong to the day on which they begin', () => {
    const night = { days: ['wed'] as const, from: '22:00', to: '06:00' };
    expect([within(night, 1, 23), within(night, 2, 5), within(night, 1, 5), within(night, 2, 23)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
