/** ClientHello and ServerHello with the extensions that DTLS-SRTP needs (RFC 6347, 4.2.1, RFC 5764, 4.1). */
import { DTLS_SUITES } from '../srtp/suites';
import type { SrtpSuite } from '../srtp/suites';
import { ByteReader, MalformedError, uint, vector } from './byte-reader';
import { GROUPS } from './key-share';
import type { Group } from './key-share';
import { SCHEME_IDS } from './signatures';

export const DTLS_1_2 = 0xfefd;
export const ECDHE_ECDSA_AES_128_GCM = 0xc02b;
export const ECDHE_RSA_AES_128_GCM = 0xc02f;
/** Says what an empty renegotiation_info says (RFC 5746, 3.3). */
const RENEGOTIATION_SIGNAL = 0x00ff;

const EXTENSION = {
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  useSrtp: 14,
  extendedMasterSecret: 23,
  renegotiation: 0xff01,
} as const;

export interface ClientHello {
  readonly random: Buffer;
  readonly cookie: Buffer;
  readonly cipherSuites: readonly number[];
  readonly extensions: ReadonlyMap<number, Buffer>;
}

export interface ServerHello {
  readonly random: Buffer;
  readonly cipherSuite: number;
  readonly extensions: ReadonlyMap<number, Buffer>;
}

const uint16List = (values: readonly number[]): Buffer => Buffer.concat(values.map((value) => uint(value, 2)));

const extension = (type: number, data: Buffer): Buffer => Buffer.concat([uint(type, 2), vector(data, 2)]);

/** Profiles and an empty key identifier (RFC 5764, 4.1.1). */
const srtpExtension = (suites: readonly SrtpSuite[]): Buffer => {
  const profiles = suites.flatMap(({ dtlsProfile }) => dtlsProfile ?? []);
  return extension(EXTENSION.useSrtp, Buffer.concat([vector(uint16List(profiles), 2), uint(0, 1)]));
};

const uncompressedPoints = extension(EXTENSION.pointFormats, Buffer.from([1, 0]));
const extendedSecret = extension(EXTENSION.extendedMasterSecret, Buffer.alloc(0));
const noRenegotiation = extension(EXTENSION.renegotiation, Buffer.from([0]));

export const writeClientHello = (random: Buffer, cookie: Buffer): Buffer => {
  const extensions = [
    extendedSecret,
    noRenegotiation,
    extension(EXTENSION.groups, vector(uint16List(GROUPS), 2)),
    uncompressedPoints,
    extension(EXTENSION.signatures, vector(uint16List(SCHEME_IDS), 2)),
    srtpExtension(DTLS_SUITES),
  ];
  return Buffer.concat([
    uint(DTLS_1_2, 2),
    random,
    vector(Buffer.alloc(0), 1),
    vector(cookie, 1),
    vector(uint16List([ECDHE_ECDSA_AES_128_GCM, ECDHE_RSA_AES_128_GCM]), 2),
    vector(Buffer.from([0]), 1),
    vector(Buffer.concat(extensions), 2),
  ]);
};

/** An answer has only what was asked for (RFC 5246, 7.4.1.4). */
export const writeServerHello = (
  random: Buffer,
  { suite, asked }: { suite: SrtpSuite; asked: ClientHello },
): Buffer => {
  const { extensions, cipherSuites } = asked;
  const secure = extensions.has(EXTENSION.renegotiation) || cipherSuites.includes(RENEGOTIATION_SIGNAL);
  const answered = [
    ...(extensions.has(EXTENSION.extendedMasterSecret) ? [extendedSecret] : []),
    ...(secure ? [noRenegotiation] : []),
    ...(extensions.has(EXTENSION.pointFormats) ? [uncompressedPoints] : []),
    srtpExtension([suite]),
  ];
  return Buffer.concat([
    uint(DTLS_1_2, 2),
    random,
    vector(Buffer.alloc(0), 1),
    uint(ECDHE_ECDSA_AES_128_GCM, 2),
    uint(0, 1),
    vector(Buffer.concat(answered), 2),
  ]);
};

/** Throws a MalformedError. */
export function readClientHello(body: Buffer): ClientHello {
  const reader = new ByteReader(body);
  // DTLS counts its versions downwards: 1.2 is 0xfefd, and a client that knows more says so elsewhere.
  if (reader.uint(2) > DTLS_1_2) throw new MalformedError('the client knows DTLS 1.0 only');
  const random = reader.take(32);
  reader.vector(1);
  const cookie = reader.vector(1);
  const cipherSuites = readUint16List(reader.vector(2));
  reader.vector(1);
  return { random, cookie, cipherSuites, extensions: readExtensions(reader) };
}

/** Throws a MalformedError. */
export function readServerHello(body: Buffer): ServerHello {
  const reader = new ByteReader(body);
  if (reader.uint(2) !== DTLS_1_2) throw new MalformedError('the server has chosen another version than DTLS 1.2');
  const random = reader.take(32);
  reader.vector(1);
  const cipherSuite = reader.uint(2);
  if (reader.uint(1) !== 0) throw new MalformedError('the server wants compression');
  return { random, cipherSuite, extensions: readExtensions(reader) };
}

export const readCookie = (body: Buffer): Buffer => {
  const reader = new ByteReader(body);
  reader.uint(2);
  return reader.vector(1);
};

export const hasExtendedSecret = ({ extensions }: { extensions: ReadonlyMap<number, Buffer> }): boolean =>
  extensions.has(EXTENSION.extendedMasterSecret);

/** The first of ours that the client names. */
export function agreedSrtpSuite({ extensions }: ClientHello): SrtpSuite | undefined {
  const data = extensions.get(EXTENSION.useSrtp);
  return data && ourFirstOf(readUint16List(new ByteReader(data).vector(2)));
}

/** What the server has chosen: one profile, and no key identifier, of which we have offered none (RFC 5764, 4.1.1 and 4.1.3). */
export function chosenSrtpSuite({ extensions }: ServerHello): SrtpSuite | undefined {
  const data = extensions.get(EXTENSION.useSrtp);
  if (!data) return undefined;
  const reader = new ByteReader(data);
  const profiles = readUint16List(reader.vector(2));
  return profiles.length === 1 && reader.vector(1).length === 0 ? ourFirstOf(profiles) : undefined;
}

const ourFirstOf = (profiles: readonly number[]): SrtpSuite | undefined =>
  DTLS_SUITES.find(({ dtlsProfile }) => dtlsProfile !== undefined && profiles.includes(dtlsProfile));

/** Our favourite among those of the client; who names none has P-256 (RFC 8422, 4). */
export function agreedGroup({ extensions }: ClientHello): Group | undefined {
  const data = extensions.get(EXTENSION.groups);
  if (!data) return 0x0017;
  const offered = readUint16List(new ByteReader(data).vector(2));
  return GROUPS.find((group) => offered.includes(group));
}

function readExtensions(reader: ByteReader): Map<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  if (reader.left === 0) return extensions;
  const list = new ByteReader(reader.vector(2));
  reader.end();
  while (list.left > 0) extensions.set(list.uint(2), list.vector(2));
  return extensions;
}

function readUint16List(bytes: Buffer): number[] {
  const reader = new ByteReader(bytes);
  const values: number[] = [];
  while (reader.left > 0) values.push(reader.uint(2));
  return values;
}
