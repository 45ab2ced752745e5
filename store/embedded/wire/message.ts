/**
 * MongoDB's wire protocol, the server's side.
 *
 * ```
 * header:  int32 length | int32 requestId | int32 responseTo | int32 opCode
 * OP_MSG:  uint32 flags | sections | [uint32 CRC-32C]
 *   kind 0: byte 0 | document                                       exactly one: the command
 *   kind 1: byte 1 | int32 size | cstring name | documents          a field of the command, as a sequence
 * OP_QUERY: int32 flags | cstring collection | int32 skip | int32 limit | document     only for the first hello
 * ```
 */
import type { Document } from 'bson';
import { messageOf } from '../../../base/errors';
import { decodeExact } from '../values/codec';
import { crc32c } from './crc32c';

export const HEADER_BYTES = 16;
export const MAX_MESSAGE_BYTES = 48_000_000;

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Of the first 16 flags every one that a server does not know must be refused. */
const UNKNOWN_REQUIRED = 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME);

/** An empty document: length and terminator. */
const MIN_DOCUMENT_BYTES = 5;

export interface Request {
  requestId: number;
  /** How the client speaks and must be answered. */
  form: 'msg' | 'query';
  command: Document;
  /** Documents of kind 1 sections by field name, undecoded. */
  sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** The client wants no answer. */
  moreToCome: boolean;
}

/** What cannot be read; the connection it came over is closed. */
export class MalformedMessageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedMessageError';
  }
}

const malformed = (message: string): MalformedMessageError => new MalformedMessageError(message);

/** @throws MalformedMessageError when the length lies outside 16 bytes to 48 MB. */
export const checkLength = (lengthBytes: number): void => {
  if (lengthBytes < HEADER_BYTES || lengthBytes > MAX_MESSAGE_BYTES) {
    throw malformed(`a message of ${lengthBytes} bytes is outside ${HEADER_BYTES} to ${MAX_MESSAGE_BYTES} bytes`);
  }
};

/** The bytes of the document that begins at `at`. */
const documentAt = (bytes: Buffer, at: number): Buffer => {
  if (at + MIN_DOCUMENT_BYTES > bytes.length) throw malformed('a document is cut off');
  const lengthBytes = bytes.readInt32LE(at);
  if (lengthBytes < MIN_DOCUMENT_BYTES || at + lengthBytes > bytes.length) {
    throw malformed(`a document of ${lengthBytes} bytes does not fit into its message`);
  }
  return bytes.subarray(at, at + lengthBytes);
};

const decode = (bytes: Buffer): Document => {
  try {
    return decodeExact(bytes);
  } catch (error) {
    throw malformed(`a document is not valid BSON: ${messageOf(error)}`);
  }
};

const cstringAt = (bytes: Buffer, at: number): { text: string; end: number } => {
  const zero = bytes.indexOf(0, at);
  if (zero < 0) throw malformed('a name without an end');
  return { text: bytes.toString('utf8', at, zero), end: zero + 1 };
};

const sequenceAt = (bytes: Buffer, at: number): { name: string; documents: Buffer[]; end: number } => {
  if (at + 4 > bytes.length) throw malformed('a document sequence is cut off');
  const end = at + bytes.readInt32LE(at);
  if (end < at + 4 || end > bytes.length) throw malformed('a document sequence does not fit into its message');
  const section = bytes.subarray(0, end);
  const { text: name, end: first } = cstringAt(section, at + 4);
  const documents: Buffer[] = [];
  for (let next = first; next < end;) {
    const document = documentAt(section, next);
    documents.push(document);
    next += document.length;
  }
  return { name, documents, end };
};

const decodeMsg = (bytes: Buffer, requestId: number): Request => {
  if (bytes.length < HEADER_BYTES + 4) throw malformed('OP_MSG without flags');
  const flags = bytes.readUInt32LE(HEADER_BYTES);
  if (flags & UNKNOWN_REQUIRED) throw malformed(`OP_MSG with unknown required flags 0x${flags.toString(16)}`);
  let end = bytes.length;
  if (flags & CHECKSUM_PRESENT) {
    end -= 4;
    if (end < HEADER_BYTES + 4) throw malformed('OP_MSG is too short for its checksum');
    if (crc32c(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw malformed('OP_MSG with a wrong checksum');
  }
  const content = bytes.subarray(0, end);
  let command: Document | undefined;
  const sequences = new Map<string, Buffer[]>();
  for (let at = HEADER_BYTES + 4; at < end;) {
    const kind = content.readUInt8(at);
    if (kind === 0) {
      if (command) throw malformed('OP_MSG with two bodies');
      const body = documentAt(content, at + 1);
      command = decode(body);
      at += 1 + body.length;
    } else if (kind === 1) {
      const sequence = sequenceAt(content, at + 1);
      if (sequences.has(sequence.name)) throw malformed(`OP_MSG with two sequences '${sequence.name}'`);
      sequences.set(sequence.name, sequence.documents);
      at = sequence.end;
    } else throw malformed(`OP_MSG with a section of unknown kind ${kind}`);
  }
  if (!command) throw malformed('OP_MSG without a body');
  for (const name of sequences.keys())
    if (Object.hasOwn(command, name)) throw malformed(`OP_MSG with the field '${name}' twice`);
  return { requestId, form: 'msg', command, sequences, moreToCome: (flags & MORE_TO_COME) !== 0 };
};

const decodeQuery = (bytes: Buffer, requestId: number): Request => {
  const { text: collection, end } = cstringAt(bytes, HEADER_BYTES + 4);
  if (!collection.endsWith('.$cmd')) throw malformed(`OP_QUERY on '${collection}': only commands are understood`);
  const command = decode(documentAt(bytes, end + 8));
  return {
    requestId,
    form: 'query',
    command: { ...command, $db: collection.slice(0, -5) },
    sequences: new Map(),
    moreToCome: false,
  };
};

/** Reads one whole message. @throws MalformedMessageError for anything that is not one. */
export const decodeMessage = (bytes: Buffer): Request => {
  checkLength(bytes.length);
  if (bytes.readInt32LE(0) !== bytes.length)
    throw malformed('the length in the header is not the length of the message');
  const requestId = bytes.readInt32LE(4);
  const opCode = bytes.readInt32LE(12);
  if (opCode === OP_MSG) return decodeMsg(bytes, requestId);
  if (opCode === OP_QUERY) return decodeQuery(bytes, requestId);
  throw malformed(`the operation ${opCode} is not supported`);
};

/** Frames an answer, a BSON document, in the form of the request. */
export const encodeReply = (request: Request, { replyId, body }: { replyId: number; body: Buffer }): Buffer => {
  const extra = request.form === 'msg' ? 5 : 20;
  const head = Buffer.alloc(HEADER_BYTES + extra);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(request.requestId, 8);
  head.writeInt32LE(request.form === 'msg' ? OP_MSG : OP_REPLY, 12);
  // OP_MSG: no flags, kind 0. OP_REPLY: AwaitCapable, cursor 0, starting from 0, one document.
  if (request.form === 'query') {
    head.writeInt32LE(8, HEADER_BYTES);
    head.writeInt32LE(1, HEADER_BYTES + 16);
  }
  return Buffer.concat([head, body]);
};
