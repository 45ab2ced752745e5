/** Accounts in the data folder of a product that has not started yet: they are no part of its API. */
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { openStore } from '../../store/connect';
import type { Store } from '../../store/connect';
import { startEmbeddedStore } from '../../store/embedded/server';
import { hashPassword } from '../../store/password';
import { PASSWORD } from './product';

const DATABASE = 'switchroom';

/** What all accounts have; the password is {@link PASSWORD}. */
export interface Account {
  readonly passwordHash: string;
  readonly createdAtMs: number;
  readonly disabled: boolean;
}

/** Makes the administrator's account, then what `fill` adds. @param home the folder of the product's data */
export async function fillStore(home: string, fill: (store: Store, account: Account) => Promise<void>): Promise<void> {
  const common = { clock: systemClock, log: silentLogger() };
  const server = await startEmbeddedStore({ ...common, dataDir: join(home, 'store'), host: '127.0.0.1', port: 0 });
  const store = await openStore({ ...common, uri: server.uri, database: DATABASE });
  try {
    const account = { passwordHash: await hashPassword(PASSWORD), createdAtMs: systemClock.nowMs(), disabled: false };
    await store.users.add({ ...account, userName: 'admin', displayName: 'Administrator', roles: ['administrator'] });
    await fill(store, account);
  } finally {
    await store.close();
    await server.close();
  }
}
