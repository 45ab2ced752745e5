/** The SHA-256 of a file, read piece by piece. */
import { createHash } from 'node:crypto';
import { piecesOf } from '../../base/byte-source';
import type { ByteSource } from '../../base/byte-source';

/** In hexadecimal. */
export const sha256Of = async (source: ByteSource): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(source)) hash.update(piece);
  return hash.digest('hex');
};
