/** What recordings need around them: a store on a real database, a folder, and a clock that is set by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { SecretBox } from '../../../base/secret-box';
import { openStore } from '../../../store/connect';
import type { Store } from '../../../store/connect';
import { DiskStorage } from '../../../store/recordings/disk-storage';
import type { RecordingManifest } from '../../../store/recordings/manifest';
import type { TestDatabase } from './database';

const BEGIN_MS = Date.UTC(2026, 0, 1);

export interface RecordingsBench {
  readonly store: Store;
  readonly manifest: RecordingManifest;
  readonly home: string;
  readonly disk: DiskStorage;
  readonly clock: SimulatedClock;
  close(): Promise<void>;
}

export const openRecordingsBench = async ({ uri, db }: TestDatabase, box: SecretBox): Promise<RecordingsBench> => {
  const clock = new SimulatedClock(BEGIN_MS);
  const store = await openStore({ uri, database: db.databaseName, log: silentLogger(), clock });
  const manifest = await store.openManifest(box);
  const home = await mkdtemp(join(tmpdir(), 'switchroom-recordings-'));
  const close = async (): Promise<void> => {
    await store.close();
    await rm(home, { recursive: true });
  };
  return { store, manifest, home, disk: new DiskStorage(home), clock, close };
};
