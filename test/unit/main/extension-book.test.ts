import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import type { DeskAgent } from '../../../calls/ports';
import type { ExtensionCall } from '../../../signaling/subscriptions/extension-state';
import { createExtensionBook } from '../../../main/extension-book';

const agent = (extension: string, state: DeskAgent['state'], deviceRegistered = true): DeskAgent => ({
  agentId: asId<AgentId>(`agent-${extension}`),
  displayName: `Agent ${extension}`,
  extension,
  state,
  sinceMs: 0,
  deviceRegistered,
  station: { kind: 'browser' },
  stations: ['browser'],
});

const phone = (extension: string, displayNameZh?: string) => ({
  extension,
  displayName: `Phone ${extension}`,
  displayNameZh,
  mayCallOutside: false,
});

const inCall = (state: ExtensionCall['state']): ExtensionCall[] => [
  { id: 'c', direction: 'recipient', state, remote: { number: '1' } },
];

interface World {
  readonly agents?: DeskAgent[];
  readonly phones?: ReturnType<typeof phone>[];
  readonly registered?: string[];
  readonly calls?: Record<string, ExtensionCall[]>;
}

const listOf = ({ agents = [], phones = [], registered = [], calls = {} }: World) =>
  createExtensionBook({
    center: { desks: { agents: () => agents }, extensionCalls: () => new Map(Object.entries(calls)) },
    directory: { phones: () => phones },
    registrar: { isRegistered: (userName) => registered.includes(userName) },
  }).list();

it.each([
  ['ready', 'free'],
  ['not-ready', 'away'],
  ['offered', 'ringing'],
  ['busy', 'talking'],
  ['wrap-up', 'busy'],
  ['signed-out', 'offline'],
] as const)('an agent who is %s is shown as %s', (state, shown) => {
  expect(listOf({ agents: [agent('1001', state)] })[0]?.state).toBe(shown);
});

it('an agent without browser is offline, whatever the state', () => {
  expect(listOf({ agents: [agent('1001', 'ready', false)] })[0]?.state).toBe('offline');
});

it('a call goes before everything: whoever rings or talks is shown so', () => {
  const agents = [agent('1001', 'not-ready'), agent('1002', 'busy')];
  const shown = listOf({ agents, calls: { '1001': inCall('confirmed'), '1002': inCall('early') } });
  expect(shown.map(({ state }) => state)).toEqual(['talking', 'ringing']);
});

it('a phone is free while it is registered, and talks in a call', () => {
  const phones = [phone('2001'), phone('2002'), phone('2003')];
  const shown = listOf({ phones, registered: ['2001', '2003'], calls: { '2003': inCall('confirmed') } });
  expect(shown.map(({ state }) => state)).toEqual(['free', 'offline', 'talking']);
});

it('agents and phones are listed together by extension, with their Chinese names where there are some', () => {
  const shown = listOf({ agents: [agent('1001', 'ready'), agent('300', 'ready')], phones: [phone('900', '前台')] });
  expect(shown.map(({ extension, kind }) => `${extension} ${kind}`)).toEqual(['300 agent', '900 phone', '1001 agent']);
  expect(shown[1]).toEqual({
    extension: '900',
    kind: 'phone',
    displayName: 'Phone 900',
    displayNameZh: '前台',
    state: 'offline',
  });
});
