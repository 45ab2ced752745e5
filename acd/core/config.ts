/** What an administrator sets: queues and agents. `check.ts` says which of it is contradictory. */
import type { AgentId, QueueId } from '../../base/ids';
import type { ScoreName } from './scores/table';

/** Skill name → level from 1 to 10; the highest level is the main skill. */
export type SkillLevels = Readonly<Record<string, number>>;

export const CHANNELS = ['voice', 'video', 'chat', 'message', 'mail', 'fax', 'task'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Whole numbers: how many milliseconds of waiting one unit of a score is worth (`waiting` itself: times its own). */
export type Weights = Readonly<Partial<Record<ScoreName, number>>>;

/** From `afterMs` of waiting on, these skills suffice instead of the queue's own: each level lower, or the skill gone. */
export interface Ring {
  readonly afterMs: number;
  readonly skills: SkillLevels;
}

export type OverflowWhen =
  | { readonly kind: 'closed' }
  | { readonly kind: 'no-agents' }
  | { readonly kind: 'length'; readonly most: number }
  | { readonly kind: 'expected-wait'; readonly mostMs: number }
  | { readonly kind: 'waited'; readonly afterMs: number };

export type OverflowTo =
  | { readonly kind: 'queue'; readonly queueId: QueueId }
  | { readonly kind: 'flow' | 'number' | 'voicemail' | 'message'; readonly target: string }
  | { readonly kind: 'callback' }
  | { readonly kind: 'end' };

export interface OverflowRule {
  readonly when: OverflowWhen;
  readonly to: OverflowTo;
  /** A prompt that tells the customer; handed on as it is. */
  readonly announcement?: string;
}

export interface CallbackRules {
  readonly maxAttempts: number;
  /** Time between two attempts. */
  readonly retryMs: number;
}

export interface QueueConfig {
  readonly queueId: QueueId;
  /** Skills an agent must have, each with the least level. */
  readonly skills: SkillLevels;
  /** How long an offer rings before it goes to the next agent. */
  readonly offerTimeoutMs: number;
  /** Length of after-call work; 0 for none. */
  readonly wrapUpMs: number;
  /** Added to the priority of each contact; 0 when absent. */
  readonly priority?: number;
  /** Name of the strategy that decides between agents of equal score; `longest-idle` when absent. */
  readonly strategy?: string;
  /** For `ring-several`: how many agents ring at once. */
  readonly ringAtOnce?: number;
  /** For `linear`: first to last; agents not named come after these. */
  readonly agentOrder?: readonly AgentId[];
  readonly weights?: Weights;
  readonly rings?: readonly Ring[];
  /** How long a contact waits for the agent it knows, before anyone else may have it; 0 when absent. */
  readonly preferredAgentMs?: number;
  readonly serviceLevel?: { readonly targetMs: number; readonly percent: number };
  readonly overflow?: readonly OverflowRule[];
  readonly callback?: CallbackRules;
  /** Whose it is; `main` when absent. Only agents of the same tenant may have its contacts. */
  readonly tenant?: string;
}

export interface AgentConfig {
  readonly agentId: AgentId;
  readonly skills: SkillLevels;
  /** The skill that counts as the main one; the highest level when absent, by name among equals. */
  readonly mainSkill?: string;
  /** Ability as a whole, from 0. */
  readonly grade?: number;
  readonly teams?: readonly string[];
  readonly site?: string;
  /** Contacts at once, by channel; one voice contact when absent. */
  readonly capacity?: Readonly<Partial<Record<Channel, number>>>;
  /** Channel → channels during whose contacts it may still be offered: `{ voice: ['mail'] }`, a call interrupts mail. */
  readonly interrupts?: Readonly<Partial<Record<Channel, readonly Channel[]>>>;
  /** For whom the agent works; `main` when absent. */
  readonly tenant?: string;
}

/** These settings and nothing else, in an order that never depends on who has made them. */
export const queueConfigOf = (queue: QueueConfig): QueueConfig => ({
  queueId: queue.queueId,
  skills: queue.skills,
  offerTimeoutMs: queue.offerTimeoutMs,
  wrapUpMs: queue.wrapUpMs,
  priority: queue.priority,
  strategy: queue.strategy,
  ringAtOnce: queue.ringAtOnce,
  agentOrder: queue.agentOrder,
  weights: queue.weights,
  rings: queue.rings,
  preferredAgentMs: queue.preferredAgentMs,
  serviceLevel: queue.serviceLevel,
  overflow: queue.overflow,
  callback: queue.callback,
  tenant: queue.tenant,
});

/** The same of an agent. */
export const agentConfigOf = <Settings extends AgentConfig>(agent: Settings): Pick<Settings, keyof AgentConfig> => ({
  agentId: agent.agentId,
  skills: agent.skills,
  mainSkill: agent.mainSkill,
  grade: agent.grade,
  teams: agent.teams,
  site: agent.site,
  capacity: agent.capacity,
  interrupts: agent.interrupts,
  tenant: agent.tenant,
});
