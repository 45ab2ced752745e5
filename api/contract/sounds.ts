/** Prompts and music, as REST shows and takes them. */
import { z } from 'zod';

/** Of an upload. */
export const MAX_SOUND_BYTES = 64 * 1024 * 1024;

/** A sound's path below the folder of sounds, without its ending. */
export const soundPathSchema = z
  .string()
  .regex(
    /^(prompts\/[a-z]{2}(-[A-Z]{2})?\/[a-z0-9][a-z0-9-]{0,63}|music(\/[a-z]{2}(-[A-Z]{2})?)?(\/[a-z0-9][a-z0-9-]{2,63}){1,2})$/,
    'a sound is prompts/<language>/<name>, or music/<name> or music/<name>/<piece>, after music a language if you like',
  );

export const soundQuerySchema = z.strictObject({ path: soundPathSchema });
export const soundReadQuerySchema = soundQuerySchema.extend({
  version: z.coerce.number().int().min(1).optional(),
});
export const soundWriteQuerySchema = soundQuerySchema.extend({
  source: z.enum(['upload', 'browser']).default('upload'),
});
export const soundUseSchema = z.strictObject({ version: z.number().int().min(1) });

const soundVersionSchema = z.object({
  n: z.number(),
  atMs: z.number(),
  by: z.string(),
  source: z.enum(['upload', 'browser', 'phone']),
  durationMs: z.number(),
  /** Before it was levelled to -21 LUFS. */
  loudnessLufs: z.number(),
  peakDbfs: z.number(),
  leadingSilenceMs: z.number(),
  trailingSilenceMs: z.number(),
  longestSilenceMs: z.number(),
});

export const soundViewSchema = z.object({
  path: z.string(),
  /** Comes with the product. One of the same path of the center's takes its place. */
  builtIn: z.boolean(),
  /** The version that callers hear; absent when it is the product's. */
  current: z.number().optional(),
  versions: z.array(soundVersionSchema),
  /** What callers may stumble over: too quiet, clipped, silence before, after or within. */
  warnings: z.array(z.enum(['quiet', 'clipped', 'silent-edges', 'silent-within'])),
  /** The flows that play it. */
  flows: z.array(z.string()),
});
export type SoundView = z.infer<typeof soundViewSchema>;

export const soundListSchema = z.object({ items: z.array(soundViewSchema) });
