/** Figures of the running product, as Prometheus reads them (text format 0.0.4). */

export const FIGURES_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  lines(): string[];
}

export interface Histogram {
  observe(value: number): void;
}

const NAME = /^[a-z][a-z0-9_]*$/;

const escapeLabel = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

const line = (name: string, { labels = {}, value }: Sample): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
};

/** Counts values into buckets; each bucket holds all values up to its bound. */
class Buckets implements Histogram {
  private readonly counts: number[];
  private count = 0;
  private sum = 0;

  constructor(
    private readonly name: string,
    private readonly bounds: readonly number[],
  ) {
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.count += 1;
    this.sum += value;
    this.bounds.forEach((bound, place) => {
      if (value <= bound) this.counts[place] = (this.counts[place] ?? 0) + 1;
    });
  }

  lines(): string[] {
    const { name, bounds, counts, count, sum } = this;
    return [
      ...bounds.map((bound, place) =>
        line(`${name}_bucket`, { labels: { le: String(bound) }, value: counts[place] ?? 0 }),
      ),
      line(`${name}_bucket`, { labels: { le: '+Inf' }, value: count }),
      line(`${name}_sum`, { value: sum }),
      line(`${name}_count`, { value: count }),
    ];
  }
}

export class Figures {
  private readonly figures = new Map<string, Figure>();

  /** @param read asked for each reading. */
  gauge(name: string, help: string, read: () => readonly Sample[]): void {
    this.add({ name, help, type: 'gauge', lines: () => read().map((sample) => line(name, sample)) });
  }

  /** @param read as of {@link gauge}; the value never falls. */
  counter(name: string, help: string, read: () => readonly Sample[]): void {
    this.add({ name, help, type: 'counter', lines: () => read().map((sample) => line(name, sample)) });
  }

  /** @param about its help, and the buckets' rising bounds. */
  histogram(name: string, about: { readonly help: string; readonly bounds: readonly number[] }): Histogram {
    const buckets = new Buckets(name, about.bounds);
    this.add({ name, help: about.help, type: 'histogram', lines: () => buckets.lines() });
    return buckets;
  }

  /** All of them. */
  text(): string {
    const parts = [...this.figures.values()].map(({ name, help, type, lines }) =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()].join('\n'),
    );
    return `${parts.join('\n')}\n`;
  }

  private add(figure: Figure): void {
    if (!NAME.test(figure.name) || this.figures.has(figure.name)) {
      throw new RangeError(`the figure ${figure.name} is there already, or is no name`);
    }
    this.figures.set(figure.name, figure);
  }
}
