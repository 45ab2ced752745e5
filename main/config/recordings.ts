/** The configuration's section about recordings: how they are kept, where, and for how long. */
import { z } from 'zod';

const percent = z.number().min(1).max(100);

export const recordingsSchema = z.strictObject({
  /** Whether new recordings are encrypted on the disk. */
  encrypt: z.boolean().default(true),
  /** An alarm is raised when the disk of the recordings is fuller than this. */
  diskWarnPercent: percent.default(85),
  /** From here on no recording is begun; those that run go on. */
  diskLimitPercent: percent.default(97),
  /** How long a recording is kept that nothing else is said about; for ever when absent. */
  retentionDays: z.number().int().min(1).max(36_500).optional(),
  /** Where recordings are moved when they have ended; they stay on the disk without it. */
  s3Endpoint: z
    .string()
    .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'must begin with https:// or http://')
    .optional(),
  s3Bucket: z.string().min(3).max(63).optional(),
  s3Region: z.string().min(1).max(64).default('us-east-1'),
  s3AccessKey: z.string().min(1).max(256).optional(),
  s3SecretKey: z.string().min(1).max(256).optional(),
});

export type RecordingsConfig = z.infer<typeof recordingsSchema>;

export interface S3Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Undefined where recordings stay on the disk. */
export const s3Of = (config: RecordingsConfig): S3Config | undefined => {
  const { s3Endpoint: endpoint, s3Bucket: bucket, s3Region: region } = config;
  const { s3AccessKey: accessKey, s3SecretKey: secretKey } = config;
  if (!endpoint || !bucket || !accessKey || !secretKey) return undefined;
  return { endpoint, bucket, region, accessKey, secretKey };
};

/** One sentence, if there is something to say. */
export const contradictionOfRecordings = (config: RecordingsConfig): string | undefined => {
  const { diskWarnPercent, diskLimitPercent, s3Endpoint, s3Bucket, s3AccessKey, s3SecretKey } = config;
  if (diskWarnPercent > diskLimitPercent)
    return `recordings.diskWarnPercent ${diskWarnPercent} must not be above recordings.diskLimitPercent ${diskLimitPercent}.`;
  const given = [s3Endpoint, s3Bucket, s3AccessKey, s3SecretKey].filter((value) => value !== undefined);
  if (given.length > 0 && given.length < 4)
    return 'recordings.s3Endpoint, s3Bucket, s3AccessKey and s3SecretKey belong together; give all or none.';
  return undefined;
};
