import { asId } from '../../../base/ids';
import type { AgentId } from '../../../base/ids';
import type { Role } from '../../../store/users';
import { agentProfileBodySchema } from '../../../api/contract/queues';
import { acdSettingsWorld } from '../../support/api/acd-settings-ports';
import type { AcdSettingsWorld } from '../../support/api/acd-settings-ports';

/** Ann has a seat of Acme, bob one of nobody's; Acme names sue and the administrator. */
let world: AcdSettingsWorld;
beforeEach(async () => {
  world = await acdSettingsWorld();
  await world.ports.tenants.put('acme', { name: 'Acme', supervisors: ['sue', 'admin'] });
  await world.ports.agents.put(asId<AgentId>('ann'), agentProfileBodySchema.parse({ skills: {}, tenant: 'acme' }));
});
afterEach(() => world.close());

const tenantSeenBy = (userName: string, roles: Role[], seat?: string): string | undefined => {
  const agent = seat === undefined ? {} : { agent: { agentId: asId<AgentId>(seat), extension: '1001' } };
  return world.ports.viewOf({ userName, roles, ...agent })?.tenant;
};

it.each<[string, [string, Role[], string?], string | undefined]>([
  ['a supervisor whom it names: that tenant', ['sue', ['supervisor']], 'acme'],
  ['a supervisor whom it names, with a seat of nobody’s: that tenant', ['sue', ['agent', 'supervisor'], 'bob'], 'acme'],
  ['a supervisor with a seat of a tenant: that tenant', ['ann', ['agent', 'supervisor'], 'ann'], 'acme'],
  ['a supervisor whom none names: all', ['tom', ['supervisor']], undefined],
  ['a supervisor whom none names, with a seat of nobody’s: all', ['bob', ['agent', 'supervisor'], 'bob'], undefined],
  ['an agent of a tenant: that tenant', ['ann', ['agent'], 'ann'], 'acme'],
  ['an agent of nobody’s: the main tenant', ['bob', ['agent'], 'bob'], 'main'],
  ['an agent whose seat is gone: the main tenant', ['eve', ['agent'], 'eve'], 'main'],
  ['an administrator: all', ['root', ['administrator']], undefined],
  ['an administrator whom a tenant names: all', ['admin', ['administrator']], undefined],
  ['an administrator with a seat of a tenant: all', ['ann', ['agent', 'administrator'], 'ann'], undefined],
])('%s', (_name, user, seen) => expect(tenantSeenBy(...user)).toBe(seen));

it('without tenants everybody sees all', async () => {
  await world.ports.agents.put(asId<AgentId>('ann'), agentProfileBodySchema.parse({ skills: {} }));
  await world.ports.tenants.remove('acme');
  expect(tenantSeenBy('ann', ['agent'], 'ann')).toBeUndefined();
});
