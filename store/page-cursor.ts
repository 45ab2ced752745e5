/** Where a page of a list ended that is sorted by start, newest first: for interactions and recordings alike. */

export interface Position {
  readonly startedAtMs: number;
  readonly id: string;
}

export const encodeCursor = ({ startedAtMs, id }: Position): string =>
  Buffer.from(JSON.stringify([startedAtMs, id])).toString('base64url');

/** Undefined for what is no cursor of ours. */
export const decodeCursor = (cursor: string): Position | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [startedAtMs, id] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
    return typeof startedAtMs === 'number' && typeof id === 'string' ? { startedAtMs, id } : undefined;
  } catch {
    return undefined;
  }
};

/** For a part of a number as it was typed. */
export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
