/** Arithmetic on RTP's wrapping counters (RFC 3550 section 5.1, RFC 1982). */

/** How far `to` is ahead of `from` among 16-bit sequence numbers: -32768 to 32767. */
export const sequenceDistance = (from: number, to: number): number => ((to - from) << 16) >> 16;

/** How far `to` is ahead of `from` among 32-bit timestamps: signed 32 bits. */
export const timestampDistance = (from: number, to: number): number => (to - from) | 0;

export const wrapSequence = (value: number): number => value & 0xffff;

/** Wraps any whole number, also one beyond 32 bits, into an unsigned 32-bit timestamp. */
export const wrapTimestamp = (value: number): number => value >>> 0;
