/** What operators are told about recordings. */
import type { NewAlarm } from '../../base/alarms';

/** How media begins its reasons (`media/recording/growing-file.ts`), by the key of the same in other languages. */
const CAUSES: readonly (readonly [begins: string, key: string])[] = [
  ['the disk is too full', 'disk-too-full'],
  ['the disk is full', 'disk-full'],
  ['the disk is too slow', 'disk-too-slow'],
  ['the disk can only be read', 'disk-read-only'],
  ['the disk has failed', 'disk-broken'],
  ['the quota of disk space', 'disk-quota'],
];

export const failedRecordingAlarm = (recordingId: string, why: string): NewAlarm => {
  const [, key] = CAUSES.find(([begins]) => why.includes(begins)) ?? [];
  return {
    kind: 'recording-failed',
    severity: 'critical',
    message: `A recording has failed, the call goes on: ${why}.`,
    details: { recordingId, why },
    ...(key !== undefined && { cause: { key, values: {} } }),
  };
};

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
