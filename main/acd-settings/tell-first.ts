/**
 * A setting of a queue or agent is told to the ACD before it is kept: the ACD alone knows of contacts that must be over
 * before. What is not kept then is taken back.
 */
import type { Logger } from '../../base/log';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { KeyedSerialQueue } from '../../base/serial-queue';
import type { AcdSetUp } from '../../calls/center';

/** Changes of queues and agents, one after the other: each is checked against what the one before has left. */
export type AcdEdits = KeyedSerialQueue<'acd'>;

type Told = Parameters<AcdSetUp['configure']>[0];

export interface ToldFirst {
  readonly change: Told;
  /** What holds without the change. */
  readonly back: Told;
  /** @returns false when there is nothing any more that could be changed. */
  readonly keep: () => Promise<boolean>;
}

/** @returns whether it is kept. Errors: `conflict` when the ACD refuses it. @throws what `keep` throws. */
export const tellFirst = async (
  { acd, log }: { readonly acd: AcdSetUp; readonly log: Logger },
  { change, back, keep }: ToldFirst,
): Promise<Result<boolean>> => {
  const told = acd.configure(change);
  if (!told.ok) return told;
  const takeBack = (): void => {
    const taken = acd.configure(back);
    if (taken.ok) return;
    const why = 'a setting that could not be saved holds until the next start: the ACD did not take it back';
    log.error({ change, reason: taken.fault.message }, why);
  };
  try {
    if (await keep()) return ok(true);
  } catch (error) {
    takeBack();
    throw error;
  }
  takeBack();
  return ok(false);
};
