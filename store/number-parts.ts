/** By what an index finds a number of which only a part is known: every end of it, so that the part stands at a beginning. */

/** Longer names than numbers are; what stands behind is not found. */
const MOST_CHARACTERS = 64;

/** Each end of each number, once. */
export const numberParts = (numbers: readonly string[]): string[] => {
  const parts = new Set<string>();
  for (const number of numbers) {
    const characters = [...number].slice(0, MOST_CHARACTERS);
    for (let from = 0; from < characters.length; from += 1) parts.add(characters.slice(from).join(''));
  }
  return [...parts];
};
