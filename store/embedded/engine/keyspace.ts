/**
 * How everything lies in the one key-value map.
 *
 * ```
 *   01 | namespace                                   → catalog entry (BSON)
 *   02 | collection id (4) | record id (6)           → document (BSON)
 *   03 | index id (4) | encoded values | record id   → nothing
 *   04 | name                                        → meta: format, next ids, the folder's holder
 * ```
 * Record ids grow, so that the natural order is the order of insertion.
 */
const RECORD_ID_BYTES = 6;

const AREA = { catalog: 1, documents: 2, index: 3, meta: 4 } as const;

/** A half-open range of keys. */
export interface KeyRange {
  start: Buffer;
  end: Buffer;
}

const head = (area: number, id: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes[0] = area;
  bytes.writeUInt32BE(id, 1);
  return bytes;
};

const recordBytes = (recordId: number): Buffer => {
  const bytes = Buffer.alloc(RECORD_ID_BYTES);
  bytes.writeUIntBE(recordId, 0, RECORD_ID_BYTES);
  return bytes;
};

/** The least key that is greater than every key that begins with `prefix`. */
export const after = (prefix: Buffer): Buffer => {
  const bytes = Buffer.from(prefix);
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    if (bytes.readUInt8(at) < 0xff) {
      bytes[at] = bytes.readUInt8(at) + 1;
      return bytes.subarray(0, at + 1);
    }
  }
  return Buffer.concat([prefix, Buffer.alloc(16, 0xff)]);
};

export const catalogKey = (namespace: string): Buffer =>
  Buffer.concat([Buffer.from([AREA.catalog]), Buffer.from(namespace)]);
export const catalogRange = (): KeyRange => ({
  start: Buffer.from([AREA.catalog]),
  end: Buffer.from([AREA.catalog + 1]),
});
export const metaKey = (name: string): Buffer => Buffer.concat([Buffer.from([AREA.meta]), Buffer.from(name)]);

export const documentKey = (collectionId: number, recordId: number): Buffer =>
  Buffer.concat([head(AREA.documents, collectionId), recordBytes(recordId)]);

export const documentRange = (collectionId: number): KeyRange => {
  const start = head(AREA.documents, collectionId);
  return { start, end: after(start) };
};

export const indexPrefix = (indexId: number, values: Buffer): Buffer =>
  Buffer.concat([head(AREA.index, indexId), values]);

export const indexKey = (prefix: Buffer, recordId: number): Buffer => Buffer.concat([prefix, recordBytes(recordId)]);

export const indexRange = (indexId: number): KeyRange => {
  const start = head(AREA.index, indexId);
  return { start, end: after(start) };
};

/** The record id at the end of a document's or an index entry's key. */
export const recordIdOf = (key: Uint8Array): number =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(key.byteLength - RECORD_ID_BYTES, RECORD_ID_BYTES);
