/** What recordings are kept in: a folder, and a bucket of a real S3-compatible server, pass the same tests. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySource } from '../../../base/byte-source';
import type { ByteSource } from '../../../base/byte-source';
import { DiskStorage } from '../../../store/recordings/disk-storage';
import { sha256Of } from '../../../store/recordings/file-hash';
import { S3Storage } from '../../../store/recordings/s3-storage';
import type { RecordingStorage } from '../../../store/recordings/storage';
import { startS3Server } from '../../support/s3-server';
import type { S3Server } from '../../support/s3-server';

let outside: string;
let home: string;
let s3: S3Server;
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'switchroom-storage-'));
  home = join(outside, 'recordings');
  await mkdir(home);
  await writeFile(join(outside, 'secret'), 'no recording');
  s3 = await startS3Server();
});
afterAll(async () => {
  await s3.close();
  await rm(outside, { recursive: true });
});

const STORAGES: [string, () => RecordingStorage][] = [
  ['a folder', () => new DiskStorage(home)],
  ['a bucket', () => new S3Storage(s3.options)],
];

describe.each(STORAGES)('recordings in %s', (_, make) => {
  let storage: RecordingStorage;
  beforeAll(() => (storage = make()));

  const bytesOf = async (key: string, offset: number, length: number): Promise<Buffer | undefined> => {
    const file = await storage.open(key);
    const bytes = await file?.read(offset, length);
    await file?.close();
    return bytes;
  };

  it('come back as they were put, whole and in ranges', async () => {
    const bytes = randomBytes(700_000);
    await storage.put('2026-11-22/call-1.wav.sealed', memorySource(bytes));
    const file = await storage.open('2026-11-22/call-1.wav.sealed');
    if (!file) throw new Error('it is not there');
    expect(file.sizeBytes).toBe(bytes.length);
    expect(await sha256Of(file)).toBe(await sha256Of(memorySource(bytes)));
    for (const [offset, length] of [
      [0, 1],
      [0, 512],
      [262_143, 3],
      [400_000, 65_536],
      [10, 20],
      [699_999, 100],
    ] as const)
      expect((await file.read(offset, length)).equals(bytes.subarray(offset, offset + length))).toBe(true);
    expect((await file.read(700_000, 10)).length).toBe(0);
    await file.close();
  });

  it('of many megabytes are written without being held in memory as a whole', async () => {
    let largest = 0;
    const bytes = randomBytes(10 * 1024 * 1024 + 17);
    const source: ByteSource = {
      sizeBytes: bytes.length,
      read: (offset, length) => {
        largest = Math.max(largest, length);
        return Promise.resolve(bytes.subarray(offset, offset + length));
      },
    };
    await storage.put('2026-11-22/long.wav', source);
    expect(largest).toBeLessThanOrEqual(5 * 1024 * 1024);
    const file = await storage.open('2026-11-22/long.wav');
    expect(file?.sizeBytes).toBe(bytes.length);
    const at = 5 * 1024 * 1024 - 3;
    expect(await file?.read(at, 6)).toEqual(bytes.subarray(at, at + 6));
    await file?.close();
  }, 30_000);

  it('are replaced by what is put again, which shows in their version', async () => {
    await storage.put('again.wav', memorySource(Buffer.from('first')));
    const first = await storage.open('again.wav');
    await first?.close();
    await storage.put('again.wav', memorySource(Buffer.from('second one')));
    const second = await storage.open('again.wav');
    await second?.close();
    expect(second?.version).not.toBe(first?.version);
    expect(await bytesOf('again.wav', 0, 100)).toEqual(Buffer.from('second one'));
  });

  it('are gone when they were removed', async () => {
    await storage.put('gone.wav', memorySource(Buffer.from('soon gone')));
    expect(await storage.remove('gone.wav')).toBe(true);
    expect(await storage.open('gone.wav')).toBeUndefined();
    expect(await storage.remove('gone.wav')).toBe(false);
  });

  it('are listed in order, from any of them on', async () => {
    const keys = [
      '1999-01-01/a-1.wav',
      '1999-01-01/a-1.wav.sealed',
      '1999-01-01/b.wav',
      '1999-01-02.wav',
      '1999-01-02/a.wav',
    ];
    for (const key of [...keys].reverse()) await storage.put(key, memorySource(Buffer.from(key)));
    const listed = async (after: string): Promise<string[]> =>
      (await storage.list(after, 1000)).filter((key) => key.startsWith('1999'));
    expect((await listed('')).sort()).toEqual(keys);
    expect((await listed('1999-01-01/a-1.wav')).sort()).toEqual(keys.slice(1));
    expect((await listed('1999-01-01/zz')).sort()).toEqual(keys.slice(3));
    expect(await storage.list('zzz', 1000)).toEqual([]);
  });

  it('are listed page by page, each no longer than was asked for', async () => {
    const keys = ['01/a.wav', '01/b.wav', '01/c.wav.sealed', '02/a.wav', '02/b.wav'].map((key) => `1998-01-${key}`);
    for (const key of keys) await storage.put(key, memorySource(Buffer.from(key)));
    for (const limit of [1, 2, 4]) {
      const found: string[] = [];
      for (let page = await storage.list('1998', limit); page[0]?.startsWith('1998');) {
        expect(page.length).toBeLessThanOrEqual(limit);
        found.push(...page.filter((key) => key.startsWith('1998')));
        page = await storage.list(page.at(-1) ?? '', limit);
      }
      expect(found).toEqual(keys);
    }
  });

  it.each(['', '../secret', '/etc/passwd', 'a/../../secret', 'nothing/here.wav', '2026-11-22'])(
    'are not found at "%s"',
    async (key) => {
      expect(await storage.open(key)).toBeUndefined();
      expect(await storage.remove(key)).toBe(false);
    },
  );

  it('are not written outside', async () => {
    await expect(storage.put('../outside.wav', memorySource(Buffer.from('x')))).rejects.toMatchObject({
      code: 'bad_input',
    });
  });

  it('leave nothing behind when their source fails', async () => {
    const broken: ByteSource = { sizeBytes: 6_000_000, read: () => Promise.reject(new Error('the disk is broken')) };
    await expect(storage.put('broken.wav', broken)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await storage.open('broken.wav')).toBeUndefined();
  });
});

it('a folder is listed in order and in parts', async () => {
  const storage = new DiskStorage(join(home, 'parts'));
  expect(await storage.list('', 5)).toEqual([]);
  const keys = ['a.wav', 'a/b.wav', 'a/b.wav.sealed', 'a/b/c.wav', 'b.wav'];
  for (const key of [...keys].reverse()) await storage.put(key, memorySource(Buffer.from(key)));
  for (const [at, key] of ['', ...keys].entries()) expect(await storage.list(key, 2)).toEqual(keys.slice(at, at + 2));
});

it('a link does not lead out of the folder', async () => {
  const secret = join(outside, 'secret');
  await symlink(secret, join(home, 'link.wav'));
  expect(await new DiskStorage(home).open('link.wav')).toBeUndefined();
  expect(await new DiskStorage(home).remove('link.wav')).toBe(false);
  expect(await readFile(secret, 'utf8')).toBe('no recording');
});

it('a bucket that cannot be reached, or that knows us not, is named', async () => {
  const wrong = new S3Storage({ ...s3.options, secretKey: 'another' });
  await expect(wrong.put('a.wav', memorySource(Buffer.from('x')))).rejects.toThrow(
    /a\.wav cannot be written in the bucket recordings at http/,
  );
});
