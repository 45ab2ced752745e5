/** All scores, by the names under which queues weigh them. */
import { fairness } from './fairness';
import { grade } from './grade';
import { idle } from './idle';
import { mainSkill } from './main-skill';
import { openCases } from './open-cases';
import { preferredAgent } from './preferred-agent';
import { priority } from './priority';
import { rest } from './rest';
import { sameSite } from './same-site';
import type { Score } from './score';
import { skillFit } from './skill-fit';
import { tier } from './tier';
import { waiting } from './waiting';

export const SCORES = {
  waiting,
  priority,
  tier,
  openCases,
  preferredAgent,
  skillFit,
  mainSkill,
  sameSite,
  grade,
  idle,
  rest,
  fairness,
} as const satisfies Record<string, Score>;

export type ScoreName = keyof typeof SCORES;

/** In milliseconds of waiting for each unit: one step of priority is a minute's head start, one class half of that. */
export const DEFAULT_WEIGHTS: Readonly<Record<ScoreName, number>> = {
  waiting: 1,
  priority: 60_000,
  tier: 30_000,
  openCases: 0,
  preferredAgent: 30_000,
  skillFit: 0,
  mainSkill: 0,
  sameSite: 0,
  grade: 0,
  idle: 0,
  rest: 0,
  fairness: 0,
};
