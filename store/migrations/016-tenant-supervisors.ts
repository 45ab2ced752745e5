import type { Tenant } from '../queues';
import { foldedUserName } from '../users';
import type { Migration } from './migration';

/** Supervisors of tenants are named as users are: names in other letters confined nobody. */
export const foldTenantSupervisors: Migration = {
  number: 16,
  name: 'supervisors of tenants by the names of users',
  async up(db) {
    const tenants = db.collection<Tenant>('tenants');
    for (const { _id, supervisors = [] } of await tenants.find().toArray()) {
      const folded = [...new Set(supervisors.map(foldedUserName))];
      if (folded.length > 0) await tenants.updateOne({ _id }, { $set: { supervisors: folded } });
    }
  },
};
