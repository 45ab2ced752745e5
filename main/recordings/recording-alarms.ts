/** What operators are told about recordings. */
import type { NewAlarm } from '../../base/alarms';
import type { RecordingFailure } from '../../media/ports';

/** The page has a sentence for each cause but `other`, whose English one is shown as it is. */
export const failedRecordingAlarm = (recordingId: string, { cause, detail: why }: RecordingFailure): NewAlarm => ({
  kind: 'recording-failed',
  severity: 'critical',
  message: `A recording has failed, the call goes on: ${why}.`,
  details: { recordingId, why },
  ...(cause !== 'other' && { cause: { key: cause, values: {} } }),
});

export const moveFailedAlarm = (path: string, reason: string): NewAlarm => ({
  kind: 'recording-move-failed',
  severity: 'warning',
  message: `The recording ${path} could not be moved to the archive; it stays on the disk and is tried again: ${reason}.`,
  details: { path, reason },
});

export const manifestAlarm = (reason: string): NewAlarm => ({
  kind: 'recording-manifest-broken',
  severity: 'critical',
  message: `The manifest of the recordings was changed by somebody else: ${reason}`,
  details: { reason },
});

export const diskAlarm = (kind: 'disk-filling' | 'disk-full', usedPercent: number, limitPercent: number): NewAlarm => ({
  kind,
  severity: kind === 'disk-full' ? 'critical' : 'warning',
  message:
    kind === 'disk-full'
      ? `The disk of the recordings is ${usedPercent} % full: from ${limitPercent} % on no recording is begun.`
      : `The disk of the recordings is ${usedPercent} % full, more than ${limitPercent} %.`,
  details: { usedPercent, limitPercent },
});

export const diskFreeAlarm = (usedPercent: number): NewAlarm => ({
  kind: 'disk-free',
  severity: 'info',
  message: `The disk of the recordings is ${usedPercent} % full; there is room again.`,
  details: { usedPercent },
});
