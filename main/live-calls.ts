/**
 * Running calls in the store, so that they outlive the app. They are sealed: what flows keep secret is in them, and the
 * keys by which sound is encrypted.
 */
import type { Clock } from '../base/clock';
import type { CallId, InteractionId } from '../base/ids';
import type { LastingRecords } from '../base/lasting';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import type { SecretBox } from '../base/secret-box';
import { parseCallRecord } from '../calls/keep/call-record';
import type { CallRecord } from '../calls/keep/call-record';
import type { CallRecords } from '../calls/keep/call-keeper';
import type { KeptCall } from '../calls/keep/rebuild-call';
import type { Interaction } from '../store/interaction';

/** Without a change a call does not last so long; one that does is written down anew with its next change. */
const LIFETIME_MS = 7 * 86_400_000;

export interface LiveCallsDeps {
  readonly records: Pick<LastingRecords<string>, 'takeFound' | 'save' | 'remove' | 'written'>;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface LiveCalls {
  readonly records: CallRecords;
  /** Those of before a restart whose interaction is still open. */
  readonly found: readonly KeptCall[];
}

/** @param open interactions that have not ended, as the store has them. */
export const openLiveCalls = (deps: LiveCallsDeps, open: readonly Interaction[]): LiveCalls => {
  const { records, box, clock, log } = deps;
  const interactions = new Map<InteractionId, Interaction>(open.map((one) => [one._id, one]));
  const found = records.takeFound().flatMap(({ id, value }): KeptCall[] => {
    const record = readRecord(box, id, value);
    const interaction = record.ok ? interactions.get(record.value.interactionId) : undefined;
    if (record.ok && interaction) return [{ record: record.value, interaction }];
    if (!record.ok)
      log.warn({ callId: id, reason: record.fault.message }, 'a call of before the restart cannot be read');
    records.remove(id);
    return [];
  });
  return {
    found,
    records: {
      save: (callId, record) =>
        records.save({
          id: callId,
          value: box.seal(record, placeOf(callId)),
          expiresAtMs: clock.nowMs() + LIFETIME_MS,
        }),
      written: (callId) => records.written(callId),
      remove: (callId) => records.remove(callId),
    },
  };
};

const placeOf = (callId: CallId | string): string => `liveCalls/${callId}`;

const readRecord = (box: SecretBox, id: string, value: string): Result<CallRecord> => {
  const opened = box.open(value, placeOf(id));
  return opened.ok ? parseCallRecord(opened.value) : opened;
};
