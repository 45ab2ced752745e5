/**
 * The cookie by which a client proves that it is where its datagrams come from (RFC 6347, 4.2.1), before the server
 * remembers or computes anything for it: who forges addresses can neither fill our memory nor let us flood a third party.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TransportAddress } from '../sdp/rtp-remote';
import { MalformedError, uint, vector } from './byte-reader';
import type { HelloNumbers } from './handshake';
import { HANDSHAKE, firstWholeMessage, writeMessage } from './handshake-messages';
import { readClientHello } from './hello';
import type { ClientHello } from './hello';
import { CONTENT, VERIFY_VERSION, readRecords, writeRecord } from './record';

const COOKIE_BYTES = 20;

export interface FirstHello extends HelloNumbers {
  readonly hello: ClientHello;
}

/**
 * The ClientHello that a datagram begins with; undefined for anything else. One that comes in fragments is not put together,
 * since that would take memory for strangers; without certificates or tickets in it, it has some 200 bytes.
 */
export function readFirstHello(datagram: Buffer): FirstHello | undefined {
  const [record] = readRecords(datagram);
  if (record?.type !== CONTENT.handshake || record.epoch !== 0) return undefined;
  const message = firstWholeMessage(record.fragment);
  if (message?.type !== HANDSHAKE.clientHello) return undefined;
  try {
    return { hello: readClientHello(message.body), message: message.number, record: record.sequence };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

export class CookieJar {
  private readonly key = randomBytes(32);

  isRight({ hello }: FirstHello, from: TransportAddress): boolean {
    const { cookie } = hello;
    return cookie.length === COOKIE_BYTES && timingSafeEqual(cookie, this.cookieFor(hello, from));
  }

  /** A HelloVerifyRequest, shorter than the hello; under the hello's own numbers, since we keep none. */
  ask({ hello, message, record }: FirstHello, from: TransportAddress): Buffer {
    const body = Buffer.concat([uint(VERIFY_VERSION, 2), vector(this.cookieFor(hello, from), 1)]);
    const fragment = writeMessage({ type: HANDSHAKE.helloVerifyRequest, number: message, body });
    return writeRecord({ type: CONTENT.handshake, epoch: 0, sequence: record, fragment }, VERIFY_VERSION);
  }

  private cookieFor({ random, cipherSuites }: ClientHello, { address, port }: TransportAddress): Buffer {
    const hmac = createHmac('sha256', this.key).update(`${address} ${port} ${cipherSuites.join(' ')} `);
    return hmac.update(random).digest().subarray(0, COOKIE_BYTES);
  }
}
