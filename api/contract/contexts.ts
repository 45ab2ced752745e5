/** Calls between switches: look-ups before delivery, contexts of calls that are handed over, and who takes part. */
import { z } from 'zod';
import { settingId } from './routing';

const phoneNumber = z.string().max(64);
/** Names and values as flows have them. */
const variables = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a name is lower-case letters, digits and hyphens'),
    z.string().max(1_000),
  )
  .refine((values) => Object.keys(values).length <= 64, 'at most 64 values');

export const routeQuestionSchema = z.strictObject({
  called: phoneNumber.min(1),
  caller: phoneNumber.default(''),
  data: variables.default({}),
});

export const routeTargetSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('here'),
    number: z.string(),
    flow: z.string(),
    queues: z.array(
      z.object({
        queueId: z.string(),
        waiting: z.number(),
        agentsReady: z.number(),
        agentsBusy: z.number(),
        /** Absent while no agent of the queue is there. */
        expectedWaitMs: z.number().optional(),
      }),
    ),
  }),
  z.object({
    kind: z.literal('elsewhere'),
    contacts: z.array(z.object({ uri: z.string(), q: z.number().optional() })),
  }),
  z.object({ kind: z.literal('refused'), status: z.number(), rule: z.string() }),
  z.object({ kind: z.literal('incomplete') }),
  z.object({ kind: z.literal('unknown') }),
]);

export const newContextSchema = z.strictObject({
  caller: phoneNumber.optional(),
  callerName: z.string().max(200).optional(),
  called: phoneNumber.optional(),
  interactionId: z.string().max(64).optional(),
  data: variables.default({}),
  ttlMs: z.number().int().min(1_000).max(600_000).default(60_000),
  /** A number of ours: a temporary number is lent that leads there. */
  forNumber: phoneNumber.min(1).optional(),
});

export const reservationSchema = z.object({
  token: z.string(),
  temporaryNumber: z.string().optional(),
  /** The header for the INVITE, as RFC 7433 wants it. */
  userToUser: z.string(),
  expiresAtMs: z.number(),
});

export const contextSchema = z.object({
  caller: z.string().optional(),
  callerName: z.string().optional(),
  called: z.string().optional(),
  interactionId: z.string().optional(),
  data: z.record(z.string(), z.string()),
});

export const keyScopeSchema = z.enum(['routing', 'contexts', 'metrics']);
export const newApiKeySchema = z.strictObject({ id: settingId, scopes: z.array(keyScopeSchema).min(1).max(2) });
export const apiKeySchema = z.object({ id: z.string(), scopes: z.array(keyScopeSchema), createdAtMs: z.number() });

export const httpUrl = z
  .string()
  .max(500)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'an address begins with http:// or https://')
  .refine((text) => !/^https?:\/\/[^/?#]*@/.test(text), 'credentials go into a header, not into the address');

const siteName = z.string().trim().min(1).max(100);

/** A place where agents work; with an address, one that calls are handed over to. */
export const siteBodySchema = z
  .strictObject({
    name: siteName.optional(),
    nameZh: siteName.optional(),
    url: httpUrl.optional(),
    /** Our key there. */
    key: z.string().min(1).max(200).optional(),
  })
  .refine(({ url, key }) => (url === undefined) === (key === undefined), 'an address and a key go together');
export type SiteBody = z.infer<typeof siteBodySchema>;

export const siteListSchema = z.object({ items: z.array(siteBodySchema.and(z.object({ id: z.string() }))) });
export type SiteView = z.infer<typeof siteListSchema>['items'][number];

export const lookUpBodySchema = z.strictObject({
  url: httpUrl,
  timeoutMs: z.number().int().min(100).max(5_000).default(1_000),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'a header has letters, digits and hyphens'),
      z
        .string()
        .max(1_000)
        .regex(/^[^\r\n]*$/),
    )
    .default({}),
});
export type LookUpBody = z.infer<typeof lookUpBodySchema>;

const plainNumber = z.string().regex(/^\+?\d{1,32}$/, 'a number is digits, with or without a plus');
export const temporaryNumbersBodySchema = z.strictObject({ first: plainNumber, last: plainNumber });
export type TemporaryNumbersBody = z.infer<typeof temporaryNumbersBodySchema>;
