/** mingo groups and joins objects by what `toString` gives; a Binary's must tell different bytes apart. */
import { Binary, type Document } from 'bson';
import { isDocument } from './codec';

class ComparableBinary extends Binary {
  override toString(): string {
    return `${this.sub_type}:${super.toString('hex')}`;
  }
}

const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable);
  if (isDocument(value)) return comparableDocument(value);
  return value instanceof Binary
    ? new ComparableBinary(value.buffer.subarray(0, value.position), value.sub_type)
    : value;
};

export const comparableDocument = (document: Document): Document => {
  const result: Document = {};
  for (const key of Object.keys(document)) result[key] = comparable(document[key]);
  return result;
};
