/** Music on hold that a server streams; the id is the name of the music. */
import { z } from 'zod';
import { httpUrl } from './contexts';

export const musicStreamBodySchema = z.strictObject({
  /** MP3, Ogg Opus or WAV. */
  url: httpUrl,
  /** Volume in dB: radio is far louder than prompts. */
  gainDb: z.number().min(-40).max(20).default(0),
});
export type MusicStreamBody = z.infer<typeof musicStreamBodySchema>;

export const musicStreamListSchema = z.object({
  items: z.array(musicStreamBodySchema.extend({ id: z.string() })),
});
export type MusicStreamView = z.infer<typeof musicStreamListSchema>['items'][number];
