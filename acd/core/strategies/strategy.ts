/** Strategies decide between agents whose scores with a contact are equal. */
import type { SkillLevels } from '../config';
import type { Agent, Queue } from '../model';

export interface Strategy {
  /** The name by which a queue chooses it. */
  readonly name: string;
  /**
   * Smaller is chosen first; between equals the one who has been idle longest, then the agent's id decides. It may
   * depend on the agent only by what does not change while the agent is free.
   */
  rank(agent: Agent, queue: Queue, wanted: SkillLevels): number;
  /** How many agents ring at once; one when absent. */
  atOnce?(queue: Queue): number;
}
