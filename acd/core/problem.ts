/** A reason for which a configuration is refused: as a sentence, and in parts. */

export interface AcdProblem {
  /** The setting in question, below its queue or agent, such as `rings.0.afterMs`. */
  readonly path: string;
  /** The sentence's key, and what stands in it, for whoever must say it in another language. */
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly message: string;
}

/** Says whose problems they are. */
export const problemsOf = (name: string, problems: readonly AcdProblem[]): AcdProblem[] =>
  problems.map((problem) => ({ ...problem, message: `${name}: ${problem.message}` }));

const HIGHEST_LEVEL = 10;

export const badLevels = (path: string, skills: Readonly<Record<string, number>>): AcdProblem[] =>
  Object.entries(skills).flatMap(([skill, level]) =>
    Number.isInteger(level) && level >= 0 && level <= HIGHEST_LEVEL
      ? []
      : {
          path,
          key: 'level',
          values: { skill, level },
          message: `${path}: the level of ${skill} must be a whole number from 0 to ${HIGHEST_LEVEL}, not ${level}.`,
        },
  );
