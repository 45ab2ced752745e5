/** Our part when we begin (`a=setup:active` is ours): the server must have the certificate of its SDP's fingerprint. */
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AgreedSecurity } from '../srtp/packet-security';
import type { SrtpSuite } from '../srtp/suites';
import { ByteReader, vector } from './byte-reader';
import { ALERT, changeOfKeys, HandshakeBook, HandshakeError, unexpected } from './handshake';
import type { FlightPart, Handshake, HandshakeParts } from './handshake';
import { HANDSHAKE } from './handshake-messages';
import type { HandshakeMessage } from './handshake-messages';
import {
  chosenSrtpSuite,
  ECDHE_ECDSA_AES_128_GCM,
  ECDHE_RSA_AES_128_GCM,
  hasExtendedSecret,
  readCookie,
  readServerHello,
  writeClientHello,
} from './hello';
import { createKeyShare, GROUPS } from './key-share';
import type { KeyShare } from './key-share';

interface Agreed {
  readonly suite: SrtpSuite;
  readonly serverRandom: Buffer;
  readonly extended: boolean;
}

interface Exchanged extends Agreed {
  readonly share: KeyShare;
  readonly premaster: Buffer;
}

type State =
  | { readonly kind: 'hello'; readonly verified: boolean }
  | { readonly kind: 'certificate'; readonly agreed: Agreed }
  | { readonly kind: 'key-exchange'; readonly agreed: Agreed; readonly key: KeyObject }
  | { readonly kind: 'hello-done'; readonly exchanged: Exchanged; readonly certificateAsked: boolean }
  | { readonly kind: 'finished'; readonly suite: SrtpSuite }
  | { readonly kind: 'done'; readonly suite: SrtpSuite };

/** RFC 8422, 5.4. */
const NAMED_CURVE = 3;

export class ClientHandshake implements Handshake {
  private state: State = { kind: 'hello', verified: false };
  private readonly random = randomBytes(32);
  private readonly book: HandshakeBook;

  constructor(parts: HandshakeParts) {
    this.book = new HandshakeBook('client', parts);
  }

  get keys(): Handshake['keys'] {
    return this.book.keys;
  }

  get security(): AgreedSecurity | undefined {
    return this.state.kind === 'done' ? this.book.securityOf(this.state.suite) : undefined;
  }

  begin(): FlightPart[] {
    return [this.book.write(HANDSHAKE.clientHello, writeClientHello(this.random, Buffer.alloc(0)))];
  }

  accept(message: HandshakeMessage): FlightPart[] | undefined {
    const { state, book } = this;
    const { type, body } = message;
    if (state.kind === 'hello') return this.hello(message, state.verified);
    if (state.kind === 'certificate' && type === HANDSHAKE.certificate)
      return this.move(message, { ...state, kind: 'key-exchange', key: book.checkedKey(body) });
    if (state.kind === 'key-exchange' && type === HANDSHAKE.serverKeyExchange) {
      const exchanged = this.keyExchange(body, state);
      return this.move(message, { kind: 'hello-done', exchanged, certificateAsked: false });
    }
    if (state.kind === 'hello-done' && type === HANDSHAKE.certificateRequest)
      return this.move(message, { ...state, certificateAsked: true });
    if (state.kind === 'hello-done' && type === HANDSHAKE.serverHelloDone) {
      this.move(message, { kind: 'finished', suite: state.exchanged.suite });
      return this.answer(state.exchanged, state.certificateAsked);
    }
    if (state.kind === 'finished' && type === HANDSHAKE.finished) {
      book.checkFinished(body);
      return this.move(message, { kind: 'done', suite: state.suite });
    }
    throw unexpected(message, state.kind);
  }

  private move(message: HandshakeMessage, state: State): undefined {
    this.book.noteReceived(message);
    this.state = state;
    return undefined;
  }

  private hello(message: HandshakeMessage, verified: boolean): FlightPart[] | undefined {
    if (message.type === HANDSHAKE.helloVerifyRequest && !verified) {
      this.book.startOver();
      this.state = { kind: 'hello', verified: true };
      return [this.book.write(HANDSHAKE.clientHello, writeClientHello(this.random, readCookie(message.body)))];
    }
    if (message.type !== HANDSHAKE.serverHello) throw unexpected(message, 'hello');
    const hello = readServerHello(message.body);
    const suite = chosenSrtpSuite(hello);
    if (!suite) throw new HandshakeError(ALERT.handshakeFailure, 'the peer has not chosen one SRTP profile (use_srtp)');
    if (hello.cipherSuite !== ECDHE_ECDSA_AES_128_GCM && hello.cipherSuite !== ECDHE_RSA_AES_128_GCM)
      throw new HandshakeError(ALERT.handshakeFailure, 'the peer has chosen a cipher suite that was not offered');
    const agreed = { suite, serverRandom: hello.random, extended: hasExtendedSecret(hello) };
    return this.move(message, { kind: 'certificate', agreed });
  }

  private keyExchange(body: Buffer, { agreed, key }: { agreed: Agreed; key: KeyObject }): Exchanged {
    const reader = new ByteReader(body);
    const curveType = reader.uint(1);
    const named = reader.uint(2);
    const point = reader.vector(1);
    const group = GROUPS.find((known) => curveType === NAMED_CURVE && known === named);
    if (group === undefined) throw new HandshakeError(ALERT.handshakeFailure, 'the peer has chosen an unknown curve');
    const params = body.subarray(0, body.length - reader.left);
    this.book.checkSignature(reader, key, Buffer.concat([this.random, agreed.serverRandom, params]));
    const share = createKeyShare(group);
    const premaster = share.agree(point);
    if (!premaster) throw new HandshakeError(ALERT.handshakeFailure, "the peer's key is no point of the curve");
    return { ...agreed, share, premaster };
  }

  private answer(exchanged: Exchanged, certificateAsked: boolean): FlightPart[] {
    const { book } = this;
    const { share, premaster, serverRandom, extended } = exchanged;
    const certificate = certificateAsked ? [book.writeCertificate()] : [];
    const exchange = book.write(HANDSHAKE.clientKeyExchange, vector(share.point, 1));
    book.deriveSecret(premaster, { client: this.random, server: serverRandom }, extended);
    const proof = certificateAsked ? [book.writeCertificateVerify()] : [];
    return [...certificate, exchange, ...proof, changeOfKeys, book.writeFinished()];
  }
}
