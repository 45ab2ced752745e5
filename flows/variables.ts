/** What a flow knows about its call, by name. Values are text, never code. */

/** More than this is not kept: variables travel in headers and lie in the history. */
export const MAX_VARIABLES = 64;
export const MAX_VALUE_LENGTH = 1_000;

const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const PLACE = /\{([a-z][a-z0-9-]{0,63})\}/g;

/** What is kept over a restart; values that are sensitive are not. */
export interface KeptVariables {
  values: Record<string, string>;
  secret: string[];
  sensitive: string[];
}

export class Variables {
  private readonly values = new Map<string, string>();
  private readonly secrets = new Set<string>();
  private readonly sensitive = new Set<string>();

  constructor(initial: Readonly<Record<string, string | undefined>> = {}) {
    this.merge(initial);
  }

  static from({ values, secret, sensitive }: KeptVariables): Variables {
    const variables = new Variables(values);
    for (const name of secret) variables.keepSecret(name);
    for (const name of sensitive) variables.keepSensitive(name);
    return variables;
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** False when the name is none, the value too long, or there are too many variables already. */
  set(name: string, value: string): boolean {
    const isFull = this.values.size >= MAX_VARIABLES && !this.values.has(name);
    if (isFull || !NAME.test(name) || value.length > MAX_VALUE_LENGTH) return false;
    this.values.set(name, value);
    return true;
  }

  /** Takes what can be kept, and says what cannot. */
  merge(values: Readonly<Record<string, string | undefined>>): string[] {
    return Object.entries(values).flatMap(([name, value]) =>
      value === undefined || this.set(name, value) ? [] : [name],
    );
  }

  /**
   * Text with every `{name}` replaced by its value, or by nothing; what is sensitive goes nowhere by a text. One pass: a
   * value is not read as text again.
   */
  fill(text: string): string {
    return text.replace(PLACE, (_place, name: string) =>
      this.sensitive.has(name) ? '' : (this.values.get(name) ?? ''),
    );
  }

  /** From now on the value of this name is for the flow alone. */
  keepSecret(name: string): void {
    this.secrets.add(name);
  }

  /** From now on the value of this name goes nowhere but to whom {@link takeSensitive} gives it. */
  keepSensitive(name: string): void {
    this.secrets.add(name);
    this.sensitive.add(name);
  }

  /** Those of these names that are sensitive, with their values, which are forgotten. */
  takeSensitive(names: readonly string[]): Record<string, string> {
    const taken = names.filter((name) => this.sensitive.has(name) && this.values.has(name));
    const values = taken.map((name) => [name, this.values.get(name) ?? ''] as const);
    for (const name of taken) this.values.delete(name);
    return Object.fromEntries(values);
  }

  /** All that are not secret, by name. */
  toObject(): Record<string, string> {
    return Object.fromEntries([...this.values].filter(([name]) => !this.secrets.has(name)));
  }

  /** For {@link Variables.from}. */
  kept(): KeptVariables {
    const values = Object.fromEntries([...this.values].filter(([name]) => !this.sensitive.has(name)));
    return { values, secret: [...this.secrets], sensitive: [...this.sensitive] };
  }
}
