/** Recordings in a bucket of an S3-compatible server. */
import { S3mini } from 's3mini';
import type { ByteSource } from '../../base/byte-source';
import type { Clock } from '../../base/clock';
import { sleep } from '../../base/clock';
import { SwitchroomError, messageOf } from '../../base/errors';
import type { RecordingStorage, StoredFile } from './storage';

export interface S3Options {
  /** Of the server, without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly clock: Clock;
  /** A file that is larger is sent in parts of this size; S3 takes none below 5 MiB. Default 8 MiB. */
  readonly partBytes?: number;
}

const PART_BYTES = 8 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** A part that was not taken is sent again after these pauses. */
const RETRY_PAUSES_MS = [500, 2000, 8000];
/** What is read at once, so that a file read from front to back costs few requests. */
const READ_AHEAD_BYTES = 256 * 1024;
/** Plain names only: nothing that a server could resolve, or that must be escaped. */
const KEY = /^[\w@+-][\w.@+-]*(\/[\w@+-][\w.@+-]*)*$/;

const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 404;

export class S3Storage implements RecordingStorage {
  readonly kind = 's3';
  private readonly client: S3mini;
  /** Of the server itself, for what is asked about the bucket as a whole. */
  private readonly lister: S3mini;

  constructor(private readonly options: S3Options) {
    const { endpoint, bucket, region, accessKey, secretKey } = options;
    const server = endpoint.replace(/\/$/, '');
    const access = { region, accessKeyId: accessKey, secretAccessKey: secretKey };
    const shared = { ...access, requestAbortTimeout: REQUEST_TIMEOUT_MS };
    this.client = new S3mini({ ...shared, endpoint: `${server}/${bucket}` });
    this.lister = new S3mini({ ...shared, endpoint: server });
  }

  async open(key: string): Promise<StoredFile | undefined> {
    if (!KEY.test(key)) return undefined;
    return this.attempt(`${key} cannot be read`, async () => {
      const response = await this.client.getObjectRaw(key, false, 0, READ_AHEAD_BYTES).catch((error: unknown) => {
        if (isAbsent(error)) return undefined;
        throw error;
      });
      return response && this.fileOf(key, response);
    });
  }

  list(after: string, limit: number): Promise<string[]> {
    return this.attempt('the recordings cannot be listed', async () => {
      const behind = after === '' ? {} : { 'start-after': after };
      // What the client calls the delimiter is the path that it asks; a bucket's own has no slash at its end.
      const objects = await this.lister.listObjects(this.options.bucket, '', limit, behind);
      return (objects ?? []).map(({ Key }) => Key);
    });
  }

  async put(key: string, source: ByteSource): Promise<void> {
    if (!KEY.test(key)) throw new SwitchroomError('bad_input', `"${key}" is no path of a recording`);
    const { partBytes = PART_BYTES } = this.options;
    await this.attempt(`${key} cannot be written`, async () => {
      if (source.sizeBytes > partBytes) return this.putParts(key, source, partBytes);
      const bytes = await readAll(source, 0, source.sizeBytes);
      await this.retried(() => this.client.putObject(key, bytes));
    });
  }

  async remove(key: string): Promise<boolean> {
    if (!KEY.test(key)) return false;
    // S3 says that it has deleted what was never there as well.
    const file = await this.open(key);
    await file?.close();
    if (!file) return false;
    return this.attempt(`${key} cannot be removed`, () => this.client.deleteObject(key));
  }

  private async putParts(key: string, source: ByteSource, partBytes: number): Promise<void> {
    const uploadId = await this.retried(() => this.client.getMultipartUploadId(key));
    try {
      const parts: { partNumber: number; etag: string }[] = [];
      for (let at = 0; at < source.sizeBytes; at += partBytes) {
        const bytes = await readAll(source, at, Math.min(partBytes, source.sizeBytes - at));
        parts.push(await this.retried(() => this.client.uploadPart(key, uploadId, bytes, parts.length + 1)));
      }
      await this.retried(() => this.client.completeMultipartUpload(key, uploadId, parts));
    } catch (error) {
      // Parts that were sent cost room until the upload is given up.
      await this.client.abortMultipartUpload(key, uploadId).catch(() => undefined);
      throw error;
    }
  }

  private async fileOf(key: string, first: Response): Promise<StoredFile> {
    const range = first.headers.get('content-range') ?? '';
    let ahead: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.from(await first.arrayBuffer()) };
    const sizeBytes = Number(range.split('/')[1] ?? ahead.bytes.length);
    if (!Number.isSafeInteger(sizeBytes)) throw new Error(`the server gave no size, but "${range}"`);
    return {
      sizeBytes,
      modifiedAtMs: Date.parse(first.headers.get('last-modified') ?? '') || 0,
      version: (first.headers.get('etag') ?? '').replaceAll('"', ''),
      read: async (offsetBytes, lengthBytes) => {
        const end = Math.min(sizeBytes, offsetBytes + lengthBytes);
        if (offsetBytes >= end) return Buffer.alloc(0);
        if (offsetBytes < ahead.at || end > ahead.at + ahead.bytes.length) {
          const until = Math.min(sizeBytes, Math.max(end, offsetBytes + READ_AHEAD_BYTES));
          ahead = { at: offsetBytes, bytes: await this.readRange(key, offsetBytes, until) };
        }
        return ahead.bytes.subarray(offsetBytes - ahead.at, end - ahead.at);
      },
      close: () => Promise.resolve(),
    };
  }

  private readRange(key: string, from: number, until: number): Promise<Buffer> {
    return this.attempt(`${key} cannot be read`, async () => {
      const response = await this.client.getObjectRaw(key, false, from, until);
      return Buffer.from(await response.arrayBuffer());
    });
  }

  private async retried<Value>(act: () => Promise<Value>): Promise<Value> {
    for (const pauseMs of RETRY_PAUSES_MS) {
      try {
        return await act();
      } catch (error) {
        if (isRefusal(error)) throw error;
        await sleep(this.options.clock, pauseMs);
      }
    }
    return act();
  }

  private async attempt<Value>(what: string, act: () => Promise<Value>): Promise<Value> {
    try {
      return await act();
    } catch (error) {
      const { bucket, endpoint } = this.options;
      const message = `${what} in the bucket ${bucket} at ${endpoint}: ${messageOf(error)}`;
      throw new SwitchroomError('unavailable', message, { cause: error });
    }
  }
}

/** Asking again would not change the answer. */
const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 429;

const readAll = async (source: ByteSource, offset: number, length: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for (let got = 0; got < length;) {
    const piece = await source.read(offset + got, length - got);
    if (piece.length === 0) throw new Error(`the source ended at byte ${offset + got} of ${source.sizeBytes}`);
    pieces.push(piece);
    got += piece.length;
  }
  return Buffer.concat(pieces);
};
