/** An engine on a folder of its own, without a socket. */
import type { Document } from 'bson';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import type { IndexField } from '../../../../store/embedded/engine/index-keys';
import { Engine } from '../../../../store/embedded/engine/engine';
import { compileFilter } from '../../../../store/embedded/query/filter';
import { parseSort } from '../../../../store/embedded/query/sort';
import { decodeExact } from '../../../../store/embedded/values/codec';

export class TestEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), 'switchroom-engine-'));
  readonly engine = new Engine({ dataDir: this.folder, clock: systemClock, log: silentLogger() });

  async fill(name: string, documents: readonly Document[], indexes: readonly Document[] = []): Promise<void> {
    await this.engine.storage.write(() => {
      let info = this.engine.catalog.ensure('test', name);
      for (const [at, key] of indexes.entries()) {
        const fields: IndexField[] = Object.entries(key).map(([path, direction]) => ({
          path,
          direction: direction as 1 | -1,
        }));
        const id = this.engine.catalog.takeId();
        const index = { id, name: `i${at}`, fields, unique: false, sparse: false, multikey: false, cut: false };
        info = this.engine.records.buildIndex(info, index);
      }
      for (const document of documents) this.engine.insert({ database: 'test', name }, document);
    });
  }

  /** The documents found, and how many were looked at for them. */
  find(
    name: string,
    filter: Document,
    { sort, limit }: { sort?: Document; limit?: number } = {},
  ): { found: Document[]; looked: number } {
    let looked = 0;
    const checkTime = (): void => void (looked += 1);
    const request = { filter: compileFilter(filter), sort: parseSort(sort), limit: limit ?? 0, checkTime };
    const found = Array.from(this.engine.read(this.engine.catalog.find('test', name), request), ({ bytes }) =>
      decodeExact(bytes),
    );
    return { found, looked };
  }

  async close(): Promise<void> {
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
