/** Flows and the numbers that lead to them. The language of flows itself is checked where it is interpreted. */
import { z } from 'zod';
import { settingId } from './routing';

/** A number as it stands in the called party of an INVITE. */
export const dialledNumber = z.string().regex(/^\+?[0-9a-z*#.-]{1,32}$/, 'a number is up to 32 digits, or a name');

export const redirectContactsSchema = z
  .array(
    z.strictObject({
      /** A sip, sips or tel URI; `{name}` stands for a variable. */
      uri: z
        .string()
        .max(1000)
        .regex(/^(sips?|tel):[^\s<>"]+$/, 'a contact is a sip:, sips: or tel: URI'),
      q: z.number().min(0).max(1).optional(),
    }),
  )
  .min(1)
  .max(10);

export const numberSettingSchema = z.strictObject({
  flowId: z.string().min(1).max(64),
  /** How many digits may, or must, follow the number. */
  suffix: z.strictObject({ min: z.number().int().min(0).max(20), max: z.number().int().min(1).max(20) }).optional(),
  /** Where callers are sent before the call is answered, best first. */
  redirect: redirectContactsSchema.optional(),
  /** The look-up that is asked before the flow begins. */
  lookUp: settingId.optional(),
});
export type NumberSettingBody = z.infer<typeof numberSettingSchema>;

/** A flow's document; its id is the path's and its version the server's. */
export const flowBodySchema = z.looseObject({
  title: z.string(),
  start: z.string(),
  steps: z.record(z.string(), z.unknown()),
});
export const flowReplySchema = flowBodySchema.extend({ id: settingId, version: z.number() });
