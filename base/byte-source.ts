/** Bytes that can be read from anywhere, such as a file's. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Up to `lengthBytes` bytes from `offsetBytes`; fewer only at the end. */
  read(offsetBytes: number, lengthBytes: number): Promise<Buffer>;
}

/** Bytes in memory. */
export const memorySource = (bytes: Buffer): ByteSource => ({
  sizeBytes: bytes.length,
  read: (offsetBytes, lengthBytes) => Promise.resolve(bytes.subarray(offsetBytes, offsetBytes + lengthBytes)),
});

/** All bytes from the first to the last, piece by piece. */
export async function* piecesOf(source: ByteSource, pieceBytes = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < source.sizeBytes;) {
    const piece = await source.read(at, Math.min(pieceBytes, source.sizeBytes - at));
    if (piece.length === 0) throw new Error(`the source ended at byte ${at} of ${source.sizeBytes}`);
    yield piece;
    at += piece.length;
  }
}
