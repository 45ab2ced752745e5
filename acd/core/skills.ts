/** Skills and their levels. */
import type { SkillLevels } from './config';

export type SkillEntry = readonly [skill: string, level: number];

/** The skills of one or two requirements in the order of their names; the higher level where both name one. */
export const entriesOf = (needed: SkillLevels, also: SkillLevels = {}): SkillEntry[] => {
  const merged: Record<string, number> = { ...needed };
  for (const [skill, level] of Object.entries(also)) merged[skill] = Math.max(level, merged[skill] ?? 0);
  return Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1));
};

/** Whether `has` covers every skill that is `needed`, at its least level. */
export const coversSkills = (has: SkillLevels, needed: SkillLevels): boolean =>
  Object.entries(needed).every(([skill, level]) => (has[skill] ?? 0) >= level);

/** The skill with the highest level, by name among equals. */
export const highestSkill = (skills: SkillLevels): string | undefined =>
  Object.entries(skills).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
