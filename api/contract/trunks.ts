/** Trunks and outbound routes, as administrators write them: in the configuration file and over the API. */
import { z } from 'zod';
import { DETECT } from '../../base/detect';
import { settingId } from './routing';

const text = (max: number) => z.string().min(1).max(max);
const host = z.string().regex(/^[^\s/@]{1,255}$/, 'must be host or host:port');
const transport = z.enum(['udp', 'tcp', 'tls']);
const number = z.string().max(64);
/** How the digits of a trunk's or a phone's calls travel. */
/** Codecs, the most wanted first. */
export const codecListSchema = z
  .array(z.enum(['PCMA', 'PCMU', 'G722', 'OPUS']))
  .min(1)
  .refine((codecs) => new Set(codecs).size === codecs.length, 'each codec is named once')
  .readonly();

export const dtmfModeSchema = z.enum(['rfc4733', 'info', 'inband', 'auto']);

export const accountSchema = z.strictObject({ username: text(128), password: text(256) });

const proxySchema = z.strictObject({
  host,
  transport: transport.default('udp'),
  priority: z.number().int().min(0).max(65_535).default(1),
  weight: z.number().int().min(0).max(65_535).default(1),
});

const registrationSchema = z.strictObject({
  registrar: host.optional(),
  domain: host.optional(),
  user: text(128).optional(),
  expiresS: z.number().int().min(30).max(86_400).default(600),
});

const probeSchema = z.strictObject({
  intervalS: z.number().int().min(0).max(3_600).default(30),
  timeoutMs: z.number().int().min(100).max(32_000).default(4_000),
  downAfter: z.number().int().min(1).max(10).default(2),
  upAfter: z.number().int().min(1).max(10).default(1),
});

const limitsSchema = z.strictObject({
  calls: z.number().int().min(0).max(100_000).optional(),
  inboundPerS: z.number().min(0.01).max(10_000).optional(),
  outboundPerS: z.number().min(0.01).max(10_000).optional(),
});

const rewriteSchema = z.strictObject({ match: text(200), replace: z.string().max(200) });

const dialling = {
  country: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a calling code like 86 or 49')
    .optional(),
  area: z
    .string()
    .regex(/^\d{1,6}$/, 'must be an area code')
    .optional(),
  internationalPrefix: z
    .string()
    .regex(/^\d{0,6}$/, 'must be digits')
    .optional(),
  nationalPrefix: z
    .string()
    .regex(/^\d{0,4}$/, 'must be digits')
    .optional(),
};

/** How people of this site dial. */
export const numberingSchema = z.strictObject({
  ...dialling,
  internationalPrefix: dialling.internationalPrefix.unwrap().default('00'),
  nationalPrefix: dialling.nationalPrefix.unwrap().default('0'),
});

const serviceUrl = z.string().regex(/^https?:\/\/\S+$/, 'must begin with http:// or https://');

/** Services that sign and verify callers' identities (RFC 8224). */
export const identitySchema = z.strictObject({
  signUrl: serviceUrl.optional(),
  verifyUrl: serviceUrl.optional(),
  timeoutMs: z.number().int().min(100).max(10_000).default(2_000),
  onUnsigned: z.enum(['send', 'refuse']).default('send'),
  onUnverified: z.enum(['accept', 'refuse']).default('accept'),
});

const numbersSchema = z.strictObject({
  ...dialling,
  out: z.enum(['e164', 'digits', 'international', 'national', 'as-is']).default('as-is'),
  rewriteIn: z.array(rewriteSchema).max(50).default([]),
  rewriteOut: z.array(rewriteSchema).max(50).default([]),
});

const headerName = text(64);
const headerRuleSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.enum(['add', 'set']), name: headerName, value: z.string().max(512) }),
  z.strictObject({ action: z.literal('remove'), name: headerName }),
]);

/** Everything about a trunk but its id. */
export const trunkBodySchema = z.strictObject({
  name: text(100),
  /** False: switched off, no calls in or out. */
  enabled: z.boolean().default(true),
  /** Addresses and networks whose INVITEs are this carrier's. */
  addresses: z.array(text(64)).max(500).default([]),
  /** INVITEs from anywhere that authenticate as this account are this trunk's. */
  account: accountSchema.optional(),
  /** Where calls go out, as host or host:port: short for one entry of `proxies`. */
  proxy: host.optional(),
  transport: transport.default('udp'),
  proxies: z.array(proxySchema).max(16).default([]),
  /** Calls come and go by TLS only. */
  requireTls: z.boolean().default(false),
  /** For carriers that challenge us. */
  credentials: accountSchema.optional(),
  /** We register there. */
  registration: registrationSchema.optional(),
  fromDomain: host.optional(),
  probe: probeSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  codecs: codecListSchema.default(['PCMA', 'PCMU']),
  dtmf: dtmfModeSchema.default('rfc4733'),
  srtp: z.enum(['off', 'optional', 'required']).default('optional'),
  /** How the keys of SRTP are agreed on. */
  srtpKeys: z.enum(['any', 'sdes', 'dtls']).default('any'),
  /** Where its RTP may come from. */
  rtpFrom: z.enum(['known', 'anywhere']).default('known'),
  rtpNetworks: z.array(text(64)).max(100).default([]),
  /** Silence in a conversation that ends the call; 0 for never. */
  mediaTimeoutS: z.number().int().min(0).max(3_600).default(60),
  /** What is listened for in conversations through it; as the configuration says when absent. */
  detect: z.enum(DETECT).optional(),
  earlyMedia: z.enum(['pass', 'ignore']).default('pass'),
  numbers: numbersSchema.prefault({}),
  /** Shown as the caller, as far as the policy says so. */
  callerId: z.string().max(32).optional(),
  callerIdPolicy: z.enum(['fixed', 'pass-through', 'allowed', 'withheld']).optional(),
  allowedCallerIds: z.array(number).max(1_000).default([]),
  /** The other side may have its calls put through to numbers outside, at our cost, by REFER and Replaces. */
  allowRefer: z.boolean().default(false),
  assertedIdentity: z
    .strictObject({
      accept: z.boolean().default(true),
      send: z.enum(['never', 'asserted', 'preferred']).default('never'),
    })
    .prefault({}),
  headersIn: z.array(headerRuleSchema).max(32).default([]),
  headersOut: z.array(headerRuleSchema).max(32).default([]),
  signIdentity: z.boolean().default(false),
  verifyIdentity: z.boolean().default(false),
});
export type TrunkBody = z.infer<typeof trunkBodySchema>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day like 08:30');

/** Everything about an outbound route but its id. */
export const routeBodySchema = z.strictObject({
  name: text(100),
  enabled: z.boolean().default(true),
  /** The number begins with one of these. */
  prefixes: z
    .array(z.string().regex(/^\+?[\d*#]{1,20}$/, 'must be the beginning of a number'))
    .max(1_000)
    .default([]),
  /** A regular expression that the number matches as well. */
  pattern: text(200).optional(),
  /** The lowest is tried first. */
  priority: z.number().int().min(0).max(10_000).default(100),
  times: z
    .array(
      z.strictObject({
        days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).optional(),
        from: timeOfDay,
        to: timeOfDay,
        timeZone: text(64).default('UTC'),
      }),
    )
    .max(20)
    .default([]),
  trunks: z
    .array(z.strictObject({ trunkId: settingId, costPerMinute: z.number().min(0).max(100_000).default(0) }))
    .min(1)
    .max(32),
});
export type RouteBody = z.infer<typeof routeBodySchema>;
