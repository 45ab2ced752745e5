import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { memorySource } from '../../../base/byte-source';
import {
  ChunkSealer,
  SEALED_CHUNK_BYTES,
  SEALED_HEADER_BYTES,
  SealedReader,
  isSealed,
  readSealedHeader,
  sealedHeader,
} from '../../../base/sealed-file';

const STEP = SEALED_CHUNK_BYTES + 16;
const header = { label: 'recordings/one', wrappedKey: 'sealed:v1:0123456789abcdef:key' };
const dataKey = randomBytes(32);

const sealed = (plain: Buffer, pieces: readonly number[] = [plain.length]): Buffer => {
  const sealer = new ChunkSealer(dataKey, header);
  const parts = [sealedHeader(header)];
  let at = 0;
  for (const length of [...pieces, plain.length]) {
    parts.push(sealer.append(plain.subarray(at, at + length)));
    at = Math.min(plain.length, at + length);
  }
  return Buffer.concat([...parts, sealer.end()]);
};

const openFile = async (file: Buffer, key = dataKey): Promise<SealedReader> => {
  const found = readSealedHeader(file.subarray(0, SEALED_HEADER_BYTES));
  if (!found.ok) throw new Error(found.fault.message);
  const reader = await SealedReader.open(memorySource(file), found.value, key);
  if (!reader.ok) throw new Error(reader.fault.message);
  return reader.value;
};

describe('a sealed file', () => {
  it('gives any range of what was written in any pieces', async () => {
    const sizes = fc.oneof(
      fc.integer({ min: 0, max: 20_000 }),
      fc.constantFrom(SEALED_CHUNK_BYTES - 1, SEALED_CHUNK_BYTES, SEALED_CHUNK_BYTES + 1, 3 * SEALED_CHUNK_BYTES),
    );
    const property = fc.asyncProperty(
      sizes,
      fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 8 }),
      fc.array(fc.tuple(fc.nat(21_000), fc.nat(21_000)), { minLength: 1, maxLength: 8 }),
      async (size, pieces, ranges) => {
        const plain = randomBytes(size);
        const reader = await openFile(sealed(plain, pieces));
        expect([reader.sizeBytes, reader.complete]).toEqual([size, true]);
        for (const [offset, length] of ranges)
          expect((await reader.read(offset, length)).equals(plain.subarray(offset, offset + length))).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 60, seed: 4 });
  });

  it('cut off anywhere it plays up to the last whole chunk, and says that it is not complete', async () => {
    const plain = randomBytes(3 * SEALED_CHUNK_BYTES + 100);
    const file = sealed(plain);
    const cuts = [0, 1, 15, 16, 17, STEP - 1, STEP, STEP + 1, STEP + 40, 2 * STEP, 3 * STEP, 3 * STEP + 60];
    for (const cut of [...cuts, file.length - SEALED_HEADER_BYTES - 1]) {
      const reader = await openFile(file.subarray(0, SEALED_HEADER_BYTES + cut));
      const whole = Math.floor(cut / STEP) * SEALED_CHUNK_BYTES;
      expect([cut, reader.sizeBytes, reader.complete]).toEqual([cut, whole, false]);
      expect((await reader.read(0, 100_000)).equals(plain.subarray(0, whole))).toBe(true);
    }
  });

  it('whose end the disk has lost plays up to what it has', async () => {
    const plain = randomBytes(5 * SEALED_CHUNK_BYTES);
    const file = sealed(plain);
    file.fill(0, SEALED_HEADER_BYTES + 3 * STEP + 10);
    const reader = await openFile(file);
    expect((await reader.read(0, 100_000)).equals(plain.subarray(0, 3 * SEALED_CHUNK_BYTES))).toBe(true);
  });

  it('gives nothing of a chunk that was changed, moved, or taken from another file', async () => {
    const plain = randomBytes(4 * SEALED_CHUNK_BYTES + 10);
    const file = sealed(plain);
    const body = (index: number): number => SEALED_HEADER_BYTES + index * STEP;
    const changed = Buffer.from(file);
    changed[body(1) + 7]! ^= 1;
    const swapped = Buffer.from(file);
    file.copy(swapped, body(1), body(2), body(3));
    file.copy(swapped, body(2), body(1), body(2));
    const other = new ChunkSealer(dataKey, { ...header, label: 'recordings/two' });
    const foreign = Buffer.from(file);
    other.append(plain).copy(foreign, body(1), STEP, 2 * STEP);
    for (const bad of [changed, swapped, foreign]) {
      const reader = await openFile(bad);
      await expect(reader.read(SEALED_CHUNK_BYTES + 1, 1)).rejects.toThrow(`changed at byte ${body(1)}`);
      expect((await reader.read(0, 10)).equals(plain.subarray(0, 10))).toBe(true);
    }
  });

  it('opens with its own key alone', async () => {
    await expect(openFile(sealed(randomBytes(9000)), randomBytes(32))).rejects.toThrow('its key is another');
  });

  it('has nothing of the plain text in it', () => {
    const plain = Buffer.from('the customer said the number of her card '.repeat(500));
    expect(sealed(plain).includes(plain.subarray(0, 12))).toBe(false);
  });

  it.each([
    ['what is too short', Buffer.alloc(3)],
    ['what begins otherwise', Buffer.alloc(SEALED_HEADER_BYTES, 'RIFF')],
    ['another size of chunks', Buffer.from(sealedHeader(header)).fill(9, 8, 12)],
    ['lengths that lead out of the header', Buffer.from(sealedHeader(header)).fill(0xff, 12, 16)],
  ])('refuses %s as a header', (_, bytes) => {
    expect(readSealedHeader(bytes)).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
  });

  it('is told from others by its beginning', () => {
    expect([isSealed(sealedHeader(header)), isSealed(Buffer.from('RIFF'))]).toEqual([true, false]);
  });
});
