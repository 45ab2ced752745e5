/** Why settings are refused, in parts that pages say in the reader's language. */
import { failAbout, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { AcdProblem } from '../../acd/core/check';

/** All reasons in the sentence, the first in parts. */
export const checked = (problems: readonly AcdProblem[]): Result<void> => {
  const [first] = problems;
  if (!first) return ok(undefined);
  const values = Object.entries(first.values).map(([name, value]) => [name, String(value)]);
  const message = problems.map((problem) => problem.message).join(' ');
  return failAbout('bad_input', message, {
    key: `acd-${first.key}`,
    values: { ...(Object.fromEntries(values) as Record<string, string>), path: first.path },
  });
};

/** The change was founded on another version than the present one. */
export const changedMeanwhile = (what: string): Result<never> =>
  failAbout('conflict', `${what} has been changed by somebody else; read it again, then make your change.`, {
    ...{ key: 'changed-meanwhile', values: {} },
  });

/** @param path the field that names it. */
export const unknownThing = (noun: string, of: { readonly id: string; readonly path: string }): Result<never> =>
  failAbout('bad_input', `There is no ${noun} ${of.id}.`, {
    key: `unknown-${noun}`,
    values: { name: of.id, path: of.path },
  });

/** What else names a thing, so that it must stay. */
export interface Use {
  readonly kind: 'queue' | 'agent' | 'flow' | 'extension' | 'policy' | 'schedule';
  readonly id: string;
}

export const unlessUsed = (noun: string, id: string, [use]: readonly Use[]): Result<void> =>
  use === undefined
    ? ok(undefined)
    : failAbout('conflict', `The ${noun} ${id} is used by the ${use.kind} ${use.id}; change that first.`, {
        key: `used-by-${use.kind}`,
        values: { name: id, by: use.id },
      });
