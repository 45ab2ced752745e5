/**
 * Handshake messages of DTLS 1.2 (RFC 6347, 4.2.2): their header, their fragments put together again, and their order.
 *
 *   type 1 | length 3 | message number 2 | fragment offset 3 | fragment length 3 | fragment
 */
import { ByteReader, uint } from './byte-reader';

export const HANDSHAKE = {
  clientHello: 1,
  serverHello: 2,
  helloVerifyRequest: 3,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

/** Chains of certificates are the longest; those of our peers sign themselves. */
const MAX_MESSAGE_BYTES = 16_384;
/** Of messages that have come before their turn; a flight has six at most. */
const MAX_AHEAD = 8;

export interface HandshakeMessage {
  readonly type: number;
  readonly number: number;
  readonly body: Buffer;
}

interface Fragment {
  readonly type: number;
  readonly number: number;
  readonly length: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** As it counts for the transcript: as if it had come in one piece (RFC 6347, 4.2.6). */
export const writeMessage = ({ type, number, body }: HandshakeMessage): Buffer =>
  Buffer.concat([uint(type, 1), uint(body.length, 3), uint(number, 2), uint(0, 3), uint(body.length, 3), body]);

/** All fragments of a record; undefined when it is malformed, which one that was changed on its way may be. */
function readFragments(record: Buffer): Fragment[] | undefined {
  const reader = new ByteReader(record);
  const fragments: Fragment[] = [];
  try {
    while (reader.left > 0) {
      const type = reader.uint(1);
      const length = reader.uint(3);
      const number = reader.uint(2);
      const offset = reader.uint(3);
      const bytes = reader.vector(3);
      if (length > MAX_MESSAGE_BYTES || offset + bytes.length > length) return undefined;
      fragments.push({ type, number, length, offset, bytes });
    }
  } catch {
    return undefined;
  }
  return fragments;
}

/** The first message of a record, when it stands there in one piece. */
export function firstWholeMessage(record: Buffer): HandshakeMessage | undefined {
  const [first] = readFragments(record) ?? [];
  if (!first || first.bytes.length !== first.length) return undefined;
  return { type: first.type, number: first.number, body: first.bytes };
}

interface Partial {
  readonly type: number;
  readonly body: Buffer;
  /** Which bytes are there. */
  readonly present: Uint8Array;
  missing: number;
}

/** Puts the peer's messages together and hands them out in their order, each once. */
export class MessageAssembler {
  private readonly partials = new Map<number, Partial>();

  /** @param next number of the message that is awaited. */
  constructor(private next = 0) {}

  /** Messages that are complete now; undefined for a malformed record. */
  accept(record: Buffer): { readonly messages: HandshakeMessage[]; readonly repeated: boolean } | undefined {
    const fragments = readFragments(record);
    if (!fragments) return undefined;
    let repeated = false;
    for (const fragment of fragments) {
      if (fragment.number < this.next) repeated = true;
      else if (fragment.number < this.next + MAX_AHEAD) this.keep(fragment);
    }
    const messages: HandshakeMessage[] = [];
    for (let partial = this.partials.get(this.next); partial?.missing === 0; partial = this.partials.get(this.next)) {
      messages.push({ type: partial.type, number: this.next, body: partial.body });
      this.partials.delete(this.next);
      this.next += 1;
    }
    return { messages, repeated };
  }

  private keep({ type, number, length, offset, bytes }: Fragment): void {
    let partial = this.partials.get(number);
    if (!partial) {
      partial = { type, body: Buffer.alloc(length), present: new Uint8Array(length), missing: length };
      this.partials.set(number, partial);
    }
    if (partial.type !== type || partial.body.length !== length) return;
    for (let at = 0; at < bytes.length; at += 1) {
      const place = offset + at;
      if (partial.present[place] === 1) continue;
      partial.present[place] = 1;
      partial.body[place] = bytes[at] ?? 0;
      partial.missing -= 1;
    }
  }
}
