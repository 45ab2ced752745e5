/** An S3-compatible server on loopback, with one bucket in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import type { S3Options } from '../../store/recordings/s3-storage';

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type S3rverClass = new (options: Record<string, unknown>) => S3rver;

type MakeCipher = (algorithm: string, key: Buffer, iv: Buffer, ...rest: unknown[]) => unknown;

/** DES, which OpenSSL 3 leaves out, is triple DES with one key three times. */
const withDes =
  (make: MakeCipher): MakeCipher =>
  (algorithm, key, iv, ...rest) =>
    algorithm === 'des' ? make('des-ede3-cbc', Buffer.concat([key, key, key]), iv) : make(algorithm, key, iv, ...rest);

/** The server makes its tokens for further pages by DES. @returns what takes that back. */
const lendDes = (): (() => void) => {
  const crypto = createRequire(__filename)('node:crypto') as Record<'createCipheriv' | 'createDecipheriv', MakeCipher>;
  const { createCipheriv, createDecipheriv } = crypto;
  crypto.createCipheriv = withDes(createCipheriv);
  crypto.createDecipheriv = withDes(createDecipheriv);
  return () => Object.assign(crypto, { createCipheriv, createDecipheriv });
};

const BUCKET = 'recordings';

export interface S3Server {
  readonly options: S3Options;
  /** Where its objects lie. */
  readonly folder: string;
  close(): Promise<void>;
}

export const startS3Server = async (): Promise<S3Server> => {
  const Server = createRequire(__filename)('@20minutes/s3rver') as S3rverClass;
  const folder = await mkdtemp(join(tmpdir(), 'switchroom-s3-'));
  const server = new Server({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: BUCKET }],
  });
  const takeDesBack = lendDes();
  const { port } = await server.run();
  return {
    folder,
    options: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: 'us-east-1',
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
      partBytes: 5 * 1024 * 1024,
      clock: systemClock,
    },
    close: async () => {
      await server.close();
      takeDesBack();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
