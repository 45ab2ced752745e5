/** The order in which a trunk's proxies are tried: priorities as in RFC 2782, shares by weight within one. */

export interface Ranked {
  readonly priority: number;
  readonly weight: number;
}

/** Everything once, the lowest priority first; a random draw by weight among equals. @param random in [0, 1). */
export const orderByPriority = <Item extends Ranked>(items: readonly Item[], random: () => number): Item[] => {
  const priorities = [...new Set(items.map(({ priority }) => priority))].sort((left, right) => left - right);
  return priorities.flatMap((priority) =>
    draw(
      items.filter((item) => item.priority === priority),
      random,
    ),
  );
};

const draw = <Item extends Ranked>(items: readonly Item[], random: () => number): Item[] => {
  const left = [...items];
  const drawn: Item[] = [];
  while (left.length > 0) {
    // RFC 2782 gives those of weight 0 a very small chance.
    const weightOf = ({ weight }: Ranked): number => Math.max(weight, 0.01);
    let mark = random() * left.reduce((sum, item) => sum + weightOf(item), 0);
    const at = left.findIndex((item) => (mark -= weightOf(item)) < 0);
    drawn.push(...left.splice(at < 0 ? left.length - 1 : at, 1));
  }
  return drawn;
};
