/** Values in the shell's notation, for the message of a duplicate key. */
import { Binary, Decimal128, Long, ObjectId, Timestamp } from 'bson';
import { isDocument } from '../values/codec';

const describe = (value: unknown): string => {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Timestamp) return `Timestamp(${value.high}, ${value.low})`;
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString('hex').toUpperCase()})`;
  if (Array.isArray(value)) return `[ ${value.map(describe).join(', ')} ]`;
  if (isDocument(value)) return describeKey(value);
  return JSON.stringify(value) ?? 'null';
};

/** `{ userName: "anna", n: 1 }`. */
export const describeKey = (document: Record<string, unknown>): string =>
  `{ ${Object.entries(document)
    .map(([key, value]) => `${key}: ${describe(value)}`)
    .join(', ')} }`;
