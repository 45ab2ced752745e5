/** The ordered list of raw header fields of one message. Knows names and comma lists, not the values' grammar. */
import { headerName } from './names';
import { splitCommas, trimSpace } from './scan';

export interface HeaderField {
  /** Lower-case long name. */
  readonly key: string;
  /** As received, or the canonical spelling when we wrote it. */
  readonly name: string;
  /** Unfolded and trimmed. */
  readonly value: string;
}

export class HeaderFields {
  constructor(private fields: HeaderField[] = []) {}

  /** In the order of the message. */
  get all(): readonly HeaderField[] {
    return this.fields;
  }

  clone(): HeaderFields {
    return new HeaderFields(this.fields.slice());
  }

  /** Adds a field whose key is already known; the parser's way in. */
  push(field: HeaderField): void {
    this.fields.push(field);
  }

  /** Adds another message's field, under the usual spelling of its name. */
  copy(field: HeaderField): void {
    const { name } = headerName(field.key);
    this.fields.push(name === field.name ? field : { ...field, name });
  }

  has(name: string): boolean {
    const { key } = headerName(name);
    return this.fields.some((field) => field.key === key);
  }

  /** Number of fields (not of comma-separated values) under the name. */
  count(key: string): number {
    let count = 0;
    for (const field of this.fields) if (field.key === key) count += 1;
    return count;
  }

  /** The first value; of a list header the first element. */
  get(name: string): string | undefined {
    const { key, list } = headerName(name);
    for (const field of this.fields) {
      if (field.key === key) return list && field.value.includes(',') ? splitCommas(field.value)[0] : field.value;
    }
    return undefined;
  }

  /** The value of the one field of that key; undefined when there are none or several, or when it is no single value. */
  singleValue(key: string): string | undefined {
    let value: string | undefined;
    for (const field of this.fields) {
      if (field.key !== key) continue;
      if (value !== undefined) return undefined;
      value = field.value;
    }
    return value === '' || value?.includes(',') === true ? undefined : value;
  }

  /** All values in order, comma lists of the list headers taken apart. */
  getAll(name: string): string[] {
    const { key, list } = headerName(name);
    const values: string[] = [];
    for (const field of this.fields) {
      if (field.key !== key) continue;
      // One by one: a spread of a hostile field's many values would overflow the stack.
      if (list && field.value.includes(',')) for (const value of splitCommas(field.value)) values.push(value);
      else if (!list || field.value !== '') values.push(field.value);
    }
    return values;
  }

  /** Puts one field where the first of that name stood (else at the end) and removes the others. */
  set(name: string, value: string): void {
    const field = fieldOf(name, value);
    const at = this.fields.findIndex((other) => other.key === field.key);
    if (at < 0) {
      this.fields.push(field);
      return;
    }
    this.fields = this.fields.filter((other, index) => index <= at || other.key !== field.key);
    this.fields[at] = field;
  }

  append(name: string, value: string): void {
    this.fields.push(fieldOf(name, value));
  }

  /** Puts a field before the first of that name, or before all when there is none; returns at which place it is. */
  prepend(name: string, value: string): number {
    const field = fieldOf(name, value);
    const at = Math.max(
      0,
      this.fields.findIndex((other) => other.key === field.key),
    );
    if (at === 0) this.fields.unshift(field);
    else this.fields.splice(at, 0, field);
    return at;
  }

  remove(name: string): void {
    const { key } = headerName(name);
    this.fields = this.fields.filter((field) => field.key !== key);
  }

  /** Removes the first value; of a list header only the first element of the first field. */
  removeFirst(name: string): void {
    const { key, list } = headerName(name);
    const at = this.fields.findIndex((field) => field.key === key);
    const field = this.fields[at];
    if (!field) return;
    const rest = list ? splitCommas(field.value).slice(1) : [];
    if (rest.length === 0) this.fields.splice(at, 1);
    else this.fields[at] = { ...field, value: rest.join(', ') };
  }
}

/** A line break in a value would let its author add headers of their own. */
const fieldOf = (name: string, value: string): HeaderField => {
  const known = headerName(name);
  const oneLine = value.includes('\n') || value.includes('\r') ? value.replace(/[\r\n]+/g, ' ') : value;
  return { key: known.key, name: known.name, value: trimSpace(oneLine) };
};
