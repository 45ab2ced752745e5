/** Deletes what TTL indexes have let expire. */
import type { Clock, Timer } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/log';
import { compileFilter } from '../query/filter';
import { decodeExact } from '../values/codec';
import type { Engine } from './engine';

/** As often as MongoDB. */
const PERIOD_MS = 60_000;
/** Documents that one transaction deletes, so that other writes need not wait long. */
const MAX_DELETES = 1000;

export class TtlSweeper {
  private readonly engine: Engine;
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly timer: Timer;
  private sweeping: Promise<void> | undefined;
  private closed = false;

  constructor({ engine, clock, log }: { engine: Engine; clock: Clock; log: Logger }) {
    this.engine = engine;
    this.clock = clock;
    this.log = log;
    this.timer = clock.every(PERIOD_MS, () => {
      this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer.cancel();
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    try {
      for (const { database, name } of this.engine.catalog.all()) {
        while (!this.closed && (await this.deleteExpired(database, name)) >= MAX_DELETES);
      }
    } catch (error) {
      this.log.error({ err: error, reason: messageOf(error) }, 'deleting expired documents failed');
    }
  }

  private deleteExpired(database: string, name: string): Promise<number> | number {
    const hasTtl = this.engine.catalog
      .find(database, name)
      ?.indexes.some(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    if (!hasTtl) return 0;
    return this.engine.storage.write(() => {
      let deleted = 0;
      const info = this.engine.catalog.findForWrite(database, name);
      for (const { fields, expireAfterSeconds, partialFilterExpression } of info?.indexes ?? []) {
        const path = fields[0]?.path;
        if (!info || path === undefined || expireAfterSeconds === undefined) continue;
        const expired = { [path]: { $lte: new Date(this.clock.nowMs() - expireAfterSeconds * 1000) } };
        const filter = compileFilter(partialFilterExpression ? { $and: [partialFilterExpression, expired] } : expired);
        for (const { recordId, bytes } of this.engine.selectForWrite(info, {
          filter,
          limit: MAX_DELETES - deleted || 1,
        })) {
          this.engine.records.remove(info, recordId, decodeExact(bytes));
          deleted += 1;
        }
      }
      return deleted;
    });
  }
}
