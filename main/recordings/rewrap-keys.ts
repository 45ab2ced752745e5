/** After the master key was exchanged: the keys of recordings are wrapped by the new one, in the index. */
import type { Logger } from '../../base/log';
import type { SecretBox } from '../../base/secret-box';
import { labelOfRecording, recordingOfLabel } from '../../store/recordings/recording-library';
import type { RecordingIndex } from '../../store/recordings/recording-index';

const BATCH = 200;

/** For a library: the key of a recording as it was wrapped last. */
export const wrappedKeyOf =
  (index: Pick<RecordingIndex, 'get'>) =>
  async (label: string): Promise<string | undefined> => {
    const recordingId = recordingOfLabel(label);
    return recordingId === undefined ? undefined : (await index.get(recordingId))?.wrappedKey;
  };

/** Some recordings at a time. @returns how many keys were wrapped anew. */
export const rewrapKeys = async (deps: {
  readonly index: Pick<RecordingIndex, 'listWrappedBy' | 'rewrapped'>;
  readonly box: Pick<SecretBox, 'open' | 'seal' | 'keyId' | 'olderKeyIds'>;
  readonly log: Logger;
}): Promise<number> => {
  const { index, box, log } = deps;
  // Those whose key is gone are not looked at: they would stand before the others for ever.
  const recordings = await index.listWrappedBy(box.olderKeyIds, BATCH);
  let count = 0;
  for (const { _id, wrappedKey = '' } of recordings) {
    const label = labelOfRecording(_id);
    const dataKey = box.open(wrappedKey, label);
    if (!dataKey.ok) {
      log.warn({ recordingId: _id, reason: dataKey.fault.message }, 'the key of a recording cannot be wrapped anew');
      continue;
    }
    await index.rewrapped(_id, { keyId: box.keyId, wrappedKey: box.seal(dataKey.value, label) });
    count += 1;
  }
  if (count > 0) log.info({ count, keyId: box.keyId }, 'keys of recordings were wrapped anew');
  return count;
};
