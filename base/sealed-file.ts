/**
 * A file that is encrypted while it grows (AES-256-GCM in chunks) and read from anywhere. It has a data key of its own,
 * which lies in the header, encrypted by a master key. A chunk is written once, when it is full; the last one, which is
 * shorter and may be empty, is marked by its IV, so that a file that was cut off can be told from one that was ended.
 *
 * ```
 *   0   8  magic "SWSEAL01"
 *   8   4  bytes of plain text in a chunk, big-endian
 *  12   2  length of the label, big-endian           label: what the file is, such as `recordings/<id>`
 *  14   2  length of the wrapped key, big-endian
 *  16      label, wrapped key, zeros
 * 512      chunks: ciphertext (4096), tag (16)
 *          the last: ciphertext (0 to 4095), tag (16)
 *
 *  IV of a chunk: 1 for the last, else 0 (1 byte), zeros (3 bytes), index from 0 (8 bytes, big-endian)
 *  authenticated beside it: the header's first 14 bytes and the label
 * ```
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { ByteSource } from './byte-source';
import { SwitchroomError, invariant } from './errors';
import type { Result } from './result';
import { fail, ok } from './result';

const MAGIC = Buffer.from('SWSEAL01', 'latin1');
const FIXED_BYTES = 16;
/** Without the wrapped key and its length: that may be exchanged. */
const BOUND_BYTES = 14;
export const SEALED_HEADER_BYTES = 512;
export const SEALED_CHUNK_BYTES = 4096;
export const SEALED_TAG_BYTES = 16;
const STEP_BYTES = SEALED_CHUNK_BYTES + SEALED_TAG_BYTES;
export const DATA_KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';
/** A disk that lost its power may have a file's length without its last bytes; more than so many are not looked at. */
const MOST_LOST_CHUNKS = 256;

export interface SealedHeader {
  /** What the file is; a chunk of one file cannot stand in another. */
  readonly label: string;
  /** The data key as a {@link SecretBox} has sealed it for this label. */
  readonly wrappedKey: string;
}

/** The first bytes of a sealed file. */
export const sealedHeader = ({ label, wrappedKey }: SealedHeader): Buffer => {
  const header = Buffer.alloc(SEALED_HEADER_BYTES);
  const [labelBytes, keyBytes] = [Buffer.from(label), Buffer.from(wrappedKey)];
  invariant(FIXED_BYTES + labelBytes.length + keyBytes.length <= header.length, 'label and key fit into the header');
  MAGIC.copy(header);
  header.writeUInt32BE(SEALED_CHUNK_BYTES, 8);
  header.writeUInt16BE(labelBytes.length, 12);
  header.writeUInt16BE(keyBytes.length, 14);
  labelBytes.copy(header, FIXED_BYTES);
  keyBytes.copy(header, FIXED_BYTES + labelBytes.length);
  return header;
};

export const isSealed = (beginning: Buffer): boolean => beginning.subarray(0, MAGIC.length).equals(MAGIC);

/** Errors: `bad_input` for what is no header of this kind. */
export const readSealedHeader = (header: Buffer): Result<SealedHeader> => {
  if (!isSealed(header) || header.length < SEALED_HEADER_BYTES) return fail('bad_input', 'it has no header of a seal');
  if (header.readUInt32BE(8) !== SEALED_CHUNK_BYTES) return fail('bad_input', 'its chunks have an unknown size');
  const labelEnd = FIXED_BYTES + header.readUInt16BE(12);
  const keyEnd = labelEnd + header.readUInt16BE(14);
  if (keyEnd > SEALED_HEADER_BYTES) return fail('bad_input', 'its header is longer than it can be');
  return ok({
    label: header.toString('utf8', FIXED_BYTES, labelEnd),
    wrappedKey: header.toString('utf8', labelEnd, keyEnd),
  });
};

/** How much plain text whole chunks of a file of this size hold; what can be said of it without its key. */
export const wholeChunksBytes = (fileBytes: number): number =>
  Math.floor(Math.max(0, fileBytes - SEALED_HEADER_BYTES) / STEP_BYTES) * SEALED_CHUNK_BYTES;

const ivOf = (index: number, isLast: boolean): Buffer => {
  const iv = Buffer.alloc(12);
  iv[0] = isLast ? 1 : 0;
  iv.writeBigUInt64BE(BigInt(index), 4);
  return iv;
};

/** What every chunk is bound to. */
const boundTo = (header: SealedHeader): Buffer =>
  Buffer.concat([sealedHeader(header).subarray(0, BOUND_BYTES), Buffer.from(header.label)]);

/** Encrypts what is appended. Each byte goes through once: a chunk that was given out is never made again. */
export class ChunkSealer {
  private readonly bound: Buffer;
  private rest = Buffer.alloc(0);
  private index = 0;
  private ended = false;

  /** @param dataKey of 32 bytes, used for this file alone. */
  constructor(
    private readonly dataKey: Buffer,
    header: SealedHeader,
  ) {
    this.bound = boundTo(header);
  }

  /** The chunks that are full now; what is left waits. */
  append(data: Buffer): Buffer {
    invariant(!this.ended, 'a sealed file that was ended takes nothing more');
    const plain = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    const chunks: Buffer[] = [];
    let at = 0;
    for (; at + SEALED_CHUNK_BYTES <= plain.length; at += SEALED_CHUNK_BYTES)
      chunks.push(...this.seal(plain.subarray(at, at + SEALED_CHUNK_BYTES), false));
    this.rest = Buffer.from(plain.subarray(at));
    return Buffer.concat(chunks);
  }

  /** The last chunk. */
  end(): Buffer {
    invariant(!this.ended, 'a sealed file is ended once');
    this.ended = true;
    return Buffer.concat(this.seal(this.rest, true));
  }

  private seal(plain: Buffer, isLast: boolean): Buffer[] {
    const cipher = createCipheriv(ALGORITHM, this.dataKey, ivOf(this.index, isLast), {
      authTagLength: SEALED_TAG_BYTES,
    });
    this.index += 1;
    cipher.setAAD(this.bound);
    return [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  }
}

/** The plain text of a sealed file. Nothing comes out of it that was not authenticated. */
export class SealedReader implements ByteSource {
  private constructor(
    private readonly chunks: Chunks,
    private readonly wholeChunks: number,
    /** Undefined: the file was cut off. */
    private readonly last: Buffer | undefined,
  ) {}

  /**
   * Finds the end: the last chunk, or, where the file was cut off or is still written, the last whole one.
   * @param source the whole file. Errors: `bad_input` for another key, or when not even the first chunk is right.
   */
  static async open(source: ByteSource, header: SealedHeader, dataKey: Buffer): Promise<Result<SealedReader>> {
    const chunks = new Chunks(source, boundTo(header), dataKey);
    const bodyBytes = Math.max(0, source.sizeBytes - SEALED_HEADER_BYTES);
    const whole = Math.floor(bodyBytes / STEP_BYTES);
    const restBytes = bodyBytes % STEP_BYTES;
    const last = restBytes < SEALED_TAG_BYTES ? undefined : await chunks.open(whole, true);
    if (last) return ok(new SealedReader(chunks, whole, last));
    for (let count = whole; count > Math.max(0, whole - MOST_LOST_CHUNKS); count -= 1)
      if (await chunks.open(count - 1, false)) return ok(new SealedReader(chunks, count, undefined));
    if (whole === 0) return ok(new SealedReader(chunks, 0, undefined));
    return fail('bad_input', 'it has been changed, or its key is another');
  }

  get sizeBytes(): number {
    return this.wholeChunks * SEALED_CHUNK_BYTES + (this.last?.length ?? 0);
  }

  /** Whether the writer came to its end; otherwise it was killed, still writes, or the file was cut. */
  get complete(): boolean {
    return this.last !== undefined;
  }

  /** @throws SwitchroomError `unavailable` when a chunk has been changed. */
  async read(offsetBytes: number, lengthBytes: number): Promise<Buffer> {
    const end = Math.min(this.sizeBytes, offsetBytes + lengthBytes);
    if (offsetBytes >= end) return Buffer.alloc(0);
    const first = Math.floor(offsetBytes / SEALED_CHUNK_BYTES);
    const behind = Math.ceil(end / SEALED_CHUNK_BYTES);
    const whole = await this.chunks.openAll(first, Math.min(behind, this.wholeChunks));
    const plain = behind > this.wholeChunks && this.last ? Buffer.concat([whole, this.last]) : whole;
    const from = offsetBytes - first * SEALED_CHUNK_BYTES;
    return plain.subarray(from, from + end - offsetBytes);
  }
}

/** Single chunks of a file, decrypted. */
class Chunks {
  constructor(
    private readonly source: ByteSource,
    private readonly bound: Buffer,
    private readonly dataKey: Buffer,
  ) {}

  /** Undefined when it is not what was written. */
  async open(index: number, isLast: boolean): Promise<Buffer | undefined> {
    return this.decrypt(await this.source.read(SEALED_HEADER_BYTES + index * STEP_BYTES, STEP_BYTES), index, isLast);
  }

  /** Whole chunks, up to the one before `behind`. */
  async openAll(first: number, behind: number): Promise<Buffer> {
    if (first >= behind) return Buffer.alloc(0);
    const sealed = await this.source.read(SEALED_HEADER_BYTES + first * STEP_BYTES, (behind - first) * STEP_BYTES);
    const plain: Buffer[] = [];
    for (let index = first; index < behind; index += 1) {
      const at = (index - first) * STEP_BYTES;
      const chunk = this.decrypt(sealed.subarray(at, at + STEP_BYTES), index, false);
      if (!chunk) {
        const place = SEALED_HEADER_BYTES + index * STEP_BYTES;
        throw new SwitchroomError('unavailable', `a sealed file has been changed at byte ${place}`);
      }
      plain.push(chunk);
    }
    return Buffer.concat(plain);
  }

  private decrypt(sealed: Buffer, index: number, isLast: boolean): Buffer | undefined {
    if (sealed.length < SEALED_TAG_BYTES) return undefined;
    const decipher = createDecipheriv(ALGORITHM, this.dataKey, ivOf(index, isLast), {
      authTagLength: SEALED_TAG_BYTES,
    });
    decipher.setAAD(this.bound);
    decipher.setAuthTag(sealed.subarray(-SEALED_TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, -SEALED_TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}
