/** Why a recording ends although nobody stopped it, or cannot be begun: a code for programs, a sentence for people. */
import { messageOf } from '../../base/errors';
import type { RecordingFailure, RecordingFailureCause } from '../ports';

/** What an operator can do something about is said in words. */
const OF_THE_SYSTEM: Readonly<Record<string, readonly [RecordingFailureCause, string]>> = {
  ENOSPC: ['disk-full', 'the disk is full'],
  EDQUOT: ['disk-quota', 'the quota of disk space is used up'],
  EFBIG: ['file-too-long', 'the file has reached the largest size that the system allows'],
  EROFS: ['disk-read-only', 'the disk can only be read'],
  EIO: ['disk-broken', 'the disk has failed'],
};

/** @param error the system's own, as Node throws it. */
export const failureOf = (error: unknown): RecordingFailure => {
  const [cause, detail] = OF_THE_SYSTEM[(error as NodeJS.ErrnoException | undefined)?.code ?? ''] ?? [];
  return cause === undefined || detail === undefined ? { cause: 'other', detail: messageOf(error) } : { cause, detail };
};

export const TOO_SLOW: RecordingFailure = {
  cause: 'disk-too-slow',
  detail: 'the disk is too slow for the recording',
};

export const TOO_LONG: RecordingFailure = {
  cause: 'file-too-long',
  detail: 'the recording has reached the 4 GB that a WAV file can hold',
};
