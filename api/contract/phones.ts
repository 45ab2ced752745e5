/** Desk phones and extensions, as REST shows and takes them. */
import { z } from 'zod';
import { codecListSchema, dtmfModeSchema } from './trunks';

export const extensionSchema = z.string().regex(/^[0-9]{2,16}$/, 'an extension is 2 to 16 digits');

const displayName = z.string().min(1).max(100);

export const phoneSettingsSchema = z.strictObject({
  displayName,
  displayNameZh: displayName.optional(),
  /** May it call numbers outside, through a trunk? */
  mayCallOutside: z.boolean().default(false),
  /** How its digits travel. */
  dtmf: dtmfModeSchema.default('rfc4733'),
  /** May it take over running calls of other extensions, by an INVITE with Replaces? */
  mayTakeOver: z.boolean().default(false),
  /** SRTP with keys in the SDP: `optional` as the phone offers, calls to it being plain. The keys need `tls` to be secret. */
  srtp: z.enum(['off', 'optional', 'required']).default('optional'),
  /** What it is offered and may offer, most wanted first; what the configuration has for all phones when absent. */
  codecs: codecListSchema.optional(),
  /** How the keys of SRTP are agreed on; calls to it by keys in the SDP with `any`. */
  srtpKeys: z.enum(['any', 'sdes', 'dtls']).default('any'),
  /** Where its RTP may come from: the host in its SDP and where it is registered or calls from, or anywhere. */
  rtpFrom: z.enum(['known', 'anywhere']).default('known'),
  /** Silence in a conversation that ends the call; 0 for never. */
  mediaTimeoutS: z.number().int().min(0).max(3_600).default(60),
});
export type PhoneSettings = z.output<typeof phoneSettingsSchema>;

export const newPhoneSchema = phoneSettingsSchema.extend({ extension: extensionSchema });

/** Where a phone is registered from. */
export const phoneContactSchema = z.object({
  uri: z.string(),
  address: z.string(),
  transport: z.string(),
  /** Preference from 0 to 1. */
  q: z.number(),
  expiresAtMs: z.number(),
});

export const phoneViewSchema = z.object({
  extension: z.string(),
  displayName: z.string(),
  displayNameZh: z.string().optional(),
  mayCallOutside: z.boolean(),
  dtmf: dtmfModeSchema,
  mayTakeOver: z.boolean(),
  srtp: z.enum(['off', 'optional', 'required']),
  codecs: codecListSchema.optional(),
  srtpKeys: z.enum(['any', 'sdes', 'dtls']),
  rtpFrom: z.enum(['known', 'anywhere']),
  mediaTimeoutS: z.number(),
  contacts: z.array(phoneContactSchema),
});
export type PhoneView = z.infer<typeof phoneViewSchema>;

export const phoneListSchema = z.object({ items: z.array(phoneViewSchema) });

/** What the phone is to be set up with. The password is told this once. */
export const phoneAccountSchema = z.object({
  extension: z.string(),
  userName: z.string(),
  password: z.string(),
});

const goalSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('queue'), queueId: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('number'), number: z.string().min(1).max(32) }),
  z.strictObject({
    kind: z.literal('trunk'),
    trunkId: z.string().min(1).max(64),
    stripDigits: z.number().int().min(0).max(16).default(0),
    addPrefix: z
      .string()
      .regex(/^\+?[0-9*#]{0,16}$/, 'a prefix is digits, with a plus before them if international')
      .default(''),
    /** Sent with every call to the other exchange. */
    headers: z
      .record(
        z.string().regex(/^(X-[A-Za-z0-9-]{1,60}|User-to-User)$/, 'a header is X-… or User-to-User'),
        z.string().regex(/^[\x20-\x7e]{1,256}$/, 'a header value is one line of visible ASCII'),
      )
      .default({}),
    /** May callers of trunks reach it too, and not just agents and phones? */
    fromTrunks: z.boolean().default(false),
  }),
]);

export const extensionPatternSchema = z
  .string()
  .regex(/^[0-9*#]{1,16}x{0,12}$/, 'an extension is digits; each x at its end stands for any digit');

export const extensionRuleSchema = z.strictObject({
  displayName: displayName.optional(),
  displayNameZh: displayName.optional(),
  goal: goalSchema,
});

export const extensionRuleListSchema = z.object({
  items: z.array(extensionRuleSchema.extend({ pattern: z.string() })),
});

const count = z.number().int().min(0).max(9_999).default(0);

/** RFC 3842, section 5.2: new and old voice messages, and how many of them are urgent. */
export const messageCountsSchema = z.strictObject({
  newMessages: count,
  oldMessages: count,
  newUrgentMessages: count,
  oldUrgentMessages: count,
});
export type MessageCountsView = z.output<typeof messageCountsSchema>;
