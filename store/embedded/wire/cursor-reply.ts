/** The answer to find, aggregate and getMore, put together from stored bytes without decoding them. */
import type { Long } from 'bson';
import { serialize } from 'bson';

const element = (type: number, name: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), value]);

const container = (elements: Buffer[]): Buffer => {
  const contentBytes = elements.reduce((sum, { length }) => sum + length, 0);
  const head = Buffer.alloc(4);
  head.writeInt32LE(contentBytes + 5);
  return Buffer.concat([head, ...elements, Buffer.from([0])]);
};

const DOCUMENT = 3;
const ARRAY = 4;

export interface Batch {
  field: 'firstBatch' | 'nextBatch';
  documents: readonly Buffer[];
  cursorId: Long;
  namespace: string;
}

/** `{cursor: {firstBatch: [...], id, ns}, ok: 1}`. */
export const encodeBatch = ({ field, documents, cursorId, namespace }: Batch): Buffer => {
  const array = container(documents.map((document, at) => element(DOCUMENT, String(at), document)));
  const rest = Buffer.from(serialize({ id: cursorId, ns: namespace })).subarray(4, -1);
  const cursor = container([element(ARRAY, field, array), rest]);
  const ok = Buffer.from(serialize({ ok: 1.0 })).subarray(4, -1);
  return container([element(DOCUMENT, 'cursor', cursor), ok]);
};
