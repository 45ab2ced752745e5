/** What of a recording's samples stands where in its file: as a plain WAV, or sealed. */
import { ChunkSealer, sealedHeader } from '../../base/sealed-file';
import type { RecordingId } from '../../base/ids';
import type { RecordingSeal } from '../ports';
import type { WavFormat } from '../wav/format';
import { wavHeader } from '../wav/wav-header';
import { SEALED_SUFFIX } from './recording-path';

export interface FileLayout {
  /** Behind the recording's path. */
  readonly suffix: string;
  /** The file's first bytes. */
  begin(): Buffer;
  /** What of these samples, and of those before them, is to be appended now. */
  take(samples: Buffer): Buffer;
  /** The first bytes anew, now that there are so many bytes of samples; undefined where they stay. */
  renewed(dataBytes: number): Buffer | undefined;
  /** The file's last bytes. */
  end(): Buffer;
}

/** After each append the header tells the truth, so that it can be played at any moment, and after a kill. */
export const plainLayout = (format: WavFormat): FileLayout => ({
  suffix: '',
  begin: () => wavHeader(format, 0),
  take: (samples) => samples,
  renewed: (dataBytes) => wavHeader(format, dataBytes),
  end: () => Buffer.alloc(0),
});

/** What a sealed recording is, in the words that its chunks and its key are bound to. */
export const recordingLabel = (recordingId: RecordingId): string => `recordings/${recordingId}`;

/**
 * The same WAV, encrypted as it grows. Chunks are never written twice, so its header goes on saying that there are no
 * samples: who reads it puts the sizes right.
 */
export const sealedLayout = (format: WavFormat, recordingId: RecordingId, seal: RecordingSeal): FileLayout => {
  const header = { label: recordingLabel(recordingId), wrappedKey: seal.wrappedKey };
  const sealer = new ChunkSealer(Buffer.from(seal.dataKey, 'base64'), header);
  return {
    suffix: SEALED_SUFFIX,
    begin: () => Buffer.concat([sealedHeader(header), sealer.append(wavHeader(format, 0))]),
    take: (samples) => sealer.append(samples),
    renewed: () => undefined,
    end: () => sealer.end(),
  };
};
