import type { Db } from 'mongodb';

/** One step of the database's shape. It must be able to run again over what it has already done. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  up(db: Db): Promise<void>;
}
