/**
 * Scores: typed parts of the one order over (contact, agent) pairs. Each is a whole number; a queue's weight says how
 * many milliseconds of waiting one unit is worth. Whole numbers add without rounding, so that an order found by index
 * and one found by adding everything up are the same.
 */
import type { Agent, Contact, SkillLevels } from '../model';

/** What a contact needs, the same for all contacts of a lane. */
export interface Needs {
  /** The skills that the queue and the contact ask for at first, before any ring relaxes them. */
  readonly wanted: SkillLevels;
  readonly site: string | undefined;
}

interface Named {
  readonly name: string;
}

/** Of the contact alone. Over time it may only grow by `perMs` in each millisecond, the same for every contact. */
export interface ContactScore extends Named {
  readonly kind: 'contact';
  readonly perMs: number;
  of(contact: Contact, nowMs: number): number;
}

/** Of a free agent alone, with the same rule about time. */
export interface AgentScore extends Named {
  readonly kind: 'agent';
  readonly perMs: number;
  of(agent: Agent, nowMs: number): number;
}

/** How well an agent fits what is needed; does not change while the agent is free. */
export interface FitScore extends Named {
  readonly kind: 'fit';
  of(needs: Needs, agent: Agent): number;
}

/** Of this contact with this agent: 0 for all agents but the one whom the contact prefers. */
export interface PairScore extends Named {
  readonly kind: 'pair';
  of(contact: Contact, agent: Agent): number;
}

export type Score = ContactScore | AgentScore | FitScore | PairScore;
