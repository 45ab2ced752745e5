/** A benchmark's result on standard output: one JSON object with `--json`, else a table for people. */
import type { Percentiles } from './percentiles';

export type Figure = string | number | Percentiles | Readonly<Record<string, string | number>>;
export type BenchResult = Readonly<Record<string, Figure>>;

/** Others, such as those with a p99, have no column. */
const isPercentiles = (figure: Figure): figure is Percentiles =>
  typeof figure === 'object' && 'p95' in figure && !('p99' in figure);

/** The figures with percentiles in columns, then all others, one on each line. */
export function table(result: BenchResult): string {
  const width = Math.max(...Object.keys(result).map((name) => name.length)) + 2;
  const entries = Object.entries(result);
  const row = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(10)).join('');
  const measured = entries.flatMap(([name, figure]) =>
    isPercentiles(figure) ? [row(name, [figure.p50, figure.p95, figure.max])] : [],
  );
  const others = entries.flatMap(([name, figure]) => {
    if (isPercentiles(figure)) return [];
    const text = typeof figure === 'object' ? Object.entries(figure).map((pair) => pair.join(' ')) : [String(figure)];
    return [name.padEnd(width) + text.join(', ')];
  });
  return [row('', ['p50', 'p95', 'max']), ...measured, '', ...others].join('\n');
}

export const printResult = (result: BenchResult, asJson: boolean): void =>
  void process.stdout.write(`${asJson ? JSON.stringify(result) : table(result)}\n`);
