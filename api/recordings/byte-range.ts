/** The Range header (RFC 9110, section 14). */

export type RangeVerdict =
  /** No usable Range header: the whole. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly firstByte: number; readonly lastByte: number }
  | { readonly kind: 'unsatisfiable' };

const SINGLE = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/;

/**
 * Reads a single byte range. A header that is malformed, of another unit, or that names several ranges is ignored, as
 * section 14.2 permits. @param sizeBytes of the whole.
 */
export const parseByteRange = (header: string | undefined, sizeBytes: number): RangeVerdict => {
  const match = header === undefined ? null : SINGLE.exec(header.trim());
  if (!match) return { kind: 'whole' };
  const [, first, last, suffix] = match;
  if (first === undefined) {
    const suffixBytes = Number(suffix);
    if (suffixBytes === 0 || sizeBytes === 0) return { kind: 'unsatisfiable' };
    return { kind: 'part', firstByte: Math.max(0, sizeBytes - suffixBytes), lastByte: sizeBytes - 1 };
  }
  const firstByte = Number(first);
  const lastByte = last ? Number(last) : sizeBytes - 1;
  // Section 14.1.1: a last position below the first makes the range invalid, not unsatisfiable.
  if (last && lastByte < firstByte) return { kind: 'whole' };
  if (firstByte >= sizeBytes) return { kind: 'unsatisfiable' };
  return { kind: 'part', firstByte, lastByte: Math.min(lastByte, sizeBytes - 1) };
};
