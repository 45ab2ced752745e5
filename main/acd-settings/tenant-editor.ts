/** Tenants that administrators change while the product runs, and who supervises them: users by name, each of one tenant. */
import { KeyedSerialQueue } from '../../base/serial-queue';
import { failAbout, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { SettingsEditor } from '../../api/ports';
import type { Store } from '../../store/connect';
import type { Tenant } from '../../store/queues';
import { foldedUserName } from '../../store/users';
import type { LiveSettings } from '../settings-editor';
import { unknownThing } from './faults';

/** Names are kept as users have them: one that is typed otherwise, or wrong, would confine nobody. */
export const tenantEditor = (
  tenants: LiveSettings<Tenant>,
  users: Pick<Store['users'], 'findByUserName'>,
): SettingsEditor<Omit<Tenant, '_id'>> => {
  const edits = new KeyedSerialQueue<'tenants'>();
  const put = async (id: string, body: Omit<Tenant, '_id'>): Promise<Result<void>> => {
    if (!body.supervisors) return tenants.editor.put(id, body);
    const supervisors = [...new Set(body.supervisors.map(foldedUserName))];
    for (const name of supervisors)
      if (!(await users.findByUserName(name))) return unknownThing('user', { id: name, path: 'supervisors' });
    const alone = ofOneTenant(tenants.current(), { id, supervisors });
    return alone.ok ? tenants.editor.put(id, { ...body, supervisors }) : alone;
  };
  // One after the other: two tenants must not get the same supervisor at the same time.
  return { ...tenants.editor, put: (id, body) => edits.run('tenants', () => put(id, body)) };
};

/** Nobody can see two tenants and nothing of the others. */
const ofOneTenant = (
  tenants: readonly Tenant[],
  { id, supervisors }: { id: string; supervisors: readonly string[] },
): Result<void> => {
  for (const other of tenants) {
    const both = other._id === id ? undefined : supervisors.find((name) => other.supervisors?.includes(name));
    if (both !== undefined)
      return failAbout('conflict', `${both} belongs to the tenant ${other._id} already; remove that first.`, {
        ...{ key: 'supervisor-of-other-tenant', values: { name: both, tenant: other._id } },
      });
  }
  return ok(undefined);
};
