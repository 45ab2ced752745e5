/** How texts are said: by espeak-ng, by any service over HTTP, or not at all. */
import { z } from 'zod';

const byLanguage = z.record(
  z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'must be like en or zh-CN'),
  z.string().min(1).max(100),
);

export const speechSchema = z.strictObject({
  engine: z.enum(['espeak', 'http', 'none']).default('espeak'),
  /** The engine's names of voices, by language; without one for a language the engine chooses. */
  voices: byLanguage.default({}),
  http: z
    .strictObject({
      url: z
        .string()
        .max(2000)
        .refine((text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text), 'must begin with http:// or https://')
        .optional(),
      headers: z.record(z.string(), z.string()).default({}),
      /** With one the request is a POST. */
      body: z.string().max(10_000).optional(),
      timeoutMs: z.number().int().min(500).max(14_000).default(5_000),
    })
    .prefault({}),
  /** Room on the disk for what was said. */
  cacheMegabytes: z.number().int().min(1).max(100_000).default(256),
});

export const contradictionOfSpeech = ({
  speech,
}: {
  readonly speech: z.infer<typeof speechSchema>;
}): string | undefined =>
  speech.engine === 'http' && speech.http.url === undefined
    ? 'speech.engine is http, for which speech.http.url is needed.'
    : undefined;
