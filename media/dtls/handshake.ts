/**
 * What both sides of a handshake have in common: the transcript, the secret, and what a peer's messages must prove. A
 * handshake knows no sockets and no time: messages of the peer go in, flights of ours come out.
 *
 *   client                                  server
 *   ClientHello            ────────────►
 *                          ◄────────────    ServerHello, Certificate, ServerKeyExchange,
 *                                           CertificateRequest, ServerHelloDone
 *   Certificate, ClientKeyExchange,
 *   CertificateVerify, Finished ───────►
 *                          ◄────────────    Finished
 */
import { timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AgreedSecurity } from '../srtp/packet-security';
import type { SrtpSuite } from '../srtp/suites';
import { ByteReader, uint, vector } from './byte-reader';
import { fingerprintOf } from './certificate';
import type { DtlsCertificate } from './certificate';
import { HANDSHAKE, writeMessage } from './handshake-messages';
import type { HandshakeMessage } from './handshake-messages';
import { CONTENT } from './record';
import type { RecordKey } from './record';
import { extendedMasterSecret, masterSecret, recordKeys, srtpKeys, verifyData } from './secrets';
import type { Randoms } from './secrets';
import { isSigned, OWN_SCHEME, publicKeyOf, signWith } from './signatures';

/** Of the peer's certificate, as its SDP says (RFC 8122, 5). */
export interface Fingerprint {
  /** As Node's crypto names it: `sha-256` is `sha256`. */
  readonly hash: string;
  readonly value: string;
}

export interface HandshakeParts {
  readonly certificate: DtlsCertificate;
  /** The certificate must have one of them; a connection that is not the peer's is none. */
  readonly remoteFingerprints: readonly Fingerprint[];
  /** Of a server: numbers that a hello with a right cookie has, and ours go on from. Default from zero. */
  readonly continues?: HelloNumbers | undefined;
}

/** Where a client stands after the exchange of cookies, of which the server remembers nothing. */
export interface HelloNumbers {
  readonly message: number;
  readonly record: number;
}

/** Descriptions of RFC 5246, 7.2.2, that we send. */
export const ALERT = { unexpectedMessage: 10, handshakeFailure: 40, badCertificate: 42, decryptError: 51 } as const;

/** The peer does not do what it must; the handshake is over. */
export class HandshakeError extends Error {
  constructor(
    readonly alert: number,
    message: string,
  ) {
    super(message);
  }
}

/** Part of a flight: a handshake message or the change of keys. */
export interface FlightPart {
  readonly type: number;
  readonly epoch: 0 | 1;
  readonly bytes: Buffer;
}

export interface Handshake {
  /** The first flight of a client; a server waits. */
  begin(): FlightPart[];
  /** The next flight, when the message was the last that it waited for. Throws a HandshakeError or MalformedError. */
  accept(message: HandshakeMessage): FlightPart[] | undefined;
  /** For records of the second epoch; undefined before the key exchange. */
  readonly keys: { readonly own: RecordKey; readonly peer: RecordKey } | undefined;
  /** Present when both sides have proved who they are. */
  readonly security: AgreedSecurity | undefined;
}

export const changeOfKeys: FlightPart = { type: CONTENT.changeCipherSpec, epoch: 0, bytes: Buffer.from([1]) };

export class HandshakeBook {
  private transcript: Buffer[] = [];
  private nextNumber: number;
  private master: Buffer | undefined;
  private randoms: Randoms | undefined;

  constructor(
    private readonly side: 'client' | 'server',
    private readonly parts: HandshakeParts,
  ) {
    this.nextNumber = parts.continues?.message ?? 0;
  }

  /** Forgets what a HelloVerifyRequest makes void (RFC 6347, 4.2.1). */
  startOver(): void {
    this.transcript = [];
  }

  noteReceived(message: HandshakeMessage): void {
    this.transcript.push(writeMessage(message));
  }

  write(type: number, body: Buffer, epoch: 0 | 1 = 0): FlightPart {
    const bytes = writeMessage({ type, number: this.nextNumber, body });
    this.nextNumber += 1;
    this.transcript.push(bytes);
    return { type: CONTENT.handshake, epoch, bytes };
  }

  writeCertificate(): FlightPart {
    return this.write(HANDSHAKE.certificate, vector(vector(this.parts.certificate.der, 3), 3));
  }

  /** Proves that the certificate is ours, over all that has been said. */
  writeCertificateVerify(): FlightPart {
    const signature = this.signed(this.said);
    return this.write(HANDSHAKE.certificateVerify, Buffer.concat([uint(OWN_SCHEME, 2), vector(signature, 2)]));
  }

  writeFinished(): FlightPart {
    return this.write(HANDSHAKE.finished, this.verifyDataOf(this.side), 1);
  }

  signed(data: Buffer): Buffer {
    return signWith(this.parts.certificate.privateKey, data);
  }

  /** Everything said so far, one message after the other. */
  get said(): Buffer {
    return Buffer.concat(this.transcript);
  }

  /** To be called when both have said their share; with the extended secret, what has been said so far counts. */
  deriveSecret(premaster: Buffer, randoms: Randoms, extended: boolean): void {
    this.randoms = randoms;
    this.master = extended ? extendedMasterSecret(premaster, this.said) : masterSecret(premaster, randoms);
  }

  /** The key of a certificate that has the fingerprint of the SDP. */
  checkedKey(certificateBody: Buffer): KeyObject {
    const list = new ByteReader(new ByteReader(certificateBody).vector(3));
    if (list.left === 0) throw new HandshakeError(ALERT.badCertificate, 'the peer has no certificate');
    const der = list.vector(3);
    const isTheirs = this.parts.remoteFingerprints.some(({ hash, value }) => fingerprintOf(der, hash) === value);
    if (!isTheirs) throw new HandshakeError(ALERT.badCertificate, 'the certificate is not that of the SDP');
    const key = publicKeyOf(der);
    if (!key) throw new HandshakeError(ALERT.badCertificate, 'the certificate or its kind of key cannot be used');
    return key;
  }

  /** @param signed what the signature, which is read here, must be over. */
  checkSignature(reader: ByteReader, key: KeyObject, signed: Buffer): void {
    const scheme = reader.uint(2);
    const signature = reader.vector(2);
    reader.end();
    if (!isSigned(signed, { key, scheme, signature }))
      throw new HandshakeError(ALERT.decryptError, 'a signature does not fit the certificate');
  }

  /** To be called before the message is noted. */
  checkFinished(body: Buffer): void {
    const expected = this.verifyDataOf(this.side === 'client' ? 'server' : 'client');
    if (body.length !== expected.length || !timingSafeEqual(body, expected))
      throw new HandshakeError(ALERT.decryptError, 'the peer has not seen the same handshake');
  }

  get keys(): { readonly own: RecordKey; readonly peer: RecordKey } | undefined {
    if (!this.master || !this.randoms) return undefined;
    const { client, server } = recordKeys(this.master, this.randoms);
    return this.side === 'client' ? { own: client, peer: server } : { own: server, peer: client };
  }

  securityOf(suite: SrtpSuite): AgreedSecurity | undefined {
    if (!this.master || !this.randoms) return undefined;
    const { client, server } = srtpKeys(this.master, this.randoms, suite);
    return this.side === 'client' ? { suite, own: client, remote: server } : { suite, own: server, remote: client };
  }

  private verifyDataOf(side: 'client' | 'server'): Buffer {
    if (!this.master) throw new HandshakeError(ALERT.unexpectedMessage, 'Finished before the key exchange');
    return verifyData(this.master, side, this.said);
  }
}

export const unexpected = (message: HandshakeMessage, state: string): HandshakeError =>
  new HandshakeError(ALERT.unexpectedMessage, `handshake message ${message.type} while waiting for ${state}`);
