/** Queues, agents' skills and the hours of queues, as administrators set them. */
import { z } from 'zod';
import { settingId } from './routing';
import { FURTHER_STATIONS } from './stations';

/** Names of skills, teams, sites and the like: what one names must be there. */
const name = z.string().min(1).max(64);
const shownName = z.string().trim().min(1).max(100);
const agentId = z.string().min(1).max(64);
const ms = (most: number) => z.number().int().min(0).max(most);

const HOUR_MS = 3_600_000;

/** Skill → level; 0 takes a skill back. */
export const skillLevelsSchema = z
  .record(name, z.number().int().min(0).max(10))
  .refine((skills) => Object.keys(skills).length <= 100, 'at most 100 skills');

const ringSchema = z.strictObject({ afterMs: ms(24 * HOUR_MS).min(1), skills: skillLevelsSchema });

const overflowWhenSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed') }),
  /** Nobody is signed in who could have the contact. */
  z.strictObject({ kind: z.literal('no-agents') }),
  /** More than so many wait, this one included. */
  z.strictObject({ kind: z.literal('length'), most: z.number().int().min(0).max(100_000) }),
  z.strictObject({ kind: z.literal('expected-wait'), mostMs: ms(24 * HOUR_MS) }),
  z.strictObject({ kind: z.literal('waited'), afterMs: ms(24 * HOUR_MS) }),
]);

const target = z.string().min(1).max(200);
const overflowToSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('queue'), queueId: settingId }),
  z.strictObject({ kind: z.literal('flow'), target }),
  z.strictObject({ kind: z.literal('number'), target }),
  z.strictObject({ kind: z.literal('voicemail'), target }),
  z.strictObject({ kind: z.literal('message'), target }),
  z.strictObject({ kind: z.literal('callback') }),
  z.strictObject({ kind: z.literal('end') }),
]);

const promptName = z.string().regex(/^[\w-]{1,64}$/, 'a prompt is named by letters, digits, hyphens and underscores');

const overflowRuleSchema = z.strictObject({
  when: overflowWhenSchema,
  to: overflowToSchema,
  /** A prompt that the caller hears first. */
  announcement: promptName.optional(),
});

/** What callers hear and may do while they wait. */
export const waitingTermsSchema = z.strictObject({
  /** Instead of the music that the flow names. */
  music: promptName.optional(),
  /** Told at entry and then again and again. */
  announce: z.strictObject({ tell: z.enum(['position', 'wait', 'both']), everyMs: ms(HOUR_MS).min(10_000) }).optional(),
  /** How a call back is offered; the queue's `callback` says how often it is tried. */
  callback: z
    .strictObject({
      key: z.string().regex(/^[0-9*#]$/, 'a key is one of 0–9, * and #'),
      afterMs: ms(HOUR_MS),
      /** Offered at once to whom so many callers are ahead. */
      afterCallers: z.number().int().min(1).max(10_000).optional(),
      number: z.enum(['caller', 'typed']),
      /** For how long it is tried. */
      validMs: ms(7 * 24 * HOUR_MS).min(60_000),
    })
    .optional(),
  /** Who loses the line and calls again within this time has the old place; 0 for never. */
  reconnectMs: ms(HOUR_MS).optional(),
  /** The same for who hung up; many a lost line looks like that. */
  reconnectAnyone: z.boolean().optional(),
});

/** As of the reading on which a change is founded: refused with `conflict` when another change came between. */
const version = z.number().int().min(0).optional();

export const queueBodySchema = z.strictObject({
  name: shownName,
  nameZh: shownName.optional(),
  /** Skills an agent must have, each with the least level. */
  skills: skillLevelsSchema.default({}),
  /** How long an offer rings before it goes to the next agent. */
  offerTimeoutMs: ms(600_000).min(1_000).default(20_000),
  /** Length of after-call work; 0 for none. */
  wrapUpMs: ms(HOUR_MS).default(60_000),
  /** Added to the priority of each contact. */
  priority: z.number().int().min(-1_000).max(1_000).optional(),
  /** Who of several free agents of equal score. */
  strategy: z.string().min(1).max(64).optional(),
  /** For `ring-several`. */
  ringAtOnce: z.number().int().min(2).max(20).optional(),
  /** For `linear`. */
  agentOrder: z.array(agentId).max(1_000).optional(),
  /** How many milliseconds of waiting one unit of a score is worth. */
  weights: z.record(z.string().min(1).max(64), z.number().int()).optional(),
  /** Skills that suffice from a waiting time on. */
  rings: z.array(ringSchema).max(10).optional(),
  /** How long a contact waits for the agent it knows. */
  preferredAgentMs: ms(HOUR_MS).optional(),
  serviceLevel: z.strictObject({ targetMs: ms(HOUR_MS).min(1_000), percent: z.number().min(1).max(100) }).optional(),
  overflow: z.array(overflowRuleSchema).max(20).optional(),
  callback: z.strictObject({ maxAttempts: z.number().int().min(1).max(10), retryMs: ms(24 * HOUR_MS) }).optional(),
  waiting: waitingTermsSchema.optional(),
  /** When it is open; always without one. */
  calendarId: settingId.optional(),
  /** When its customers may be called back; at any time without one. */
  callbackCalendarId: settingId.optional(),
  /** Whose it is; `main` when absent. Only agents of the same tenant may have its contacts. */
  tenant: settingId.optional(),
  version,
});
export type QueueBody = z.infer<typeof queueBodySchema>;

export const queueSettingsListSchema = z.object({ items: z.array(queueBodySchema.extend({ id: settingId })) });
export type QueueSettingsView = z.infer<typeof queueSettingsListSchema>['items'][number];

export const channelSchema = z.enum(['voice', 'video', 'chat', 'message', 'mail', 'fax', 'task']);
export type ChannelName = z.infer<typeof channelSchema>;

export const agentProfileBodySchema = z.strictObject({
  skills: skillLevelsSchema,
  /** The one with the highest level when absent. */
  mainSkill: name.optional(),
  /** Ability as a whole. */
  grade: z.number().int().min(0).max(100).optional(),
  teams: z.array(name).max(50).optional(),
  site: name.optional(),
  /** Contacts at once, by channel; one call when absent. */
  capacity: z.partialRecord(channelSchema, z.number().int().min(0).max(100)).optional(),
  /** Channel → channels during whose contacts it may still be offered. */
  interrupts: z.partialRecord(channelSchema, z.array(channelSchema).max(7)).optional(),
  /** Where the agent may hear beside the browser. */
  stations: z.array(z.enum(FURTHER_STATIONS)).max(FURTHER_STATIONS.length).optional(),
  /** For whom the agent works; `main` when absent. */
  tenant: settingId.optional(),
  version,
});
export type AgentProfileBody = z.infer<typeof agentProfileBodySchema>;

export const agentProfileSchema = agentProfileBodySchema.extend({
  agentId: z.string(),
  displayName: z.string(),
  displayNameZh: z.string().optional(),
  extension: z.string(),
});
export type AgentProfileView = z.infer<typeof agentProfileSchema>;

export const agentProfileListSchema = z.object({ items: z.array(agentProfileSchema) });

/** Skills and teams. */
export const namedBodySchema = z.strictObject({ name: shownName, nameZh: shownName.optional() });
export type NamedBody = z.infer<typeof namedBodySchema>;

export const namedListSchema = z.object({ items: z.array(namedBodySchema.extend({ id: z.string() })) });
export type NamedView = z.infer<typeof namedListSchema>['items'][number];

export const tenantBodySchema = namedBodySchema.extend({
  /** User names, in letters of either case, of those who see nothing of other tenants. */
  supervisors: z.array(z.string().min(1).max(64)).max(1_000).optional(),
});
export type TenantBody = z.infer<typeof tenantBodySchema>;

export const tenantListSchema = z.object({ items: z.array(tenantBodySchema.extend({ id: settingId })) });
export type TenantView = z.infer<typeof tenantListSchema>['items'][number];
