/** What a regular expression says that is nothing but the beginning of a text, such as `^\+4930`. */

/** Every character by itself; what would mean something is escaped. */
const LITERAL = /^\^((?:[^\\^$.*+?()[\]{}|/]|\\[\\^$.*+?()[\]{}|/-])+)$/;

/** Undefined for all others, also those with options. */
export const literalPrefix = (operand: unknown): string | undefined => {
  const source = operand instanceof RegExp ? (operand.flags === '' ? operand.source : undefined) : operand;
  const literal = typeof source === 'string' ? LITERAL.exec(source)?.[1] : undefined;
  // Half of a surrogate pair has no bytes of its own.
  return literal === undefined || /[\ud800-\udfff]/.test(literal) ? undefined : literal.replace(/\\(.)/g, '$1');
};
