/** Gives each recording a data key of its own before it is begun. */
import { randomBytes } from 'node:crypto';
import { DATA_KEY_BYTES } from '../../base/sealed-file';
import type { SecretBox } from '../../base/secret-box';
import { recordingLabel } from '../../media/recording/file-layout';
import type { RecordingRequest } from '../../media/ports';

/** The media process gets the data key, for as long as the recording runs, and never the master key. */
export const sealRecordings =
  (box: Pick<SecretBox, 'seal'>) =>
  (request: RecordingRequest): RecordingRequest => {
    const dataKey = randomBytes(DATA_KEY_BYTES).toString('base64');
    return { ...request, seal: { dataKey, wrappedKey: box.seal(dataKey, recordingLabel(request.recordingId)) } };
  };
