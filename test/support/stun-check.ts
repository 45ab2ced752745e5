/** Connectivity checks as a full ICE agent sends them, written apart from what the product reads them by. */
import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { IceCredentials } from '../../media/ice/ice-lite';

export interface CheckOptions {
  readonly to: IceCredentials;
  readonly from: IceCredentials;
  readonly nominates?: boolean;
  readonly controlled?: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Type of an attribute that nobody knows. */
  readonly unknown?: number;
}

export function stunCheck(options: CheckOptions): Buffer {
  const { to, from, nominates = false, controlled = false } = options;
  const username = options.username ?? `${to.usernameFragment}:${from.usernameFragment}`;
  const attributes = [
    attribute(0x0006, Buffer.from(username)),
    attribute(0x0024, Buffer.from([0x6e, 0, 1, 0xff])),
    attribute(controlled ? 0x8029 : 0x802a, randomBytes(8)),
    ...(nominates ? [attribute(0x0025, Buffer.alloc(0))] : []),
    ...(options.unknown === undefined ? [] : [attribute(options.unknown, Buffer.alloc(4))]),
  ];
  const content = Buffer.concat(attributes);
  const head = (bytes: number): Buffer =>
    Buffer.concat([Buffer.from([0, 1, bytes >> 8, bytes & 255, 0x21, 0x12, 0xa4, 0x42]), transaction]);
  const transaction = randomBytes(12);
  const integrity = createHmac('sha1', options.password ?? to.password)
    .update(Buffer.concat([head(content.length + 24), content]))
    .digest();
  const signed = Buffer.concat([head(content.length + 32), content, attribute(0x0008, integrity)]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE((crc32(signed) ^ 0x5354_554e) >>> 0);
  return Buffer.concat([signed, attribute(0x8028, checksum)]);
}

const attribute = (type: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
};
